"""Calendars: zones, hours, holidays and make-up days."""

import itertools
from datetime import date
from typing import Any

from oppcli.model.policy import WEEKDAYS, Calendar
from oppcli.model.said import listed, say
from oppcli.policy import notation
from oppcli.policy.notation import many
from oppcli.policy.review import Review, Table
from oppcli.toml.lines import Path
from oppcli.words.day_names import SHOWN_LONG_DAYS
from oppcli.words.spelling import did_you_mean

_Hours = tuple[tuple[int, int], ...]
DECEMBER = 12


def check(review: Review) -> None:
    for name, table in review.doc["calendar"].items():
        _calendar(review, name, table)


def _calendar(review: Review, name: str, table: Table) -> None:
    path = ("calendar", name)
    if "timezone" in table:
        _zone(review, path, table["timezone"])
    week = _week(review, path, table)
    if not any(week):
        review.add("P003", path, say('missing hours: mon_fri = ["09:00-12:00", "13:00-18:00"]'))
    holidays, workdays = _dates(review, path, "holidays", table), _dates(review, path, "workdays", table)
    for day in sorted(holidays & workdays):
        review.add("P033", (*path, "workdays"), say("{day} is both holiday and workday", day=day), near=str(day))
    found = Calendar(
        name=name,
        timezone=table.get("timezone", "UTC"),
        week=week,
        holidays=frozenset(holidays),
        workdays=frozenset(workdays),
    )
    _idle_workdays(review, path, found)
    _next_year(review, path, found)


def _zone(review: Review, path: Path, zone: str) -> None:
    from zoneinfo import ZoneInfo, available_timezones

    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        near = did_you_mean(zone, sorted(available_timezones())) or say(", write one such as Asia/Shanghai")
        review.add("P029", (*path, "timezone"), say("unknown time zone '{zone}'{near}", zone=zone, near=near))


def _week(review: Review, path: Path, table: Table) -> tuple[_Hours, ...]:
    """The hours of each weekday that can be read; a day named alone beats the range it lies in."""
    week: list[_Hours] = [()] * 7
    given: dict[int, tuple[int, str]] = {}
    twice: dict[tuple[str, str], list[str]] = {}
    for key, value in table.items():
        days = notation.weekdays(key)
        if not days:
            continue
        hours = _hours(review, (*path, key), value)
        for day in days:
            length, other = given.get(day, (8, ""))
            if length == len(days):
                twice.setdefault((other, key), []).append(WEEKDAYS[day])
            if len(days) < length:
                week[day], given[day] = hours, (len(days), key)
    for (other, key), names in twice.items():
        review.add(
            "P031",
            (*path, key),
            say("{names}: given by {other} and by {key}", names=listed(names), other=other, key=key),
        )
    return tuple(week)


def _hours(review: Review, path: Path, value: Any) -> _Hours:
    found = [
        (interval, text) for text in many(value) if (interval := review.read(path, notation.interval, text)) is not None
    ]
    found.sort()
    for (first, earlier), (second, later) in itertools.pairwise(found):
        if second[0] < first[1]:
            review.add("P031", path, say("{later} overlaps {earlier}", later=later, earlier=earlier), near=later)
    return tuple(interval for interval, _ in found)


def _dates(review: Review, path: Path, key: str, table: Table) -> set[date]:
    found: set[date] = set()
    for text in many(table.get(key, [])):
        found.update(review.read((*path, key), notation.days, text) or ())
    return found


def _idle_workdays(review: Review, path: Path, calendar: Calendar) -> None:
    """A make-up day that changes nothing is probably a mistyped date."""
    for day in sorted(calendar.workdays):
        weekly = calendar.week[day.weekday()]
        if weekly and (day.weekday() < 5 or weekly == calendar.working_hours()):
            message = say("{day} is a {weekday} and worked anyway", day=day, weekday=SHOWN_LONG_DAYS[day.weekday()])
            review.add("P107", (*path, "workdays"), message, near=str(day))


def _next_year(review: Review, path: Path, calendar: Calendar) -> None:
    """From December the holidays of the year that comes should be there, where any are listed at all."""
    today = review.today
    if today is None or today.month < DECEMBER or not calendar.holidays:
        return
    if not any(day.year == today.year + 1 for day in calendar.holidays):
        review.add("P108", (*path, "holidays"), say("no holidays for {year} yet", year=today.year + 1))
