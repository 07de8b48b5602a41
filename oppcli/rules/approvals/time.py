"""The clock of a step: when it is due, what a pause leaves of it, when time next does something to it; until when an
approval is valid."""

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo

from oppcli.model.journal import SYSTEM
from oppcli.model.noun import replace
from oppcli.model.policy import Calendar, Escalation, Reminder
from oppcli.model.requests import APPROVED, OPEN, PENDING, Request, Step
from oppcli.rules import clock
from oppcli.rules.approvals.eligible import rule_of
from oppcli.rules.approvals.transition import Event, Transition, put
from oppcli.rules.approvals.world import World, to_the_minute
from oppcli.words.zones import zone as zone_named


def started(step: Step, calendar: Calendar, now: int) -> Step:
    """The step open and its clock running: for the first time, or again with the time that was left.

    One that was overdue already keeps its old due time; without time left it is due at the first business instant."""
    left = step.sla_ms - step.used_ms
    if left <= 0 and step.breached_at is not None:
        due = step.breached_at
    else:
        due = clock.add(calendar, now, left) if left > 0 else clock.opening(calendar, now)
    opened = step.opened_at if step.opened_at is not None else now
    return replace(step, state=OPEN, opened_at=opened, resumed_at=now, due_at=due, remaining_ms=None)


def paused(step: Step, calendar: Calendar, now: int) -> Step:
    """The step with its clock stopped: what is used is kept, what remains is SLA − used, and nothing is due.

    A breach that nobody has recorded yet is recorded, for it is never taken back."""
    used = min(step.sla_ms, used_ms(step, calendar, now))
    late = step.due_at is not None and now > step.due_at
    breached = step.due_at if late and step.breached_at is None else step.breached_at
    return replace(
        step,
        used_ms=used,
        remaining_ms=step.sla_ms - used,
        resumed_at=None,
        due_at=None,
        breached_at=breached,
    )


def used_ms(step: Step, calendar: Calendar, now: int) -> int:
    """Business time the step has had, pauses left out."""
    running = 0 if step.resumed_at is None else clock.between(calendar, step.resumed_at, now)
    return step.used_ms + running


def due_by(step: Step, calendar: Calendar) -> int | None:
    """When a running step is due by the calendar as it is now. A recorded breach stays where it is."""
    if step.resumed_at is None or (step.breached_at is not None and step.breached_at == step.due_at):
        return step.due_at
    return started(step, calendar, step.resumed_at).due_at


def used_up(step: Step, calendar: Calendar, share_ms: int) -> int:
    """The instant at which a running step has used `share_ms` of its time."""
    assert step.resumed_at is not None
    return clock.add(calendar, step.resumed_at, max(0, share_ms - step.used_ms))


def pause_all(request: Request, world: World) -> Request:
    """Every open step with its clock stopped."""
    return put(request, *(paused(step, world.calendar(step, request), world.now) for step in request.open_steps))


def resume_all(request: Request, world: World) -> Request:
    return put(request, *(started(step, world.calendar(step, request), world.now) for step in request.open_steps))


def open_now(request: Request, world: World) -> Transition:
    """Open steps that opened later than now open now: with all their time, and nothing reminded of or escalated yet."""
    done = Transition(request)
    for step in request.open_steps:
        if step.opened_at is None or step.opened_at <= world.now:
            continue
        afresh = replace(step, opened_at=None, used_ms=0, breached_at=None, level=0, reminded=())
        opened = started(afresh, world.calendar(step, request), world.now)
        was, now = _shown(step.due_at), _shown(opened.due_at)
        event = Event("due", SYSTEM, step.name, was=was, now=now, reason="clock set back")
        done = done.then(Transition(put(done.request, opened), events=(event,)))
    return done


def recompute(request: Request, world: World) -> Transition:
    """Due times of running steps by the calendars as they are now, each change with old and new."""
    done = Transition(request)
    for step in request.open_steps:
        due = due_by(step, world.calendar(step, request))
        if due != step.due_at:
            event = Event("due", SYSTEM, step.name, was=_shown(step.due_at), now=_shown(due), reason="calendar changed")
            done = done.then(Transition(put(done.request, replace(step, due_at=due)), events=(event,)))
    return done


def _shown(at: int | None) -> str | None:
    return None if at is None else to_the_minute(at)


def valid_until(request: Request, world: World) -> int | None:
    """Until when an approval given now is valid: the type's `valid_days` later, at the same local time."""
    rules = world.rules(request)
    days = rules.types[request.type].valid_days
    return None if days is None else days_later(world.now, days, world.calendar_named("", rules).timezone)


def days_later(at: int, days: int, zone: str) -> int:
    """The same local time so many calendar days later. Where the zone skips that time it is the first instant after
    the gap; of a time that occurs twice it is the first."""
    tz = zone_named(zone)
    wall = datetime.fromtimestamp(at // 1000, tz) + timedelta(days=days)
    rest, first, second = at % 1000, wall, wall.replace(fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    assert before is not None and after is not None
    if before >= after:
        return round(first.timestamp()) * 1000 + rest
    return _change(round(second.timestamp()), round(first.timestamp()), before, tz) * 1000


def _change(low: int, high: int, offset: timedelta, tz: tzinfo) -> int:
    """The second in (low, high] from which the zone no longer has this offset."""
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, tz).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high


# ---------- what is still to come ----------


def wake_at(request: Request, world: World) -> int | None:
    """The earliest instant at which `tick` has something to do, if nothing else happens; None for never."""
    if request.state == APPROVED:
        until = _holds_until(request, world)
        return None if until is None else until + 1
    if request.state != PENDING:
        return None
    moments = [at for step in request.open_steps for at in _moments(request, world, step)]
    return min(moments, default=None)


def _holds_until(request: Request, world: World) -> int | None:
    """Its own last instant; where it rests on a quote, that may come first."""
    if world.rules(request).quote is None:
        return request.valid_until
    from oppcli.rules.approvals.covering import holds_until

    return holds_until(request, world)


def _moments(request: Request, world: World, step: Step) -> Iterable[int]:
    if step.due_at is None:
        return
    yield from (at for _, at in reminders(request, world, step))
    yield from (at for _, at in levels(request, world, step))
    if step.breached_at != step.due_at:
        yield step.due_at + 1


def reminders(request: Request, world: World, step: Step) -> list[tuple[Reminder, int]]:
    """Reminders that have not fired, with the instant each is for: a share of the SLA, so long before due, or after."""
    rule = rule_of(request, world, step)
    if rule is None or step.resumed_at is None:
        return []
    calendar = world.calendar(step, request)
    waiting = [reminder for reminder in rule.remind if reminder.text not in step.reminded]
    return [(reminder, _instant(reminder, step, calendar)) for reminder in waiting]


def _instant(reminder: Reminder, step: Step, calendar: Calendar) -> int:
    if reminder.after_ms is not None and step.due_at is not None:
        return clock.add(calendar, step.due_at, reminder.after_ms)
    return used_up(step, calendar, _used_at(reminder, step))


def _used_at(reminder: Reminder, step: Step) -> int:
    if reminder.share is not None:
        return int(step.sla_ms * reminder.share)
    return step.sla_ms - (reminder.before_ms or 0)


def levels(request: Request, world: World, step: Step) -> list[tuple[Escalation, int]]:
    """Escalation levels that have not fired, with the business instant after due at which each does."""
    rule = rule_of(request, world, step)
    if rule is None or step.due_at is None:
        return []
    calendar, due = world.calendar(step, request), step.due_at
    return [
        (level, clock.add(calendar, due, level.after_ms) if level.after_ms else due + 1)
        for level in sorted(rule.escalate, key=lambda level: level.after_ms)[step.level :]
    ]
