"""When a promise is due, when it is late, and how far off it is."""

from collections.abc import Callable
from datetime import date, timedelta

from oppcli.errors import PolicyError
from oppcli.model.policy import Calendar
from oppcli.model.relations import DAYS, HOURS, Span
from oppcli.model.said import say
from oppcli.rules import clock
from oppcli.tuples import NamedTuple
from oppcli.words import zones

LATE, TODAY, TOMORROW, THIS_WEEK, NEXT_WEEK, LATER, NONE = (
    *("late", "today", "tomorrow", "this week", "next week", "later", "none"),
)
BUCKETS = (LATE, TODAY, TOMORROW, THIS_WEEK, NEXT_WEEK, LATER, NONE)
"""How far off something is, in the order of their lists; a week ends on Sunday."""
LONGEST_SEARCH = 3660
"""Dates that are looked through for one with business hours."""


class Due(NamedTuple):
    """By when: the end of a date, or an instant; or neither."""

    on: date | None = None
    at: int | None = None

    @property
    def day(self) -> str | None:
        """The date as it is stored."""
        return None if self.on is None else self.on.isoformat()


def stored(on: str | None, at: int | None = None) -> Due:
    """What is kept of it: an ISO date, or an instant."""
    return Due(None if on is None else date.fromisoformat(on), at)


def due(span: Span, start: int, calendar: Calendar) -> Due:
    """When what takes so long from an instant is due: hours at the instant at which so much business time is over,
    workdays on the so manieth following date with business hours, days on the date so many later. Dates are those of
    the calendar's zone. Refused where the calendar has no hours."""
    if span.unit == HOURS:
        return Due(at=clock.add(calendar, start, span.amount))
    day = zones.today(start, calendar.timezone)
    return Due(on=day + timedelta(days=span.amount) if span.unit == DAYS else workday(calendar, day, span.amount))


def workday(calendar: Calendar, day: date, n: int) -> date:
    """The n-th date after this one that has business hours. Refused where the calendar has none."""
    for ahead in range(1, n * 7 + LONGEST_SEARCH):
        following = day + timedelta(days=ahead)
        n -= bool(calendar.hours_on(following))
        if n <= 0:
            return following
    raise PolicyError(say("calendar {name} has no business hours", name=calendar.name))


def late_from(promise: Due, tz: str) -> int | None:
    """The first instant at which it is late: a date from the next local midnight on, for what is due today is not late;
    an instant as soon as it is over. None for what is never due."""
    if promise.on is not None:
        return zones.midnight(promise.on + timedelta(days=1), tz)
    return None if promise.at is None else promise.at + 1


def late(promise: Due, now: int, tz: str) -> bool:
    """Whether it is late."""
    begins = late_from(promise, tz)
    return begins is not None and now >= begins


def date_of(promise: Due, tz: str) -> date | None:
    """The date on which it is due; None for what is never due."""
    return promise.on if promise.at is None else zones.today(promise.at, tz)


def bucket(promise: Due, now: int, tz: str) -> str:
    """How far off it is, one of `BUCKETS`."""
    day = date_of(promise, tz)
    if day is None:
        return NONE
    if late(promise, now, tz):
        return LATE
    today = zones.today(now, tz)
    sunday = today + timedelta(days=6 - today.weekday())
    ends: tuple[tuple[str, date], ...] = (
        (TODAY, today),
        (TOMORROW, today + timedelta(days=1)),
        (THIS_WEEK, sunday),
        (NEXT_WEEK, sunday + timedelta(days=7)),
    )
    return next((name for name, last in ends if day <= last), LATER)


def late_dates(promise: Due, now: int, tz: str, works: Callable[[date], bool]) -> int:
    """How many business dates after the date it was due, up to today, have begun; 0 for what is not due yet."""
    day, today = date_of(promise, tz), zones.today(now, tz)
    if day is None:
        return 0
    return worked(day, today, works)


def dates_ahead(promise: Due, now: int, tz: str, works: Callable[[date], bool]) -> int:
    """How many business dates lie after today, up to the date it is due; 0 for what is due, or never."""
    day, today = date_of(promise, tz), zones.today(now, tz)
    if day is None:
        return 0
    return worked(today, day, works)


def worked(after: date, until: date, works: Callable[[date], bool]) -> int:
    """How many business dates lie after a date, up to another; 0 where that is not later."""
    return sum(works(after + timedelta(days=n)) for n in range(1, (until - after).days + 1))
