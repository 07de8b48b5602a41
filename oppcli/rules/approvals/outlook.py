"""A request played to its end before it is submitted, everybody taking their full time: who, in which order, when."""

from collections.abc import Iterator

from oppcli.model.noun import replace
from oppcli.model.policy import StepRule
from oppcli.model.requests import APPROVE, OPEN, PENDING, Request, Step
from oppcli.rules.approvals.authority import Chance, chances
from oppcli.rules.approvals.opening import proceed
from oppcli.rules.approvals.recording import record
from oppcli.rules.approvals.transition import Transition, current
from oppcli.rules.approvals.world import World
from oppcli.tuples import NamedTuple

MOST_GROUPS = 100


class Expected(NamedTuple):
    """One step as it would open: its seats, when at the latest it opens and is due, and the rule behind it."""

    step: Step
    opens_at: int
    due: int | None
    """For one that repetition decides at once: when it opens."""
    repeats: tuple[str, ...]
    """Whose approval of the step before would be repeated here, so that they are not asked again."""
    rule: StepRule

    @property
    def people(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(holder.login for seat in self.step.seats for holder in seat.holders))


def outlook(draft: Request, world: World) -> tuple[Expected, ...]:
    """What submitting the draft would start, in order of opening. Played by the engine itself: repeats, separate people
    and calendars are those that would really apply if the first person named in every seat approved at the due time."""
    done = Transition(replace(draft, id=0, state=PENDING))
    rules = {rule.name: rule for rule in world.type_rule(draft).steps}
    found: list[Expected] = []
    for _ in range(MOST_GROUPS):
        done = proceed(done.request, world)
        opened = [step for step in done.request.plan if step.seats and step.position not in _positions(found)]
        found += [_expected(done.request, step, rules[step.name], world.now) for step in opened]
        if not done.request.open_steps:
            break
        world = world._replace(now=max(step.due_at or world.now for step in done.request.open_steps))
        before = done.request
        done = _all_approve(done.request, world)
        if done.request == before:
            break
    return tuple(found)


def _positions(found: list[Expected]) -> set[int]:
    return {expected.step.position for expected in found}


def _expected(request: Request, step: Step, rule: StepRule, now: int) -> Expected:
    repeats = tuple(d.actor for d in request.decisions if d.automatic and d.step == step.position)
    return Expected(step, now, step.due_at if step.closed_at is None else step.closed_at, repeats, rule)


def _all_approve(request: Request, world: World) -> Transition:
    done = Transition(request)
    for step in request.open_steps:
        for chance, login in _first_of_each(request, step):
            fresh = next((c for c in chances(done.request, world, login) if c.step.position == step.position), None)
            if fresh is not None and fresh.seat.number == chance.seat.number:
                done = done.then(record(done.request, world, fresh, login, APPROVE))
    return done


def _first_of_each(request: Request, step: Step) -> Iterator[tuple[Chance, str]]:
    taken: set[str] = set()
    for seat in current(request, step).seats:
        login = next((h.login for h in seat.holders if h.login not in taken), None)
        if seat.state == OPEN and login is not None:
            taken.add(login)
            yield Chance(step, seat, None), login
