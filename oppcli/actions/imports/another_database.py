"""Everything of another database into one that has data: people, customers, deals, what belongs to them, requests.

A deal is known again by the database it came from and the reference it had there (`opp:5bb5…`, `D-12`). Policies,
stages, delegations, notices stay behind: here its own hold. What cannot be taken is named in a file of rejects.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from oppcli.actions.act import Act
from oppcli.actions.imports.came import Came, LeftOut
from oppcli.actions.imports.people_there import Lined, Relations
from oppcli.files.exported import Exported
from oppcli.model.deals import NEXT, Customer, Deal, File
from oppcli.model.noun import replace
from oppcli.model.nouns import Noun
from oppcli.model.people import ADMIN, SALES, User
from oppcli.model.records import ANY, KEPT, MERGED
from oppcli.model.refs import ref
from oppcli.model.requests import CANCELLED, IMPORT, LIVE_STATES, OPEN, WAITING, Request, Step
from oppcli.model.said import Said, Word, say
from oppcli.rules import fields
from oppcli.words import kinds, names
from oppcli.words.spelling import nearest

Chunks = Iterable[tuple[Noun, Lined]]


class Incoming:
    """Takes the things in, in the order of the file: what they refer to is known by then."""

    def __init__(self, act: Act, database: str, out: LeftOut) -> None:
        self.act, self.door, self.policy, self.out = act, act.door, act.policy, out
        self.system = f"opp:{database}"
        self.logins: dict[str, str] = {}
        self.called: dict[str, set[str]] = {}
        """Logins by login, e-mail and name."""
        for user in act.people.values():
            self._learn(user)
        self.kinds: dict[str, str] = {}
        """Of the stages there."""
        self.customers: dict[int, int] = {}
        self.deals: dict[int, int] = {}
        """By their numbers there, as those below."""
        self.absent: dict[int, str] = {}
        """References of deals that are left out."""
        self.made = self.same = self.differ = 0
        self.behind: Counter[str] = Counter()
        """What is never taken from another database, by what it is."""
        self.own = {name: field.kind for name, field in fields.fields(self.policy).items() if field.own}
        self.relations = Relations(self)
        self._taking: Mapping[str, Callable[[Lined], None]] = {
            **{word: self.relations.take(word) for word in ("contact", "activity", "task")},
            "user": self._users,
            "customer": self._customers,
            "deal": self._deals,
            "file": self._files,
            "request": self._requests,
            **{word: partial(self._offered, word) for word in ("price", "quote", "contract")},
        }

    def take(self, noun: Noun, things: Lined) -> None:
        """Take in things of a noun, or leave them out."""
        taking = self._taking.get(noun.word)
        if taking is not None:
            taking(things)
            return
        self.behind[Word("plural", noun.plural)] += len(things)
        if noun.word == "stage":
            self.kinds |= {stage.name: stage.kind for _, stage in things}

    def _users(self, things: Lined) -> None:
        """People by login, e-mail or a name that one has alone. Nobody becomes an admin by a file."""
        for _, user in things:
            found = self._known(user)
            self.logins[user.login] = found or user.login
            if found is None:
                manager = self.logins.get(user.manager or "")
                roles = tuple(role for role in user.roles if role != ADMIN) or (SALES,)
                blank = {"successor": None, "server_role": None, "version": 1}
                self._learn(self.door.add(replace(user, manager=manager, roles=roles, **blank)))
            self.made, self.same = self.made + (found is None), self.same + (found is not None)

    def _known(self, user: User) -> str | None:
        keys = (names.person(text) for text in (user.login, user.email, user.name) if text)
        return next((min(found) for key in keys if len(found := self.called.get(key, ())) == 1), None)

    def _learn(self, user: User) -> None:
        for text in filter(None, (user.login, user.email, user.name)):
            self.called.setdefault(names.person(text), set()).add(user.login)

    def _customers(self, things: Lined) -> None:
        keys = [customer.key for _, customer in things]
        here = {each.key: each.id for each in self.door.find(Customer, key=keys, standing=KEPT)}
        for line, customer in things:
            number = here.get(customer.key)
            if number is None and customer.standing not in KEPT:
                self.out.add(line, {"customer": customer.name}, "customer", say("is withdrawn there"))
                continue
            if number is None:
                by, owner = self.login(customer.created_by), self.login(customer.owner)
                fresh = replace(customer, id=0, version=1, created_by=by, owner=owner)
                self.customers[customer.id] = self.door.add(fresh).id
                self.made += 1
            else:
                self.customers[customer.id] = number
                self.same += 1

    def _deals(self, things: Lined) -> None:
        refs = [ref("deal", deal.id) for _, deal in things]
        found = self.door.find(Deal, system=self.system, external_id=refs, standing=KEPT)
        here = {deal.external_id: deal for deal in found}
        for (line, deal), name in zip(things, refs, strict=True):
            if name in here:
                self.deals[deal.id] = here[name].id
                self.compare(here[name], self._deal(deal, name), ("created_by", "updated_at", "channel", *NEXT))
            elif wrong := self._unfit(deal):
                self.absent[deal.id] = name
                self.out.add(line, {"deal": name, "title": deal.title, "stage": deal.stage}, *wrong)
            else:
                self.deals[deal.id] = self.door.add(self._deal(deal, name)).id
                self.made += 1

    def _unfit(self, deal: Deal) -> tuple[str, Said] | None:
        """Where a deal does not fit in here, and why; None where it does."""
        if deal.standing == MERGED:
            return "deal", say("is merged into another one there")
        if deal.standing not in KEPT:
            return "deal", say("is withdrawn there")
        rule = self.policy.stage(deal.stage)
        if rule is None:
            near = nearest(deal.stage, (each.name for each in self.policy.stages))
            return "stage", say("there is no stage {text}{nearest}", text=deal.stage, nearest=near)
        there = self.kinds.get(deal.stage, rule.kind)
        if there != rule.kind:
            values = {"stage": deal.stage, "there": Word("kind", there), "here": Word("kind", rule.kind)}
            return "stage", say("the stage {stage} is of the kind {there} there and of the kind {here} here", **values)
        return None

    def _deal(self, deal: Deal, name: str) -> Deal:
        stages = {rule.name for rule in self.policy.stages}
        visits = tuple(replace(visit, system=self.system) for visit in deal.visits if visit.stage in stages)
        if lost := len(deal.visits) - len(visits):
            self.behind[say("stays in stages that are not here")] += lost
        return replace(
            deal,
            id=0,
            version=1,
            system=self.system,
            external_id=name,
            channel=IMPORT,
            customer_id=self.customers.get(deal.customer_id or 0),
            owner=self.login(deal.owner),
            created_by=self.login(deal.created_by) or "",
            collaborators=tuple(map(self.login, deal.collaborators)),
            extra=self._extra(deal.extra),
            last_open_stage=deal.last_open_stage if deal.last_open_stage in stages else None,
            visits=visits,
            **self.relations.of_deal(deal),
        )

    def _extra(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values of the team's own fields that are here, too, and can hold them; others stay behind, counted."""
        kept = {name: value for name, value in values.items() if name in self.own and _held(self.own[name], value)}
        if others := len(values) - len(kept):
            self.behind[say("values of fields that are not here")] += others
        return kept

    def _files(self, things: Lined) -> None:
        deals = [self.deals[file.deal_id] for _, file in things if file.deal_id in self.deals]
        here = {_evidence(file) for file in self.door.find(File, deal_id=deals, standing=ANY)}
        for line, file in things:
            if file.deal_id not in self.deals:
                self._orphan(line, file.deal_id, {"file": file.name})
                continue
            login = self.login(file.attached_by)
            fresh = replace(file, id=0, deal_id=self.deals[file.deal_id], version=1, attached_by=login)
            if _evidence(fresh) in here:
                self.same += 1
            else:
                self.door.add(fresh)
                self.made += 1

    def _requests(self, things: Lined) -> None:
        refs = [ref("request", request.id) for _, request in things]
        here = {each.external_id: each for each in self.door.find(Request, system=self.system, external_id=refs)}
        for (line, request), name in zip(things, refs, strict=True):
            told = {"request": name, "type": request.type, "deal": ref("deal", request.deal_id)}
            deal = self.deals.get(request.deal_id)
            if deal is None:
                self._orphan(line, request.deal_id, told)
            elif name in here:
                fresh = self._request(request, deal, name)
                self.compare(here[name], fresh, ("policy", *(("decided_at",) if request.state in LIVE_STATES else ())))
            elif request.type not in self.policy.types:
                near = nearest(request.type, self.policy.types)
                said = say("the policy has no type {text}{nearest}", text=request.type, nearest=near)
                self.out.add(line, told, "type", said)
            else:
                self.door.add(self._request(request, deal, name))
                self.made += 1

    def _offered(self, word: str, things: Lined) -> None:
        """Prices, and quotes and contracts of the deals that came."""
        from oppcli.actions.imports import offers_there

        getattr(offers_there, word)(self, things)

    def _orphan(self, line: int, deal: int, told: Mapping[str, str]) -> None:
        """What belongs to a deal that is left out is left out with it."""
        self.out.add(line, {**told, "deal": self.absent.get(deal, ref("deal", deal))}, "deal", say("is left out"))

    def compare(self, here: Any, there: Any, apart: Sequence[str]) -> None:
        """Count what was here already. `apart`: fields that tell nothing, besides those that every thing has anew."""
        same = {name: getattr(here, name) for name in ("id", "version", *apart)}
        equal = replace(there, **same) == here
        self.same, self.differ = self.same + equal, self.differ + (not equal)

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
            submitted_by=self.login(request.submitted_by),
            owner=self.login(request.owner),
            steps=tuple(map(self._step, request.steps)),
            **ended,
        )

    def _step(self, step: Step) -> Step:
        seats = tuple(
            replace(
                seat,
                state=CANCELLED if seat.state == OPEN else seat.state,
                holders=tuple(replace(holder, login=self.login(holder.login)) for holder in seat.holders),
            )
            for seat in step.seats
        )
        return replace(step, seats=seats, state=CANCELLED if step.state in (OPEN, WAITING) else step.state)

    def login(self, login: str | None) -> Any:
        """What somebody there is called here."""
        return self.logins.get(login, login) if login else login


def _evidence(file: File) -> tuple[int, str, str, str]:
    """What one file of a deal is told from another by."""
    return file.deal_id, file.kind, file.name, file.sha256


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


def incoming(act: Act, file: Exported, chunks: Chunks, out: LeftOut, progress: Callable[[int], None]) -> Came:
    """Take in what is not here yet. What cannot be taken goes to `out`, which is not put in place."""
    taking = Incoming(act, file.header.database, out)
    count = 0
    for noun, things in chunks:
        taking.take(noun, things)
        count += len(things)
        progress(count)
    return Came(count, taking.made, taking.same, taking.differ, dict(taking.behind), out=out)
