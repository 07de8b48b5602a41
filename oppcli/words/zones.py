"""An instant on the wall: the date and the time of day in a zone."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from oppcli.errors import UsageError
from oppcli.model.said import say
from oppcli.model.units import EPOCH

MS = timedelta(milliseconds=1)


@lru_cache(maxsize=16)
def zone(name: str) -> tzinfo:
    """The time zone called `name`. Refuses an unknown one. UTC needs no tables, nor the 2 ms of whoever reads them."""
    if name in ("UTC", "Etc/UTC"):
        return UTC
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise UsageError(say("there is no time zone {value!r}", value=name), hint="--tz Asia/Shanghai") from None


def today(now_ms: int, tz: str) -> date:
    """The calendar date in a zone."""
    return local(now_ms, tz).date()


def local(ms: int, tz: str) -> datetime:
    """The wall time of an instant in a zone."""
    return (EPOCH + ms * MS).astimezone(zone(tz))


def midnight(day: date, tz: str) -> int:
    """The first instant of a day in a zone, milliseconds."""
    return int((datetime.combine(day, time.min, zone(tz)) - EPOCH).total_seconds() * 1000)
