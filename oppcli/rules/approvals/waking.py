"""When time next does something to a request: the reminders, breaches and escalations that are still to come."""

from collections.abc import Iterable

from oppcli.model.policy import Escalation, Reminder, StepRule
from oppcli.model.requests import APPROVED, PENDING, Request, Step
from oppcli.rules import clock
from oppcli.rules.approvals import timing
from oppcli.rules.approvals.world import World


def wake_at(request: Request, world: World) -> int | None:
    """The earliest instant at which `tick` has something to do, if nothing else happens; None for never."""
    if request.state == APPROVED:
        return None if request.valid_until is None else request.valid_until + 1
    if request.state != PENDING:
        return None
    moments = [at for step in request.open_steps for at in _moments(request, world, step)]
    return min(moments, default=None)


def _moments(request: Request, world: World, step: Step) -> Iterable[int]:
    if step.due_at is None:
        return
    yield from (at for _, at in reminders(request, world, step))
    yield from (at for _, at in levels(request, world, step))
    if step.breached_at != step.due_at:
        yield step.due_at + 1


def rule_of(request: Request, world: World, step: Step) -> StepRule | None:
    """The frozen rule whose reminders and escalation the step has."""
    wanted = step.like or step.name
    return next((rule for rule in world.type_rule(request).steps if rule.name == wanted), None)


def reminders(request: Request, world: World, step: Step) -> list[tuple[Reminder, int]]:
    """Reminders that have not fired, with the instant each is for: a share of the SLA, or so long before due."""
    rule = rule_of(request, world, step)
    if rule is None or step.resumed_at is None:
        return []
    calendar = world.calendar(step, request)
    waiting = [reminder for reminder in rule.remind if reminder.text not in step.reminded]
    return [(reminder, timing.used_up(step, calendar, _used_at(reminder, step))) for reminder in waiting]


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
