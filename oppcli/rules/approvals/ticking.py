"""What time does to a request: reminders, breaches, escalation, timeouts, expiry (transitions 18, 25 and 26).

Idempotent: each thing fires once per step and revision, late ones too after runs that were missed."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from oppcli.model.approver import LINE, Approver
from oppcli.model.journal import NOBODY, SYSTEM
from oppcli.model.noun import replace
from oppcli.model.policy import Escalation, Reminder
from oppcli.model.requests import OPEN, PENDING, REJECTED, Holder, Request, Seat, Step
from oppcli.model.said import listed, say
from oppcli.rules.approvals import telling, time
from oppcli.rules.approvals.eligible import named
from oppcli.rules.approvals.ending import expire
from oppcli.rules.approvals.handover import fitness_problems
from oppcli.rules.approvals.seating import settle
from oppcli.rules.approvals.time import levels, reminders
from oppcli.rules.approvals.transition import Event, Transition, close_plan, close_step, current, lapsed, put
from oppcli.rules.approvals.world import World

if TYPE_CHECKING:
    from oppcli.model.notices import Notice


def tick(request: Request, world: World) -> Transition:
    """Everything that is due by now. The same request where nothing is."""
    if request.state != PENDING:
        return expire(request, world)
    done = settle(request, world)
    done = done.then(time.recompute(done.request, world))
    for step in done.request.open_steps:
        done = done.then(_step(done.request, world, current(done.request, step)))
    # Whom an escalation brought may change who else holds a seat; a second tick must find nothing left to do.
    done = done.then(settle(done.request, world))
    timed_out = next((step for step in done.request.open_steps if _timed_out(step, world.now)), None)
    if timed_out is not None:
        done = done.then(_time_out(done.request, world, timed_out))
    return done._replace(notices=_combined(done.notices))


def _step(request: Request, world: World, step: Step) -> Transition:
    done = Transition(request)
    for reminder, at in reminders(request, world, step):
        if world.now >= at:
            done = done.then(_remind(done.request, world, current(done.request, step), reminder, at))
    if step.due_at is not None and world.now > step.due_at and step.breached_at is None:
        breached = replace(current(done.request, step), breached_at=step.due_at)
        event = Event("overdue", SYSTEM, step.name, should=step.due_at)
        done = done.then(Transition(put(done.request, breached), events=(event,)))
    for level, at in levels(request, world, step):
        if step.due_at is not None and world.now > step.due_at and world.now >= at:
            done = done.then(_escalate(done.request, world, current(done.request, step), level, at))
    return done


def _remind(request: Request, world: World, step: Step, reminder: Reminder, at: int) -> Transition:
    after = put(request, replace(step, reminded=(*step.reminded, reminder.text)))
    kind = "reminder" if reminder.after_ms is None else "overdue"
    told = telling.waiting(after, step, telling.holding(step), world, kind=kind)
    return Transition(after, told, (Event("remind", SYSTEM, step.name, reason=reminder.text, should=at),))


def _escalate(request: Request, world: World, step: Step, level: Escalation, at: int) -> Transition:
    """One level: tell, add, or hand over to its people. Those in conflict are skipped; where nobody is left, the
    fallback. `manager` is the holder's own superior."""
    marked = replace(step, level=step.level + 1)
    found = _targets(request, world, step, level)
    after = put(request, marked if level.do == "notify" else _reseated(marked, level, found))
    text = say(
        "{subject}: {name} is overdue; {who} holds it",
        subject=telling.subject(request, world),
        name=step.name,
        who=listed(telling.holding(step)) or say("nobody"),
    )
    told = telling.tell(after, world, (holder.login for holder in found), "escalated", text, step)
    names = listed(holder.login for holder in found)
    event = Event(
        "escalate",
        SYSTEM,
        step.name,
        reason=f"{level.do} {level.to}",
        now=names or NOBODY,
        should=at,
        level=marked.level,
    )
    return Transition(after, told, (event,))


def _targets(request: Request, world: World, step: Step, level: Escalation) -> tuple[Holder, ...]:
    fallback = named(world.policy.fallback, request, world, without=(), how="escalation")
    able = _able(request, world, step, _escalated_to(request, world, step, level.to))
    return able or _able(request, world, step, fallback)


def _escalated_to(request: Request, world: World, step: Step, term: Approver) -> tuple[Holder, ...]:
    if term.kind != LINE:
        return named((term,), request, world, without=(), how="escalation")
    above = [
        holder
        for login in telling.holding(step)
        for holder in named((term,), replace(request, submitted_by=login), world, without=(), how="escalation")
    ]
    return tuple(dict.fromkeys(above))


def _able(request: Request, world: World, step: Step, people: Iterable[Holder]) -> tuple[Holder, ...]:
    """Those who could decide it. Who stood aside or handed it over is not brought back by the clock."""
    aside = {login for seat in step.seats if seat.state == OPEN for login in seat.left}
    free = (person for person in people if person.login not in aside)
    return tuple(person for person in free if not fitness_problems(request, world, step, person.login))


def _reseated(step: Step, level: Escalation, found: tuple[Holder, ...]) -> Step:
    """With `add` the targets may fill any open seat as well; with `reassign` they replace the holders, one person a
    seat where there are several, as far as they reach."""
    seats: list[Seat] = []
    spare = list(found)
    alone = sum(seat.state == OPEN for seat in step.seats) == 1
    for seat in step.seats:
        if seat.state != OPEN or not spare:
            seats.append(seat)
        elif level.do == "add":
            seats.append(replace(seat, holders=(*seat.holders, *found)))
        else:
            new = tuple(spare) if alone else (spare.pop(0),)
            seats.append(replace(seat, holders=new, left=(*seat.left, *(h.login for h in seat.holders))))
    return replace(step, seats=tuple(seats))


def _timed_out(step: Step, now: int) -> bool:
    return step.due_at is not None and now > step.due_at and step.on_timeout in ("return", "reject")


def _time_out(request: Request, world: World, step: Step) -> Transition:
    """The policy's end of patience: back to the submitter, or rejected. Never approved: silence is not consent."""
    reason = say("timed out: {step}", step=step.name)
    people = telling.concerned(request, world)
    after = _returned(request, world, step, reason) if step.on_timeout == "return" else None
    if after is None:
        closed = close_plan(put(request, close_step(step, REJECTED, world.now)), world.now)
        after = lapsed(replace(closed, state=REJECTED, reason=reason, decided_at=world.now), world.now)
    told = telling.ended(after, world, people, after.state, by=SYSTEM, why=reason)
    event = Event("timeout", SYSTEM, step.name, reason=reason, was=PENDING, now=after.state, should=step.breached_at)
    return Transition(after, told, (event,))


def _returned(request: Request, world: World, step: Step, reason: str) -> Request | None:
    """With the submitter; None where it may not go back once more."""
    from oppcli.rules.approvals import rounds

    if rounds.spent(request, world):
        return None
    back = rounds.given_back(request, world, reason)
    # Resubmitted, it must be answered in a full SLA again, else the next tick would return it at once.
    return put(back, replace(current(back, step), used_ms=0, remaining_ms=step.sla_ms))


def _combined(told: "tuple[Notice, ...]") -> "tuple[Notice, ...]":
    """One notice per person and run: after missed runs nobody gets three about one request."""
    merged: dict[str, Notice] = {}
    for notice in told:
        first = merged.get(notice.to)
        same = first is not None and notice.text in first.text
        if first is None:
            merged[notice.to] = notice
        elif not same:
            merged[notice.to] = replace(first, text=listed((first.text, notice.text), "\n"))
    return tuple(merged.values())
