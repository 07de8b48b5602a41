"""What an approval rule may know besides the request: the time, the deal and its facts, people, and the policies."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from oppcli.errors import Refused
from oppcli.model.command import command
from oppcli.model.deals import Deal
from oppcli.model.people import Delegation, User
from oppcli.model.policy import Calendar, Policy, TypeRule
from oppcli.model.requests import Request, Step
from oppcli.rules import fields

SYSTEM = "system"
"""The actor of what nobody did: a timeout, an expiry, a deal that was lost."""


NONE: Mapping[str, Any] = MappingProxyType({})


def iso(at: int) -> str:
    """`2026-03-09T01:00Z`, for a caller that does not say how people read an instant."""
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%dT%H:%MZ")


class World(NamedTuple):
    """Rules are frozen per request (`frozen`), people and calendars are those of now (`policy`, `users`)."""

    now: int
    deal: Deal
    policy: Policy
    """The one applied now: people, calendars, fallback and gates are read from it."""
    users: Mapping[str, User]
    frozen: Mapping[str, Policy] = NONE
    """Rules by hash, for requests submitted under an older policy."""
    delegations: tuple[Delegation, ...] = ()
    files: Mapping[str, tuple[str, ...]] = NONE
    """Kind → fingerprints of the files attached to the deal."""
    requests: tuple[Request, ...] = ()
    """Every request of this deal, oldest first."""
    customer: str | None = None
    rate: Decimal | None = None
    """What one unit of the deal's currency is worth in the policy's; None where nobody said."""
    say: Callable[[int], str] = iso
    """How people read an instant."""

    def rules(self, request: Request) -> Policy:
        """The policy the request was submitted under."""
        return self.policy if request.policy == self.policy.hash else self.frozen[request.policy]

    def type_rule(self, request: Request) -> TypeRule:
        return self.rules(request).types[request.type]

    def raw_facts(self, policy: Policy) -> dict[str, Any]:
        """The deal's fields as they are, amounts in the deal's own currency."""
        stage = policy.stage(self.deal.stage)
        probability = stage.probability if stage else None
        return fields.facts(self.deal, policy, customer=self.customer, probability=probability)

    def facts(self, policy: Policy) -> dict[str, Any]:
        """What conditions read: amounts in the policy's currency, and None where no rate is known."""
        return converted(self.raw_facts(policy), policy, self.deal.currency, self.rate)

    def calendar(self, step: Step, request: Request) -> Calendar:
        """The hours a step runs by, as the current policy lists them."""
        return self.calendar_named(step.calendar, self.rules(request))

    def calendar_named(self, name: str, rules: Policy) -> Calendar:
        name = name or rules.calendar
        found = self.policy.calendars.get(name) or rules.calendars.get(name)
        if found is None:
            raise Refused(f"the policy has no calendar {name}", hint=command("policy", "show"))
        return found

    def members(self, role: str) -> tuple[str, ...]:
        """Active people of a role: those the policy lists, in its order, then those who carry it."""
        listed = self.policy.roles.get(role, ())
        carrying = sorted(login for login, user in self.users.items() if role in user.roles)
        return tuple(login for login in dict.fromkeys((*listed, *carrying)) if self.active(login))

    def active(self, login: str) -> bool:
        user = self.users.get(login)
        return user is not None and user.active

    def is_admin(self, login: str) -> bool:
        return self.active(login) and self.users[login].is_admin

    def name(self, login: str) -> str:
        """The printed name, copied into every decision."""
        user = self.users.get(login)
        return user.name if user else login


def converted(facts: dict[str, Any], policy: Policy, currency: str, rate: Decimal | None) -> dict[str, Any]:
    """Facts with their money in the policy's currency; without a rate the money is unknown, never assumed."""
    if currency == policy.currency:
        return facts
    known = fields.fields(policy)
    money = {name for name, value in facts.items() if value is not None and known[name].kind == "money"}
    return facts | {name: facts[name] * rate if rate is not None else None for name in money}
