"""Everything of another database into one that has data: people, customers, deals with files, requests as history.

A deal is known again by the database it came from and the reference it had there (`opp:5bb5…`, `D-12`). Policies,
stages, delegations, notices stay behind: here its own hold.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from oppcli.actions.act import Act
from oppcli.actions.imports.came import Came
from oppcli.files.exported import Exported
from oppcli.model.deals import Customer, Deal, File
from oppcli.model.noun import replace
from oppcli.model.nouns import Noun
from oppcli.model.people import ADMIN, SALES, User
from oppcli.model.records import KEPT, MERGED
from oppcli.model.refs import ref
from oppcli.model.requests import CANCELLED, IMPORT, LIVE_STATES, OPEN, WAITING, Request, Step
from oppcli.model.said import say
from oppcli.rules import fields
from oppcli.words import kinds, names

Chunks = Iterable[tuple[Noun, Sequence[Any]]]


class Guests:
    """Takes the things in, in the order of the file: what they refer to is known by then."""

    def __init__(self, act: Act, database: str) -> None:
        self.act, self.door, self.policy = act, act.door, act.policy
        self.system = f"opp:{database}"
        self.logins: dict[str, str] = {}
        self.called: dict[str, set[str]] = {}
        """Logins by login, e-mail and name."""
        for user in act.people.values():
            self._learn(user)
        self.customers: dict[int, int] = {}
        self.deals: dict[int, int] = {}
        """Those that were made now, by their number there."""
        self.known_deals: dict[int, int] = {}
        self.made = self.same = 0
        self.left: Counter[str] = Counter()
        """Things that stay behind, by plural of their noun."""
        self.own = {name: field.kind for name, field in fields.fields(self.policy).items() if field.own}
        self._taking: Mapping[str, Callable[[Sequence[Any]], None]] = {
            "user": self._users,
            "customer": self._customers,
            "deal": self._deals,
            "file": self._files,
            "request": self._requests,
        }

    def take(self, noun: Noun, things: Sequence[Any]) -> None:
        """Take in things of a noun, or leave them out."""
        taking = self._taking.get(noun.word)
        if taking is None:
            self.left[noun.plural] += len(things)
        else:
            taking(things)

    def _users(self, things: Sequence[User]) -> None:
        """People by login, e-mail or a name that one has alone. Nobody becomes an admin by a file."""
        for user in things:
            found = self._known(user)
            self.logins[user.login] = found or user.login
            if found is None:
                manager = self.logins.get(user.manager or "")
                roles = tuple(role for role in user.roles if role != ADMIN) or (SALES,)
                blank = {"successor": None, "server_role": None, "version": 1}
                self._learn(self.door.add(replace(user, manager=manager, roles=roles, **blank)))
            self._count(made=found is None)

    def _known(self, user: User) -> str | None:
        keys = (names.key(text) for text in (user.login, user.email, user.name) if text)
        return next((min(found) for key in keys if len(found := self.called.get(key, ())) == 1), None)

    def _learn(self, user: User) -> None:
        for text in filter(None, (user.login, user.email, user.name)):
            self.called.setdefault(names.key(text), set()).add(user.login)

    def _customers(self, things: Sequence[Customer]) -> None:
        here = {each.key: each.id for each in self.door.find(Customer, key=[c.key for c in things], standing=KEPT)}
        for customer in things:
            number = here.get(customer.key)
            if number is None and customer.standing not in KEPT:
                self.left["customers"] += 1
                continue
            if number is None:
                number = self.door.add(
                    replace(customer, id=0, version=1, created_by=self._login(customer.created_by))
                ).id
                self._count(made=True)
            else:
                self._count(made=False)
            self.customers[customer.id] = number

    def _deals(self, things: Sequence[Deal]) -> None:
        refs = [ref("deal", deal.id) for deal in things]
        found = self.door.find(Deal, system=self.system, external_id=refs, standing=KEPT)
        here = {deal.external_id: deal.id for deal in found}
        for deal, name in zip(things, refs, strict=True):
            if name in here:
                self.known_deals[deal.id] = here[name]
                self._count(made=False)
            elif deal.standing == MERGED or deal.standing not in KEPT or self.policy.stage(deal.stage) is None:
                self.left["deals"] += 1
            else:
                self.deals[deal.id] = self.door.add(self._deal(deal, name)).id
                self._count(made=True)

    def _deal(self, deal: Deal, name: str) -> Deal:
        stages = {rule.name for rule in self.policy.stages}
        visits = tuple(replace(visit, system=self.system) for visit in deal.visits if visit.stage in stages)
        return replace(
            deal,
            id=0,
            version=1,
            system=self.system,
            external_id=name,
            channel=IMPORT,
            customer_id=self.customers.get(deal.customer_id or 0),
            owner=self._login(deal.owner),
            created_by=self._login(deal.created_by) or "",
            collaborators=tuple(map(self._login, deal.collaborators)),
            extra=self._extra(deal.extra),
            last_open_stage=deal.last_open_stage if deal.last_open_stage in stages else None,
            visits=visits,
        )

    def _extra(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values of the team's own fields that are here, too, and can hold them; others stay behind, counted."""
        kept = {name: value for name, value in values.items() if name in self.own and _held(self.own[name], value)}
        if others := len(values) - len(kept):
            self.left[say("values of fields that are not here")] += others
        return kept

    def _files(self, things: Sequence[File]) -> None:
        for file in things:
            deal = self.deals.get(file.deal_id)
            if deal is None:
                self._unplaced("files", file.deal_id)
                continue
            self.door.add(replace(file, id=0, deal_id=deal, version=1, attached_by=self._login(file.attached_by)))
            self._count(made=True)

    def _requests(self, things: Sequence[Request]) -> None:
        refs = [ref("request", request.id) for request in things]
        here = {each.external_id for each in self.door.find(Request, system=self.system, external_id=refs)}
        for request, name in zip(things, refs, strict=True):
            deal = self.deals.get(request.deal_id)
            if name in here:
                self._count(made=False)
            elif deal is None or request.type not in self.policy.types:
                self.left["requests"] += 1
            else:
                self.door.add(self._request(request, deal, name))
                self._count(made=True)

    def _request(self, request: Request, deal: int, name: str) -> Request:
        """The request as history, which opens no gate; one that goes on there has no end here."""
        ended = {}
        if request.state in LIVE_STATES:
            ended = {"state": CANCELLED, "decided_at": self.act.now, "reason": say("imported without an end")}
        return replace(
            request,
            id=0,
            version=1,
            deal_id=deal,
            system=self.system,
            external_id=name,
            channel=IMPORT,
            previous=None,
            policy=self.policy.hash,
            wake_at=None,
            blocked=False,
            submitted_by=self._login(request.submitted_by),
            owner=self._login(request.owner),
            steps=tuple(map(self._step, request.steps)),
            **ended,
        )

    def _step(self, step: Step) -> Step:
        seats = tuple(
            replace(
                seat,
                state=CANCELLED if seat.state == OPEN else seat.state,
                holders=tuple(replace(holder, login=self._login(holder.login)) for holder in seat.holders),
            )
            for seat in step.seats
        )
        return replace(step, seats=seats, state=CANCELLED if step.state in (OPEN, WAITING) else step.state)

    def _login(self, login: str | None) -> Any:
        return self.logins.get(login, login) if login else login

    def _unplaced(self, plural: str, deal: int) -> None:
        """What belongs to a deal that was here already is here already; of one that stays behind it stays, too."""
        if deal in self.known_deals:
            self._count(made=False)
        else:
            self.left[plural] += 1

    def _count(self, *, made: bool) -> None:
        self.made, self.same = self.made + made, self.same + (not made)


TEXTS = ("text", "date", "number")
"""Kinds that are stored as text."""


def _held(kind: str, value: Any) -> bool:
    """Whether a field of this kind can hold a stored value: there it may have been of another kind."""
    if value is None:
        return True
    if kind in TEXTS and isinstance(value, str):
        try:
            kinds.comparable(kind, value)
        except (ValueError, ArithmeticError):
            return False
        return True
    wanted = {"bool": bool, "list": list}.get(kind, str if kind in TEXTS else int)
    return type(value) is wanted


def guests(act: Act, file: Exported, chunks: Chunks, progress: Callable[[int], None]) -> Came:
    """Take in what is not here yet."""
    taking = Guests(act, file.header.database)
    count = 0
    for noun, things in chunks:
        taking.take(noun, things)
        count += len(things)
        progress(count)
    return Came(count, taking.made, taking.same, 0, dict(taking.left))
