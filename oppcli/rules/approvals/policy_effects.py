"""How two policies would treat the same deal: which approvals each asks for, with which steps, at which stages."""

from collections.abc import Iterable, Mapping
from typing import Any

from oppcli.model.deals import LOST, Deal
from oppcli.model.fields import Field
from oppcli.model.noun import replace
from oppcli.model.policy import Policy, TypeRule
from oppcli.model.said import listed, say
from oppcli.rules import conditions, fields
from oppcli.rules.approvals import figures, planning
from oppcli.rules.approvals.world import converted
from oppcli.tuples import NamedTuple

Rules = Mapping[str | None, tuple[str, ...]]
"""Step, or None for the type itself → the keys that have other values."""
NO_RULES: Mapping[str, Rules] = {}


class Plan(NamedTuple):
    """What a policy asks of a deal for one type."""

    required: bool | None
    """None: facts are missing that decide it."""
    steps: tuple[str, ...] = ()


class Difference(NamedTuple):
    """One type that a deal would find changed."""

    type: str
    before: Plan
    after: Plan
    closes: tuple[str, ...] = ()
    """Stages ahead of the deal that would ask for it and did not."""
    opens: tuple[str, ...] = ()
    """Stages ahead that asked for it and would not."""
    otherwise: tuple[str, ...] = ()
    """What is asked under both and has other rules: steps with their keys, `财务: who, sla`, and keys of the type."""

    @property
    def matters(self) -> bool:
        return self.before != self.after or bool(self.closes or self.opens or self.otherwise)


class Side(NamedTuple):
    """One of the two policies, ready to be asked of many deals."""

    policy: Policy
    among: Mapping[str, Field]
    """The fields that the conditions of the types in question read."""
    ahead: Mapping[str, tuple[str, ...]]
    """Stage → stages behind it that can still be entered through a gate. A stage it does not have may go anywhere."""

    def facts(self, deal: Deal, place: str, customer: str | None) -> Mapping[str, Any]:
        """What the conditions read; `place` is what the policy calls the deal's stage. Amounts in another currency
        than the policy's are not known."""
        stage = self.policy.stage(place)
        chance = stage.probability if stage else None
        found = fields.facts(deal, self.policy, customer=customer, probability=chance, among=self.among)
        return converted(found, self.policy, deal.currency, None)

    def stages_asking(self, name: str, place: str, plan: Plan) -> tuple[str, ...]:
        """The stages ahead whose gate asks for a type that the deal needs, or may need."""
        if plan.required is False:
            return ()
        ahead = self.ahead.get(place, tuple(self.policy.gates))
        return tuple(stage for stage in ahead if name in self.policy.gates.get(stage, ()))


def side(policy: Policy, types: Iterable[str]) -> Side:
    """A policy prepared for these types of request."""
    read = frozenset().union(*(figures.reads(policy.types[name]) for name in types if name in policy.types))
    known = fields.fields(policy)
    open_to = [stage for stage in policy.stages if stage.kind != LOST]
    return Side(
        policy,
        {name: known[name] for name in sorted(read & known.keys())},
        {
            stage.name: tuple(after.name for after in open_to[place + 1 :] if after.pipeline == stage.pipeline)
            for place, stage in enumerate(open_to)
        },
    )


def plan_of(rule: TypeRule | None, facts: Mapping[str, Any]) -> Plan:
    """What a type asks for these facts; nothing where there is no such type."""
    if rule is None:
        return Plan(False)
    try:
        steps = tuple(step.name for step in planning.applies(rule, facts))
    except conditions.Missing:
        return Plan(None)
    return Plan(bool(steps), steps)


def differences(
    before: Side,
    after: Side,
    deal: Deal,
    types: Iterable[str],
    *,
    place: str,
    customer: str | None = None,
    changed: Mapping[str, Rules] = NO_RULES,
) -> tuple[Difference, ...]:
    """Every type as both policies see the deal, also those that are alike. `place` is the deal's stage as the stages
    of both sides are called; the conditions of the older one may know it by its old name. `changed` says which rules
    of a type are others, whatever the deal."""
    was = before.facts(deal, place, customer)
    now = after.facts(deal if place == deal.stage else replace(deal, stage=place), place, customer)
    found = []
    for name in types:
        rule, newer = before.policy.types.get(name), after.policy.types.get(name)
        one = plan_of(rule, was)
        other = one if rule == newer and was == now else plan_of(newer, now)
        asked = before.stages_asking(name, place, one)
        asking = after.stages_asking(name, place, other)
        rules = _otherwise(changed.get(name, {}), one, other)
        found.append(Difference(name, one, other, _without(asking, asked), _without(asked, asking), rules))
    return tuple(found)


def _otherwise(rules: Rules, one: Plan, other: Plan) -> tuple[str, ...]:
    """The changed rules that a deal meets: those of a type it needs under both, and of the steps it has under both."""
    if not (one.required and other.required):
        return ()
    both = {None, *(step for step in one.steps if step in other.steps)}
    return tuple(
        say("{step}: {keys}", step=step, keys=listed(keys)) if step else listed(keys)
        for step, keys in rules.items()
        if step in both
    )


def _without(names: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    gone = set(others)
    return tuple(name for name in names if name not in gone)
