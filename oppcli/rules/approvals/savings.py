"""What would spare steps of a request: the nearest value of one figure at which a step, or all of it, falls away.

Conditions change their answer only at the numbers they name: trying these and their neighbours tries everything. What
is found is planned and played by the engine. Only figures that are negotiated are tried: amount, discount, margin,
days of payment and the team's own numbers. A word or a yes (tier, region, a custom solution) says what is true of the
deal, and nobody should be told that calling a customer something else would save two days; a score is computed.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_FLOOR, Decimal
from itertools import chain
from typing import Any

from oppcli.model import money
from oppcli.model.fields import Field
from oppcli.model.noun import replace
from oppcli.model.policy import Policy, TypeRule
from oppcli.model.requests import Request
from oppcli.model.said import label, listed, say
from oppcli.model.units import HOUR_MS
from oppcli.rules import clock, conditions, fields
from oppcli.rules.approvals import figures, planning
from oppcli.rules.approvals.outlook import Expected, outlook
from oppcli.rules.approvals.world import World
from oppcli.tuples import NamedTuple
from oppcli.words.invalid import Invalid
from oppcli.words.kinds import STEPS, Reading

NEGOTIATED = ("amount", "discount", "margin", "payment_days")
"""Built-in figures a seller agrees with the customer."""
ONE = Decimal(1)
SIGNS, STRICT = {"<=": "≤", ">=": "≥", "==": "="}, {"<=": "<", ">=": ">"}
"""How people read the side of the value, and that of the number just before it."""


class Saving(NamedTuple):
    """One figure changed alone: what it must be, and what that spares."""

    field: str
    now: Decimal
    op: str
    """<= or >=: the value and what lies beyond it; == for this value alone."""
    value: Decimal
    """The nearest value that the field may have: in major units, per cent, days."""
    edge: Decimal | None
    """The number in the policy, where the value is the last one before it."""
    removes: tuple[str, ...]
    """Names of the steps that fall away, in order."""
    whole: bool
    """Whether nothing is left to be approved."""
    saved_ms: int
    """Business time between the last due instants, by the policy's calendar."""
    currency: str | None = None
    """For money."""

    @property
    def nearness(self) -> Decimal:
        """How far it is, as a share of the larger of the two values: 0 is here."""
        return abs(self.value - self.now) / max(abs(self.value), abs(self.now))

    @property
    def said(self) -> str:
        """`discount ≤ 15 instead of 18: no 大区总监, 8 business hours less`."""
        signs = SIGNS if self.edge is None else STRICT
        wanted = self._shown(self.value if self.edge is None else self.edge)
        spared = (
            say("no approval needed")
            if self.whole
            else listed((say("no {name}", name=name) for name in self.removes), " and ")
        )
        hours = round(self.saved_ms / HOUR_MS, 2)
        less = say(", {hours:g} business {hours:hour|hours} less", hours=hours) if hours else ""
        return say(
            "{field} {sign} {wanted} instead of {shown}: {spared}{less}",
            field=label(self.field),
            sign=signs[self.op],
            wanted=wanted,
            shown=self._shown(self.now),
            spared=spared,
            less=less,
        )

    def text(self, value: Decimal) -> str:
        """For programs: `499999.99`, `15`, `12.5`."""
        if self.currency is None:
            return format(value.normalize() + 0, "f")
        return money.plain(self._minor(value), self.currency)

    def _shown(self, value: Decimal) -> str:
        """For people: `CNY 500,000.00`."""
        return self.text(value) if self.currency is None else money.shown(self._minor(value), self.currency)

    def _minor(self, value: Decimal) -> int:
        return money.to_minor(value, self.currency or "")


class _Figure(NamedTuple):
    """A figure of the deal that conditions read."""

    field: Field
    now: Decimal
    unit: Decimal
    """How close two different values of it can be."""
    rate: Decimal
    """What one of it is worth where the policy compares it."""
    currency: str
    """The deal's."""


def savings(draft: Request, expected: Sequence[Expected], world: World) -> tuple[Saving, ...]:
    """What would spare steps of a draft, the nearest first; `expected` is its outlook. Per figure each set of spared
    steps is told once, at its nearest value; nothing that adds a step or takes longer."""
    policy, rule = world.rules(draft), world.type_rule(draft)
    facts, asked = world.facts(policy), [step.name for step in draft.plan]
    calendar, last = world.calendar_named("", policy), _last_due(expected, world)
    # What is left decides who is asked and when, whatever figure it was that spared the rest.
    ends: dict[tuple[str, ...], int] = {}
    found = []
    for figure in _figures(rule, policy, world):
        for each in _boundaries(figure, rule, facts, asked):
            if each.removes not in ends:
                changed = _with(world, figure, each.value)
                ends[each.removes] = _end(changed, rule, policy, draft.submitted_by)
            if ends[each.removes] <= last:
                found.append(each._replace(saved_ms=clock.between(calendar, ends[each.removes], last)))
    return tuple(sorted(found, key=lambda each: (each.nearness, -each.saved_ms, each.field)))


def _figures(rule: TypeRule, policy: Policy, world: World) -> Iterator[_Figure]:
    raw, known = world.raw_facts(policy), fields.fields(policy)
    for name in sorted(figures.reads(rule) & known.keys()):  # what its quote says is changed by its lines
        field, now = known[name], raw[name]
        if now is not None and field.kind in STEPS and (field.own or name in NEGOTIATED):
            is_money = field.kind == "money"
            unit = ONE.scaleb(-money.exponent(world.deal.currency)) if is_money else STEPS[field.kind]
            foreign = is_money and world.deal.currency != policy.currency
            yield _Figure(field, now, unit, (world.rate or ONE) if foreign else ONE, world.deal.currency)


def _boundaries(figure: _Figure, rule: TypeRule, facts: Mapping[str, Any], asked: Sequence[str]) -> Iterator[Saving]:
    """The nearest value for each set of steps that falls away, unless a nearer one spares as much."""
    seen: list[set[str]] = []
    limits = _limits(figure, rule)
    for value in _values(figure, limits):
        gone = _spared(figure, value, rule, facts, asked)
        if not gone or any(set(gone) <= nearer for nearer in seen) or _refused(figure, value):
            continue
        seen.append(set(gone))
        onward = figure.unit if value > figure.now else -figure.unit
        further = _spared(figure, value + onward, rule, facts, asked)
        goes_on = further is not None and set(gone) <= set(further) and not _refused(figure, value + onward)
        op = ("<=" if onward < 0 else ">=") if goes_on else "=="
        edge = value - onward if goes_on and value - onward in limits else None
        currency = figure.currency if figure.field.kind == "money" else None
        whole = len(gone) == len(asked)
        yield Saving(figure.field.name, figure.now, op, value, edge, gone, whole, saved_ms=0, currency=currency)


def _limits(figure: _Figure, rule: TypeRule) -> set[Decimal]:
    """The numbers that the type compares the figure with, in the unit of the deal."""
    every = chain.from_iterable(
        conditions.boundaries(condition) for condition in (rule.when, *(step.when for step in rule.steps))
    )
    named = (value if isinstance(value, tuple) else (value,) for name, _, value in every if name == figure.field.name)
    return {limit / figure.rate for limit in chain.from_iterable(named)}


def _values(figure: _Figure, limits: set[Decimal]) -> list[Decimal]:
    """Each limit and its neighbours among the values the figure can have, the nearest first."""
    units = [(limit / figure.unit).to_integral_value(ROUND_FLOOR) for limit in limits]
    found = {(base + n) * figure.unit for base in units for n in (-1, 0, 1)} - {figure.now}
    return sorted(found, key=lambda value: (abs(value - figure.now), value))


def _spared(
    figure: _Figure, value: Decimal, rule: TypeRule, facts: Mapping[str, Any], asked: Sequence[str]
) -> tuple[str, ...] | None:
    """The steps that fall away at a value of the figure; None where others would come instead."""
    steps = planning.applies(rule, {**facts, figure.field.name: value * figure.rate})
    left = {step.name for step in steps}
    return tuple(name for name in asked if name not in left) if left <= set(asked) else None


def _refused(figure: _Figure, value: Decimal) -> bool:
    """Whether no deal may have this value."""
    try:
        _stored(figure, value)
    except Invalid:
        return True
    return False


def _stored(figure: _Figure, value: Decimal) -> Any:
    return fields.parse(figure.field, format(value, "f"), Reading(figure.currency))


def _with(world: World, figure: _Figure, value: Decimal) -> World:
    """The world after the deal was edited so."""
    name, deal = figure.field.name, world.deal
    new = {name: _stored(figure, value)}
    return world._replace(deal=replace(deal, **({"extra": {**deal.extra, **new}} if figure.field.own else new)))


def _end(world: World, rule: TypeRule, policy: Policy, submitter: str) -> int:
    """When the last step would be due; now where nothing is asked."""
    draft = planning.draft(world, rule, policy, submitter)
    return _last_due(outlook(draft, world), world) if draft.steps else world.now


def _last_due(expected: Sequence[Expected], world: World) -> int:
    return max((each.due for each in expected if each.due is not None), default=world.now)
