"""What was submitted, planned once more under another policy: which steps it would ask, and what that would have
spared, added and missed. What anybody would have decided is claimed nowhere."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from typing import Any

from oppcli.model.noun import NOTHING
from oppcli.model.policy import Condition, StepRule, TypeRule
from oppcli.rules import conditions
from oppcli.rules.approvals import planning
from oppcli.tuples import NamedTuple

KEPT, DROPPED, ADDED, UNKNOWN = "kept", "dropped", "added", "unknown"
SOMETHING = object()
"""A value of a fact that nobody kept: it may not be empty, and nothing more is known of it."""


class Past(NamedTuple):
    """A step of the policy's as one revision asked it."""

    name: str
    group: int
    asked: bool = True
    """False: the yes of a step before it was repeated here, so that nobody was asked."""
    reached: bool = True
    """Whether it was opened."""
    passed: bool = True
    """Whether it ended with a yes, so that what stands behind it was or would be asked."""
    spent: int = 0
    """Business milliseconds for which it was open, without the time in which the request was returned."""
    refused: int | None = None
    """When it ended with a no."""
    yes: tuple[str, ...] = ()
    """Who agreed in person, in order."""


class Case(NamedTuple):
    """What is planned once more: a revision of a request, or a gate that was passed without one."""

    type: str
    title: str
    at: int
    deal: int
    facts: Mapping[str, Any]
    """What is known of the fields that conditions read, comparable; of empty ones None. What is not kept is not
    there."""
    past: tuple[Past, ...] = ()
    request: int | None = None
    """None: a gate passed without one."""
    revision: int = 1
    submitter: str = ""
    owner: str | None = None
    editors: tuple[str, ...] = ()
    chosen: Mapping[str, Any] = NOTHING
    amount: int | None = None
    currency: str = ""


class Plan(NamedTuple):
    """The steps that a type asks for these facts, and those of which the facts do not tell, in the type's order."""

    steps: tuple[StepRule, ...] = ()
    unknown: tuple[str, ...] = ()
    """Names of those among them of which it is not known whether they are asked."""
    lacking: tuple[str, ...] = ()
    """The fields that would tell."""


class Staffed(NamedTuple):
    """Whom a step would ask today."""

    people: tuple[str, ...]
    repeated: bool = False
    """Whether somebody's yes to a step before it would be repeated here, so that nobody is asked."""
    blocked: bool = False
    """Whether it has a seat that nobody could fill, not even a stand-in or the fallback."""


class Fate(NamedTuple):
    """One step of one case under the other policy."""

    step: str
    asked: bool
    change: str | None
    """kept, dropped, added, unknown; None where it is asked under neither, for both repeat a yes."""
    spared: int = 0
    added: int = 0
    """Business milliseconds that the way to the end is shorter or longer by."""
    missed: int | None = None
    """When the no was given that nobody would be asked for."""
    blocked: bool = False

    @property
    def would_ask(self) -> bool:
        return self.change in (KEPT, ADDED)


Staffing = Callable[[Case, Sequence[StepRule], StepRule, Sequence[tuple[str, str]]], Staffed]
"""Of a case, its steps and one of them: whom that would ask, where (step, login) agreed in person before."""
Estimate = Callable[[StepRule, Sequence[str]], int]
"""How long a step would take people that it was never asked of, business milliseconds."""


def answered(condition: Condition, facts: Mapping[str, Any]) -> bool | None:
    """The answer of a condition whatever is not known turns out to be; None where it depends on that. What is not kept
    need not be empty."""
    gone = sorted(conditions.may_be_empty(condition) - facts.keys())
    tried = product((None, SOMETHING), repeat=len(gone))
    found = {conditions.decided(condition, {**facts, **dict(zip(gone, each, strict=True))}) for each in tried}
    return found.pop() if len(found) == 1 else None


def plan(rule: TypeRule | None, facts: Mapping[str, Any]) -> Plan:
    """What a type asks for these facts; nothing where there is no such type."""
    if rule is None or (needed := answered(rule.when, facts)) is False:
        return Plan()
    steps, unknown, lacking = [], [], list[str]()
    for step in rule.steps:
        asked = answered(step.when, facts)
        if asked is False:
            continue
        steps.append(step)
        if needed is None or asked is None:
            unknown.append(step.name)
            open_ones = [each for each, sure in ((rule.when, needed), (step.when, asked)) if sure is None]
            lacking += [name for each in open_ones for name in sorted(conditions.reads(each))]
    return Plan(tuple(steps), tuple(unknown), tuple(dict.fromkeys(name for name in lacking if facts.get(name) is None)))


def replayed(case: Case, found: Plan, staffing: Staffing, estimate: Estimate) -> tuple[Fate, ...]:
    """Each step of a case, those of the plan in its order and then those that are not in it any more."""
    past = {each.name: each for each in case.past}
    rules = {step.name: step for step in found.steps}
    groups = dict(zip(rules, planning.groups_of(found.steps), strict=True))
    fates, times = [], dict[str, int]()
    for step in found.steps:
        was = past.get(step.name)
        if step.name in found.unknown:
            fates.append(Fate(step.name, was is not None and was.asked, UNKNOWN))
            continue
        held = staffing(case, found.steps, step, _before(step.name, case.past, groups, found.unknown))
        fates.append(Fate(step.name, was is not None and was.asked, _change(was, held), blocked=held.blocked))
        if fates[-1].change == ADDED and _comes_to(step.name, case.past, groups):
            times[step.name] = estimate(step, held.people)
    gone = (each for each in case.past if each.name not in rules)
    fates += [Fate(each.name, each.asked, DROPPED if each.asked else None) for each in gone]
    return _with_hours(_with_refusals(fates, past), past, groups, times)


def _change(was: Past | None, held: Staffed) -> str | None:
    """What becomes of a step of the plan. Of one that was never reached nobody knows whose yes it would repeat."""
    if was is not None and was.asked and not was.reached:
        return KEPT
    if was is None or not was.asked:
        return None if held.repeated else ADDED
    return DROPPED if held.repeated else KEPT


def _comes_to(name: str, past: Iterable[Past], groups: Mapping[str, int]) -> bool:
    """Whether all that was asked and stands before a step in the plan ended with a yes."""
    return all(each.passed for each in past if groups.get(each.name, groups[name]) < groups[name])


def _before(
    name: str, past: Iterable[Past], groups: Mapping[str, int], unknown: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """(step, who agreed in person) of the steps that stand before it in the plan and were asked."""
    return tuple(
        (each.name, login)
        for each in past
        if each.name not in unknown and groups.get(each.name, groups[name]) < groups[name]
        for login in each.yes
    )


def _with_refusals(fates: Iterable[Fate], past: Mapping[str, Past]) -> list[Fate]:
    """With the refusals of steps that nobody would be asked for; none where another step that is kept refused, too."""
    known = list(fates)
    dropped = [each.step for each in known if each.change == DROPPED]
    still = any(each.refused is not None and each.name not in dropped for each in past.values())
    return (
        known
        if still
        else [each._replace(missed=past[each.step].refused) if each.step in dropped else each for each in known]
    )


def _with_hours(
    fates: Iterable[Fate], past: Mapping[str, Past], groups: Mapping[str, int], times: Mapping[str, int]
) -> tuple[Fate, ...]:
    """With what each step makes of the way to the end. The way is the sum over the groups of the longest of each; what
    is asked under both has its own time, and goes first, so that a step beside a longer one spares nothing."""
    known = list(fates)
    stays = [each.step for each in known if each.change in (KEPT, UNKNOWN) and each.step in past]
    was = _shares(
        [(past[name].group, name, past[name].spent) for name in stays]
        + [(past[each.step].group, each.step, past[each.step].spent) for each in known if each.change == DROPPED]
    )
    now = _shares(
        [(groups[name], name, past[name].spent) for name in stays]
        + [(groups[name], name, spent) for name, spent in times.items()]
    )
    return tuple(_timed(each, now.get(each.step, 0) - was.get(each.step, 0)) for each in known)


def _timed(fate: Fate, longer: int) -> Fate:
    return fate._replace(spared=max(0, -longer), added=max(0, longer))


def _shares(steps: Iterable[tuple[int, str, int]]) -> dict[str, int]:
    """By step what it adds to the longest of its group so far; the shares add up to the whole way."""
    longest, found = dict[int, int](), dict[str, int]()
    for group, name, spent in steps:
        found[name] = max(0, spent - longest.get(group, 0))
        longest[group] = max(spent, longest.get(group, 0))
    return found
