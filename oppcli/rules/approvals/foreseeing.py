"""Changes that who decides has asked for, or makes: they start nothing over (transition 38; a step's `fills`)."""

from collections.abc import Iterable, Mapping

from oppcli.model.noun import replace
from oppcli.model.requests import FILE, Request
from oppcli.model.said import listed
from oppcli.rules import conditions, fields
from oppcli.rules.approvals import planning
from oppcli.rules.approvals.authority import chances
from oppcli.rules.approvals.conditional import holds
from oppcli.rules.approvals.covering import Change
from oppcli.rules.approvals.eligible import rule_of
from oppcli.rules.approvals.transition import Event, Transition
from oppcli.rules.approvals.world import World


def foreseen(request: Request, world: World, found: Iterable[Change]) -> bool:
    """Whether open conditions ask for these changes: each changed field is read by one, all of those hold now, and the
    frozen rules ask no step outside the plan. What may tell of a person is never kept beside what was shown."""
    names = {change.field for change in found}
    tests = [term for term in request.terms if term.waits and term.test is not None]
    asked = [(term, conditions.reads(conditions.unchecked(term.test or ""))) for term in tests]
    concerned = [(term, read) for term, read in asked if read & names]
    covered = frozenset().union(*(read for _, read in concerned))
    if not names or not names <= covered or names & fields.personal(world.rules(request)):
        return False
    return all(holds(term, request, world) for term, _ in concerned) and _within_the_plan(request, world)


def _within_the_plan(request: Request, world: World) -> bool:
    try:
        wanted = planning.applies(world.type_rule(request), world.facts(world.rules(request)))
    except conditions.Missing:
        return False
    return {step.name for step in wanted} <= {step.name for step in request.plan}


def filled(request: Request, world: World, actor: str, found: Iterable[Change]) -> bool:
    """Whether somebody who decides an open step changes nothing but what it has them fill in."""
    names = {change.field for change in found}
    if not names or names & fields.personal(world.rules(request)):
        return False
    return names <= fillable(request, world, actor)


def fillable(request: Request, world: World, actor: str) -> frozenset[str]:
    """The fields that somebody may fill in, deciding an open step of the request."""
    rules = (rule_of(request, world, chance.step) for chance in chances(request, world, actor))
    return frozenset(name for rule in rules if rule is not None for name in rule.fills)


def brought(request: Request, world: World, files: Mapping[str, str]) -> Transition:
    """With the files that came with a decision: they are no change of what it rests on."""
    material = world.type_rule(request).material
    now = {f"{FILE}{kind}": {*world.files.get(kind, ()), digest} for kind, digest in files.items()}
    found = {name: ",".join(sorted(digests)) for name, digests in now.items() if name in material}
    return Transition(_kept(request, found)) if found else Transition(request)


def agreed(request: Request, actor: str, found: Iterable[Change]) -> Transition:
    """Later changes are measured from these values. Votes stay, and nobody becomes an editor by it."""
    found = tuple(found)
    event = Event("foreseen", actor, reason=listed((str(change) for change in found), "; "))
    return Transition(_kept(request, {change.field: change.now for change in found}), events=(event,))


def _kept(request: Request, values: Mapping[str, str | None]) -> Request:
    facts = request.facts
    kept = replace(facts, agreed={**facts.agreed, **values})
    return replace(
        request, revisions=tuple(kept if each.number == facts.number else each for each in request.revisions)
    )
