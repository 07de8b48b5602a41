"""Reminders of what is due today: once a day, when business hours begin, to whoever has to do it."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from oppcli.actions.act import Act, Look
from oppcli.actions.lateness import about, told
from oppcli.actions.waking import Kind
from oppcli.model.follow import OPEN
from oppcli.model.policy import Policy
from oppcli.model.said import say
from oppcli.model.units import MINUTE_MS
from oppcli.rules import holders
from oppcli.rules.dues import date_of
from oppcli.rules.promising import due_of
from oppcli.store import due_tasks
from oppcli.store.fired import fire, when
from oppcli.words import zones

REMIND = "remind"
ALL = 0
"""In place of a task: all that are due on a day have been reminded of."""
NINE = 9 * 60
"""When a day begins that has no business hours, in minutes."""


def kind() -> Kind:
    """A team without `[follow]` is reminded of nothing."""
    return Kind("task", _due, _remind, table="follow")


def _day(policy: Policy, now: int) -> tuple[date, int]:
    """(Today, the instant at which it begins for people)."""
    calendar = policy.hours()
    today = zones.today(now, calendar.timezone)
    hours = calendar.hours_on(today)
    return today, zones.midnight(today, calendar.timezone) + (hours[0][0] if hours else NINE) * MINUTE_MS


def _due(look: Look) -> Sequence[int]:
    today, begins = _day(look.policy, look.now)
    day = today.isoformat()
    if look.now < begins or when(look.door, "task", ALL, REMIND, cycle=day) is not None:
        return ()
    ends = zones.midnight(today + timedelta(days=1), look.policy.hours().timezone)
    return [*due_tasks.on(look.door, day, look.now, ends), ALL]


def _remind(act: Act, numbers: Sequence[int]) -> Iterator[str]:
    today, begins = _day(act.policy, act.now)
    day, reminded, zone = today.isoformat(), 0, act.policy.hours().timezone
    for task, deal, customer in about(act, [number for number in numbers if number != ALL]):
        if (
            task.state != OPEN
            or date_of(due_of(task), zone) != today
            or not fire(act.door, "task", task.id, REMIND, cycle=day, at=begins)
        ):
            continue
        people = holders.holders(task, deal, customer, act.policy, act.people)
        told(act, task, deal, people)
        reminded += bool(people)
    if ALL in numbers:
        fire(act.door, "task", ALL, REMIND, cycle=day, at=begins)
    if reminded:
        yield say("{n} {n:task|tasks} due today: reminded", n=reminded)
