"""Dates and instants as text: ISO for machines, `Fri 27 Nov 18:00` for people, the year only when it is another one.

What people read is said: the order of a date's parts is a template like any other, so that a language is told by its
catalogue alone (`3月9日 周一 09:00`).
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from oppcli.model.said import Said, say
from oppcli.model.units import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from oppcli.words import day_names as words
from oppcli.words.day_names import match
from oppcli.words.zones import local, today

_EPOCH = datetime(1970, 1, 1)
"""Without a zone: a report writes this a hundred thousand times, and UTC costs it a third of the time."""


def iso(ms: int) -> str:
    """`2026-03-09T01:00:00Z`; with milliseconds where there are any."""
    seconds, rest = divmod(ms, SECOND_MS)
    text = (_EPOCH + timedelta(seconds=seconds)).isoformat()
    return f"{text}.{rest:03d}Z" if rest else f"{text}Z"


def of_iso(text: str) -> int:
    """The milliseconds of what `iso` has told."""
    return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)


def iso_in_full(ms: int) -> str:
    """`2026-03-09T01:00:00.000Z`: always with milliseconds, so that texts stand in the order of time."""
    text = iso(ms)
    return text if "." in text else f"{text[:-1]}.000Z"


def to_the_second(ms: int) -> str:
    return iso(ms - ms % SECOND_MS)


def show_date(day: date, today: date | None = None) -> Said:
    """`Fri 27 Nov` in the year of `today`, `Fri 27 Nov 2026` otherwise."""
    weekday, month = words.SHOWN_DAYS[day.weekday()], words.SHOWN_MONTHS[day.month - 1]
    if today and today.year == day.year:
        return say("{weekday} {day} {month}", weekday=weekday, day=day.day, month=month)
    return say("{weekday} {day} {month} {year:04d}", weekday=weekday, day=day.day, month=month, year=day.year)


def timed(at: int, show: Callable[[int], str]) -> str:
    """ISO for programs, for people as all instants are: the text of a column whose texts have instants in them."""
    told = show(at)
    return Said(iso(at), told.template, told.values) if isinstance(told, Said) else told


def show_instant(ms: int, tz: str, now_ms: int | None = None) -> Said:
    """`Fri 27 Nov 18:00` in the zone, with the year unless it is that of `now_ms`."""
    at = local(ms, tz)
    day = show_date(at.date(), None if now_ms is None else today(now_ms, tz))
    return say("{day} {time}", day=day, time=f"{at.hour:02d}:{at.minute:02d}")


def echo_instant(text: str, ms: int, tz: str, now_ms: int, *, end: bool = False) -> Said | None:
    """`mon = Mon 9 Mar`, for whoever typed it; None when it was typed in full. `end`: it is the first instant after."""
    if match(r"(\d{4})-(\d\d)-(\d\d)(\D.*)?", words.clean(text)):
        return None
    at = local(ms, tz)
    if (at.hour, at.minute) == (0, 0):
        return say(
            "{typed} = {meant}",
            typed=text.strip(),
            meant=show_date(at.date() - timedelta(days=end), today(now_ms, tz)),
        )
    return say("{typed} = {meant}", typed=text.strip(), meant=show_instant(ms, tz, now_ms))


def echo(text: str, day: date, *, today: date | None = None) -> Said | None:
    """`+3d = Thu 12 Mar`, for whoever typed it; None when the day was typed in full."""
    typed = words.clean(text)
    if typed == day.isoformat():
        return None
    return say("{typed} = {meant}", typed=text.strip(), meant=show_date(day, today))


def echo_days(text: str, first: date, last: date, *, today: date) -> Said | None:
    """Likewise of a text that may stand for several days: `2026Q4 = Thu 1 Oct to Thu 31 Dec`."""
    if first == last:
        return echo(text, last, today=today)
    meant = say("{first} to {last}", first=show_date(first, today), last=show_date(last, today))
    return say("{typed} = {meant}", typed=text.strip(), meant=meant)


def show_seconds(seconds: float) -> Said:
    """Seconds in the largest unit that fits: `45 s`, `12.5 min`, `2.0 h`, `1.0 d`."""
    for unit, size in ((say("d"), DAY_MS), (say("h"), HOUR_MS), (say("min"), MINUTE_MS)):
        if seconds * 1000 >= size:
            return say("{n:,.1f} {unit}", n=seconds * 1000 / size, unit=unit)
    return say("{n} s", n=seconds)
