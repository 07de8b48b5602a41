"""When something that goes out again and again was last to go out."""

from datetime import date, datetime, time, timedelta

from oppcli.model.units import EPOCH
from oppcli.rules.repetition import FARTHEST, between
from oppcli.words import zones
from oppcli.words.timed import Timed

_DAY = timedelta(days=1)


def last_due(timed: Timed, anchor: date, tz: str, since: int, now: int) -> int | None:
    """The latest instant of it after `since` and up to now; None where none came. What fell in between is left out.
    Days are counted from the anchor, the time of day is that of a zone."""
    today = zones.today(now, tz)
    begin = max(zones.today(since, tz), today - FARTHEST) - _DAY
    found = [instant(day, timed, tz) for day in between(timed.repeat, anchor, begin, today)]
    return max((at for at in found if since < at <= now), default=None)


def next_due(timed: Timed, anchor: date, tz: str, now: int) -> int | None:
    """The first instant of it after now; None where it does not come again."""
    today = zones.today(now, tz)
    days = between(timed.repeat, anchor, today - _DAY, today + FARTHEST)
    return next((at for at in (instant(day, timed, tz) for day in days) if at > now), None)


def instant(day: date, timed: Timed, tz: str) -> int:
    """Its time of day on a day, in a zone: where a change of the clocks skips it, as late as it would have been."""
    at = datetime.combine(day, time(timed.minute // 60, timed.minute % 60), zones.zone(tz))
    return int((at - EPOCH).total_seconds() * 1000)
