"""What a transition returns: the next request, whom to tell, what the journal should say happened; and the next version
of a request with some steps, seats or states replaced. No rule is decided here."""

from typing import TYPE_CHECKING, Any

from oppcli.model.noun import replace
from oppcli.model.requests import CANCELLED, OPEN, REDONE, WAITING, Request, Seat, Step
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from oppcli.model.notices import Notice


class Event(NamedTuple):
    """One thing that happened, for the trail."""

    verb: str
    actor: str
    step: str | None = None
    seat: int | None = None
    on_behalf_of: str | None = None
    reason: str | None = None
    was: str | None = None
    now: str | None = None
    """State before and after, of the seat or step or request it happened to."""
    should: int | None = None
    """For what the clock does: when it should have happened."""
    level: int | None = None
    """Of an escalation: 1, 2 …"""

    def told(self) -> dict[str, Any]:
        """What is set, for the journal."""
        return {name: value for name, value in self._asdict().items() if value is not None}


class Transition(NamedTuple):
    """The request after it, notices and events in order. Where the request is unchanged, nothing happened."""

    request: Request
    notices: "tuple[Notice, ...]" = ()
    events: tuple[Event, ...] = ()

    def then(self, following: "Transition") -> "Transition":
        """Both, in order; the request is the later one's."""
        return Transition(following.request, self.notices + following.notices, self.events + following.events)


def put(request: Request, *steps: Step) -> Request:
    """With these steps in place of those with the same revision and position; new ones are appended."""
    new = {(step.revision, step.position): step for step in steps}
    kept = [new.pop((step.revision, step.position), step) for step in request.steps]
    return replace(request, steps=(*kept, *new.values()))


def put_seats(step: Step, *seats: Seat) -> Step:
    """With these seats in place of those with the same number; new ones are appended."""
    new = {seat.number: seat for seat in seats}
    kept = [new.pop(seat.number, seat) for seat in step.seats]
    return replace(step, seats=(*kept, *new.values()))


def close_step(step: Step, state: str, now: int) -> Step:
    """The step over: its open seats are cancelled; when it was due stays on record, and that it was late, also where
    no tick came by."""
    seats = tuple(replace(seat, state=CANCELLED) if seat.state == OPEN else seat for seat in step.seats)
    late = step.due_at is not None and now > step.due_at
    breached = step.due_at if late and step.breached_at is None else step.breached_at
    return replace(step, state=state, closed_at=now, remaining_ms=None, breached_at=breached, seats=seats)


def close_plan(request: Request, now: int) -> Request:
    """Every open or waiting step of the current revision cancelled."""
    unfinished = (step for step in request.plan if step.state in (OPEN, WAITING))
    return put(request, *(close_step(step, CANCELLED, now) for step in unfinished))


def lapsed(request: Request, now: int) -> Request:
    """With the terms lapsed that are waited for no more; most requests have none."""
    if not request.terms:
        return request
    from oppcli.rules.approvals import conditional

    return conditional.lapsed(request, now)


def asked_again(request: Request) -> tuple[Step, ...]:
    """The redone steps of the current revision, in order."""
    found = (step for step in request.steps if step.state == REDONE and step.revision == request.revision)
    return tuple(sorted(found, key=lambda step: (step.group, step.position)))


def step_at(request: Request, revision: int, position: int) -> Step:
    return next(step for step in request.steps if (step.revision, step.position) == (revision, position))


def current(request: Request, step: Step) -> Step:
    """The step as this version of the request has it."""
    return step_at(request, step.revision, step.position)
