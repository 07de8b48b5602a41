"""The next version of a request with some steps, seats or states replaced; no rule is decided here."""

from dataclasses import replace

from oppcli.model.requests import CANCELLED, OPEN, WAITING, Request, Seat, Step


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
    """The step over: its open seats are cancelled; when it was due stays on record."""
    seats = tuple(replace(seat, state=CANCELLED) if seat.state == OPEN else seat for seat in step.seats)
    return replace(step, state=state, closed_at=now, remaining_ms=None, seats=seats)


def close_plan(request: Request, now: int) -> Request:
    """Every open or waiting step of the current revision cancelled."""
    unfinished = (step for step in request.plan if step.state in (OPEN, WAITING))
    return put(request, *(close_step(step, CANCELLED, now) for step in unfinished))


def step_at(request: Request, revision: int, position: int) -> Step:
    return next(step for step in request.steps if (step.revision, step.position) == (revision, position))


def current(request: Request, step: Step) -> Step:
    """The step as this version of the request has it."""
    return step_at(request, step.revision, step.position)
