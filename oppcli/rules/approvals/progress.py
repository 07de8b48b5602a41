"""How far a request is: which of its steps stands, of how many, and the business time that is left of it."""

from oppcli.model.requests import APPROVED, LIVE_STATES, OPEN, Request, Step
from oppcli.rules import clock
from oppcli.rules.approvals.world import World
from oppcli.tuples import NamedTuple


class Progress(NamedTuple):
    """`2 of 3`: the second step, or group of steps side by side, stands; of what is over, how many were approved."""

    step: int
    of: int
    left_ms: int | None
    """Business milliseconds until the first of the open steps is due, less than 0 where it is late; what is left of a
    paused one. None where nothing is open."""


def progress(request: Request, world: World) -> Progress:
    """Where the request stands now, by the calendars of its open steps."""
    groups: dict[int, list[Step]] = {}
    for step in request.plan:
        groups.setdefault(step.group, []).append(step)
    done = sum(all(step.state == APPROVED for step in steps) for steps in groups.values())
    live = request.state in LIVE_STATES
    left = [_left(step, request, world) for step in request.plan if step.state == OPEN] if live else []
    known = [each for each in left if each is not None]
    return Progress(min(done + live, len(groups)), len(groups), min(known, default=None))


def _left(step: Step, request: Request, world: World) -> int | None:
    if step.remaining_ms is not None:
        return step.remaining_ms
    if step.due_at is None:
        return None
    return clock.between(world.calendar(step, request), world.now, step.due_at)
