"""One type of request for facts that are made up or incomplete: who would be asked, and what that still depends on."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from oppcli.model.policy import ALWAYS, Condition, StepRule, TypeRule
from oppcli.model.requests import Request
from oppcli.rules import conditions
from oppcli.rules.approvals import planning
from oppcli.rules.approvals.outlook import Expected, outlook
from oppcli.rules.approvals.world import World
from oppcli.tuples import NamedTuple

YES, NO, DEPENDS = "yes", "no", "depends"


class Asked(NamedTuple):
    """A step that is asked, or may be asked: that depends on facts that are not known."""

    expected: Expected
    reached: bool
    """Whether everything before it can be decided by somebody; if not, its times are unknown."""
    depends: tuple[str, ...] = ()
    """Empty: it is asked, whatever is not known."""


class Simulated(NamedTuple):
    """A type of request for these facts."""

    rule: TypeRule
    asked: str
    """yes, no, or depends: facts are not known that decide it."""
    steps: tuple[Asked, ...] = ()
    """In order. Times are as if every step that may apply did, and everybody took their full time."""
    missing: tuple[str, ...] = ()
    """What a submit would still ask for: needs, and the fields that conditions read."""
    gates: tuple[str, ...] = ()
    """The stages that cannot be entered without it."""
    nobody: tuple[str, ...] = ()
    """Steps that nobody could decide, not even the fallback; a submit would be refused."""


def simulate(world: World, rule: TypeRule, submitter: str) -> Simulated:
    """Who would be asked if `submitter` asked for approval now, under the policy of the world. Refuses nothing."""
    policy, facts = world.policy, world.facts(world.policy)
    gates = tuple(stage for stage, types in policy.gates.items() if rule.name in types)
    missing = tuple(reason.what for reason in planning.missing(rule, policy, world))
    needed = conditions.decided(rule.when, facts)
    may = [step for step in rule.steps if needed is not False and conditions.decided(step.when, facts) is not False]
    if not may:
        return Simulated(rule, NO, missing=missing, gates=gates)
    draft = _draft(world, rule, may, submitter)
    depends = {step.name: _open_facts((rule.when, step.when), facts) for step in may}
    return Simulated(
        rule,
        YES if any(not fields for fields in depends.values()) else DEPENDS,
        tuple(asked._replace(depends=depends[asked.expected.step.name]) for asked in _asked(draft, world)),
        missing,
        gates,
        tuple(step.name for step in planning.seated(draft, world).plan if any(seat.blocked for seat in step.seats)),
    )


def _open_facts(asked: Iterable[Condition], facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields without a value that keep a condition from being decided."""
    undecided = [condition for condition in asked if conditions.decided(condition, facts) is None]
    names = (name for condition in undecided for name in sorted(conditions.reads(condition)))
    return tuple(dict.fromkeys(name for name in names if facts.get(name) is None))


def _draft(world: World, rule: TypeRule, steps: Sequence[StepRule], submitter: str) -> Request:
    """A draft in which exactly these steps apply."""
    plain = rule._replace(when=ALWAYS, steps=tuple(step._replace(when=ALWAYS) for step in steps))
    return planning.draft(world, plain, world.policy, submitter)


def _asked(draft: Request, world: World) -> list[Asked]:
    """Every step: those that open one after the other, then those behind a step that nobody could decide."""
    opened = outlook(draft, world)
    rules = {step.name: step for step in world.type_rule(draft).steps}
    known = {each.step.position for each in opened}
    rest = [step for step in planning.seated(draft, world).plan if step.position not in known]
    behind = [Expected(step, world.now, None, (), rules[step.name]) for step in rest]
    return [*(Asked(each, True) for each in opened), *(Asked(each, False) for each in behind)]
