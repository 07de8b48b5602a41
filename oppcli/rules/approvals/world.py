"""What an approval rule may know besides the request: the time, the deal and its facts, people, and the policies."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any, Generic, Self, TypeVar

from oppcli.errors import Refused
from oppcli.model.command import command
from oppcli.model.deals import Deal
from oppcli.model.noun import NOTHING
from oppcli.model.people import SERVICE, Delegation, User
from oppcli.model.policy import Calendar, Policy, TypeRule
from oppcli.model.requests import Request, Step
from oppcli.model.said import say
from oppcli.tuples import NamedTuple

Item = TypeVar("Item")


def to_the_minute(at: int) -> str:
    """`2026-03-09T01:00Z`, for a caller that does not say how people read an instant."""
    from oppcli.words.shown import iso

    return f"{iso(at)[:16]}Z"


class Facts:
    """What is true of one deal, worked out once for each policy that asks, and only when one does."""

    __slots__ = ("_beside", "_compared", "_offered", "_raw", "customer", "deal", "rate")

    def __init__(
        self,
        deal: Deal,
        customer: str | Callable[[], str] | None,
        rate: Decimal | None,
        offered: "Offers | None" = None,
        beside: "Beside | None" = None,
    ) -> None:
        self.deal, self.customer, self.rate, self._offered, self._beside = deal, customer, rate, offered, beside
        self._raw: dict[str, Mapping[str, Any]] = {}
        self._compared: dict[str, Mapping[str, Any]] = {}

    def raw(self, policy: Policy) -> Mapping[str, Any]:
        """The deal's fields as they are, amounts in the deal's own currency."""
        found = self._raw.get(policy.hash)
        if found is None:
            stage = policy.stage(self.deal.stage)
            chance = stage.probability if stage else None
            if callable(self.customer):
                self.customer = self.customer()
            from oppcli.rules import fields

            found = fields.facts(self.deal, policy, customer=self.customer, probability=chance)
            if policy.spaced and self._offered is not None:
                found = {**found, **self._offered().facts}
            if self._beside is not None:
                found = {**found, **self._beside(self.deal, policy)}
            self._raw[policy.hash] = found
        return found

    def compared(self, policy: Policy) -> Mapping[str, Any]:
        """What conditions read: amounts in the policy's currency, and None where no rate is known."""
        found = self._compared.get(policy.hash)
        if found is None:
            found = converted(self.raw(policy), policy, self.deal.currency, self.rate)
            self._compared[policy.hash] = found
        return found


class Offered(NamedTuple):
    """What a deal is offered for, as far as requests and gates ask (`oppcli.model.spaces`)."""

    facts: Mapping[str, Any] = NOTHING
    """By dotted name, comparable; under the name of a space its hash."""
    unmet: Mapping[str, tuple[Any, ...]] = NOTHING
    """Space → why a request that needs it cannot be submitted."""
    over: Any = None
    """Why nothing that rests on it holds any more; None while it holds."""
    ends_at: int | None = None
    """The first instant at which it does not hold any more, be it over or not; None where it never ends."""


Offers = Callable[[], Offered]
"""Looked up when somebody asks."""
Beside = Callable[[Deal, Policy], Mapping[str, Any]]
"""What a policy names besides fields and quotes, of a deal: payments, its customer, risk (`oppcli.model.spaces`)."""


class Later(Generic[Item]):
    """Things that are looked up when somebody first goes through them, and once."""

    def __init__(self, look_up: Callable[[], Iterable[Item]]) -> None:
        self._look_up = look_up
        self._found: tuple[Item, ...] | None = None

    def __iter__(self) -> Iterator[Item]:
        if self._found is None:
            self._found = tuple(self._look_up())
        return iter(self._found)


class LaterByName(Mapping[str, Item]):
    """The same for things by name."""

    def __init__(self, look_up: Callable[[], Mapping[str, Item]]) -> None:
        self._look_up = look_up

    @cached_property
    def _found(self) -> Mapping[str, Item]:
        return self._look_up()

    def __getitem__(self, name: str) -> Item:
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


class Surroundings(NamedTuple):
    """What is given of a world."""

    now: int
    deal: Deal
    policy: Policy
    """The one applied now: people, calendars, fallback and gates are read from it."""
    users: Mapping[str, User]
    frozen: Mapping[str, Policy] = NOTHING
    """Rules by hash, for requests submitted under an older policy."""
    delegations: Iterable[Delegation] = ()
    files: Mapping[str, tuple[str, ...]] = NOTHING
    """Kind → fingerprints of the files attached to the deal."""
    done: Callable[[], Collection[str]] = tuple
    """The words of gates that hold by its tasks and activities, looked up where one asks for them."""
    requests: tuple[Request, ...] = ()
    """Every request of this deal, oldest first."""
    customer: str | Callable[[], str] | None = None
    """The name, or how it is looked up."""
    merged: Callable[[], Collection[str]] = tuple
    """The names of those that the customer stands for since a merge: who was shown one of them was shown this one."""
    rate: Decimal | None = None
    """What one unit of the deal's currency is worth in the policy's; None where nobody said."""
    say: Callable[[int], str] = to_the_minute
    """How people read an instant."""
    brought: Callable[[Request], tuple[str, int] | None] = lambda request: None
    """Who imported a request, and when; None where nobody knows."""
    by: str = ""
    """How the program knows who acts; nothing where nobody does."""
    offered: Offers = Offered
    beside: Beside | None = None
    stale: Callable[[str], str] = lambda name: ""
    """Of a fact of the customer, why what was said of it says nothing any more."""


class World(Surroundings):
    """Rules are frozen per request (`frozen`), people and calendars are those of now (`policy`, `users`)."""

    @cached_property
    def known(self) -> Facts:
        """What is true of the deal."""
        return Facts(self.deal, self.customer, self.rate, self.offered, self.beside)

    @cached_property
    def states(self) -> dict[str, Any]:
        """How the approval of each type stands that was asked for (`gates.gate_state`): nothing in a world changes."""
        return {}

    @cached_property
    def holding(self) -> dict[int, tuple[Request, bool]]:
        """By number, the approved requests that were looked at, and whether they still hold (`gates.holds`)."""
        return {}

    def _replace(self, **changes: Any) -> Self:
        """The world with something else in it; what is known of the deal goes on where that stays the same."""
        after = super()._replace(**changes)
        if "known" in self.__dict__ and not changes.keys() & {
            "deal",
            "policy",
            "frozen",
            "customer",
            "rate",
            "offered",
            "beside",
        }:
            after.__dict__["known"] = self.known
        return after

    def rules(self, request: Request) -> Policy:
        """The policy the request was submitted under."""
        return self.policy if request.policy == self.policy.hash else self.frozen[request.policy]

    def type_rule(self, request: Request) -> TypeRule:
        return self.rules(request).types[request.type]

    def raw_facts(self, policy: Policy) -> Mapping[str, Any]:
        """The deal's fields as they are, amounts in the deal's own currency."""
        return self.known.raw(policy)

    def facts(self, policy: Policy) -> Mapping[str, Any]:
        """What conditions read: amounts in the policy's currency, and None where no rate is known."""
        return self.known.compared(policy)

    def calendar(self, step: Step, request: Request) -> Calendar:
        """The hours a step runs by, as the current policy lists them."""
        return self.calendar_named(step.calendar, self.rules(request))

    def calendar_named(self, name: str, rules: Policy) -> Calendar:
        """The calendar of this name, or the policy's own. Refused where there is none."""
        name = name or rules.calendar
        found = self.policy.calendars.get(name) or rules.calendars.get(name)
        if found is None:
            raise Refused(say("the policy has no calendar {name}", name=name), hint=command("policy", "show"))
        return found

    def members(self, role: str) -> tuple[str, ...]:
        """Active people of a role."""
        return members(role, self.policy, self.users)

    def active(self, login: str) -> bool:
        user = self.users.get(login)
        return user is not None and user.active

    @cached_property
    def services(self) -> tuple[str, ...]:
        """Accounts of cron and scripts: they decide nothing."""
        return tuple(login for login, user in self.users.items() if SERVICE in user.roles)

    def is_admin(self, login: str) -> bool:
        return self.active(login) and self.users[login].is_admin

    def name(self, login: str) -> str:
        """The printed name, copied into every decision."""
        user = self.users.get(login)
        return user.name if user else login


def members(role: str, policy: Policy, users: Mapping[str, User]) -> tuple[str, ...]:
    """Active people of a role: those the policy lists, in its order, then those who carry it."""
    carrying = sorted(login for login, user in users.items() if role in user.roles)
    named = dict.fromkeys((*policy.roles.get(role, ()), *carrying))
    return tuple(login for login in named if login in users and users[login].active)


def converted(facts: Mapping[str, Any], policy: Policy, currency: str, rate: Decimal | None) -> Mapping[str, Any]:
    """Facts with their money in the policy's currency; without a rate the money is unknown, never assumed. What is of
    many deals is in it already."""
    if currency == policy.currency:
        return facts
    from oppcli.rules import exchange, fields

    kinds = fields.field_kinds(policy)
    told = (name for name, value in facts.items() if value is not None and not name.startswith("customer."))
    money = {name for name in told if kinds.get(name) == "money"}
    to = policy.currency
    return {**facts, **{name: None if rate is None else exchange.rounded(facts[name] * rate, to) for name in money}}
