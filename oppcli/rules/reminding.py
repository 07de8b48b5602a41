"""When people are reminded of a date: from which day on, in business hours; of which dates by now."""

from collections.abc import Iterable
from datetime import date, timedelta

from oppcli.model.policy import Calendar
from oppcli.model.reminding import DayReminder
from oppcli.rules import clock
from oppcli.tuples import NamedTuple
from oppcli.words import zones

CAUGHT_UP = 31
"""How many days a reminder may be late, be it that nothing ran or that the policy is new: older ones are left out."""
_DAY = timedelta(days=1)


class Window(NamedTuple):
    """The dates of which one entry reminds by now."""

    mark: str
    days: int
    first: date
    last: date


def windows(entries: Iterable[DayReminder], calendar: Calendar, now: int) -> tuple[Window, ...]:
    """For each entry the first and the last date whose reminder has come, by a calendar with business hours. One before
    a date comes only until that, or on the first business day after it: later it would tell what is over."""
    last = _begun(calendar, now)
    since = last
    while _begins(calendar, since - _DAY) == _begins(calendar, last):
        since -= _DAY
    found = []
    for entry in entries:
        until = last - timedelta(days=entry.days)
        first = until - timedelta(days=CAUGHT_UP)
        found.append(Window(f"remind {entry.text}", entry.days, max(first, since) if entry.days <= 0 else first, until))
    return tuple(found)


def instant(calendar: Calendar, on: date, days: int) -> int:
    """When a reminder so many days from a date is for: the first business instant from that day on."""
    return _begins(calendar, on + timedelta(days=days))


def _begins(calendar: Calendar, day: date) -> int:
    return clock.opening(calendar, zones.midnight(day, calendar.timezone))


def _begun(calendar: Calendar, now: int) -> date:
    """The last day whose first business instant has come."""
    day = zones.today(now, calendar.timezone)
    while _begins(calendar, day) > now:
        day -= _DAY
    return day
