"""Whether what was approved still covers the deal: which of its facts are no longer those that were shown, and whether
the approval ran out."""

from collections.abc import Mapping
from decimal import Decimal

from oppcli.model.policy import Policy, Tolerance, TypeRule
from oppcli.model.requests import APPROVED, QUOTE, Request
from oppcli.model.said import label, say
from oppcli.rules import fields
from oppcli.rules.approvals import figures, planning
from oppcli.rules.approvals.world import World
from oppcli.tuples import NamedTuple

EXPIRED = "expired"


class Change(NamedTuple):
    """A material field that is no longer what the approvers were shown."""

    field: str
    shown: str | None
    now: str | None
    tolerated: bool
    personal: bool = False
    called: str = ""
    """As people are told the field; else its name."""

    @property
    def kept(self) -> str:
        """As reasons say it, which stay for good: without what may tell of a person."""
        return say("{field} changed", field=self._named) if self.personal else str(self)

    @property
    def _named(self) -> str:
        return self.called or label(self.field)

    def __str__(self) -> str:
        was, now = (figures.short(self.field, each) for each in (self.shown, self.now))
        return say("{field} {was} → {now}", field=self._named, was=was or "–", now=now or "–")


def changes(request: Request, world: World) -> tuple[Change, ...]:
    """The type's material fields that differ from the current revision, tolerated or not. The measure is what the
    approvers saw, so many small steps cannot creep."""
    policy, rule = world.rules(request), world.type_rule(request)
    facts, kinds = world.raw_facts(policy), fields.field_kinds(policy)
    seen = request.facts.measured
    found = []
    for name in rule.material:
        now, was = figures.shown_fact(name, facts, kinds, world), seen.get(name)
        if now != was and not (name == "customer" and was in world.merged()):
            tolerated = APPROVED not in rule.lock and _within(rule.tolerance.get(name), was, now)
            personal, called = name in fields.personal(policy), fields.word(name, policy)
            found.append(Change(name, was, now, tolerated, personal, called))
    return (*found, *_currency(request, world, seen))


def _currency(request: Request, world: World, seen: Mapping[str, str | None]) -> tuple[Change, ...]:
    """The same number in another currency is another amount."""
    if "amount" not in world.type_rule(request).material:
        return ()
    shown = seen.get("currency") or world.rules(request).currency
    return () if shown == world.deal.currency else (Change("currency", shown, world.deal.currency, False),)


def _within(tolerance: Tolerance | None, shown: str | None, now: str | None) -> bool:
    if tolerance is None or shown is None or now is None:
        return False
    moved = abs(Decimal(now) - Decimal(shown))
    if tolerance.absolute is not None and moved <= tolerance.absolute:
        return True
    return tolerance.share is not None and moved <= abs(Decimal(shown)) * tolerance.share


def material(request: Request, world: World) -> tuple[Change, ...]:
    """The changes that the approvals do not cover: those outside tolerance, and tolerated ones that alter the list of
    steps. Empty while what was shown still holds."""
    found = changes(request, world)
    if all(change.tolerated for change in found) and (not found or _same_steps(request, world, found)):
        return ()
    return tuple(change for change in found if not change.tolerated) or found


def _same_steps(request: Request, world: World, found: tuple[Change, ...]) -> bool:
    """Whether the frozen rules ask for the same steps after these changes. Fields that are not material
    play no part."""
    policy, rule = world.rules(request), world.type_rule(request)
    seen = dict(request.facts.measured)
    now = seen | {change.field: change.now for change in found}
    return _names(rule, seen, policy) == _names(rule, now, policy)


def _names(rule: TypeRule, shown: Mapping[str, str | None], policy: Policy) -> list[str]:
    return [step.name for step in planning.applies(rule, figures.facts_shown(shown, policy))]


def rests_on_nothing_over(request: Request, world: World) -> bool:
    """Whether what it names of a quote still holds: nobody rests on one that expired before it was accepted."""
    return not rests_on_quote(request, world) or world.offered().over is None


def rests_on_quote(request: Request, world: World) -> bool:
    """Whether its approvers were shown anything of a quote."""
    return world.rules(request).quote is not None and request.facts.names(QUOTE)


def holds_until(request: Request, world: World) -> int | None:
    """The last instant at which an approval holds: its own, or that of the quote it rests on; None for ever."""
    ends = world.offered().ends_at if rests_on_quote(request, world) else None
    known = [at for at in (request.valid_until, None if ends is None else ends - 1) if at is not None]
    return min(known, default=None)


def expired(request: Request, world: World) -> bool:
    """Whether an approval ran out, or the quote that it rests on did. At the very instant it still holds."""
    until = holds_until(request, world)
    return until is not None and world.now > until
