"""Counting in days, business days, months and longer: what `+5bd`, `+1q` and `eom` come to."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.said import say
from oppcli.words.day_names import SHOWN_LONG_MONTHS

if TYPE_CHECKING:
    from oppcli.model.policy import Calendar

DAY = timedelta(days=1)
HELP = command("help", "dates")
LONGEST_CLOSURE = 366
"""Days without a business day after which a calendar is taken to have none."""


def shifted(day: date, count: int, unit: str, calendar: "Calendar | None") -> date:
    """`count` units from `day`; the 31st becomes the last day of a shorter month. Unit d, bd, w, m, q or y."""
    if unit == "bd":
        return _business_days(day, count, calendar)
    if unit in "dw":
        return day + count * (DAY if unit == "d" else 7 * DAY)
    from dateutil.relativedelta import relativedelta

    return day + relativedelta(months=count * {"m": 1, "q": 3, "y": 12}[unit])


def _business_days(day: date, count: int, calendar: "Calendar | None") -> date:
    """The `count`-th business day after (before) `day`; `+0bd` is the day itself or the next business day."""
    step = DAY if count >= 0 else -DAY
    left, idle = abs(count), 0
    if left == 0 and works(day, calendar):
        return day
    left = left or 1
    while left:
        day += step
        idle = 0 if works(day, calendar) else idle + 1
        left -= idle == 0
        if idle > LONGEST_CLOSURE:
            raise UsageError(
                say("calendar {name} has no business day near {day}", name=calendar.name if calendar else "", day=day),
                hint=HELP,
            )
    return day


def works(day: date, calendar: "Calendar | None") -> bool:
    """Is it a business day? By the calendar's own rules; Monday to Friday without one."""
    return day.weekday() < 5 if calendar is None else bool(calendar.hours_on(day))


def span(unit: str, day: date, shift: int = 0) -> tuple[date, date]:
    """First and last day of the week, month, quarter, half or year that is `shift` after the one of `day`."""
    if unit == "w":
        first = day - day.weekday() * DAY + 7 * shift * DAY
        return first, first + 6 * DAY
    months = {"m": 1, "q": 3, "h": 6, "y": 12}[unit]
    start = ((day.year * 12 + day.month - 1) // months + shift) * months
    last = start + months - 1
    return date(start // 12, start % 12 + 1, 1), date(last // 12, last % 12 + 1, days_in(last // 12, last % 12 + 1))


def days_in(year: int, month: int) -> int:
    return 31 if month == 12 else (date(year, month + 1, 1) - date(year, month, 1)).days


def exact(year: int, month: int, day: int, shown: str) -> date:
    """That day, or a refusal that says why there is none."""
    if not 1 <= month <= 12:
        raise UsageError(say("{shown} is not a date: there is no month {month}", shown=shown, month=month), hint=HELP)
    if not 1 <= day <= days_in(year, month):
        name, most = SHOWN_LONG_MONTHS[month - 1], days_in(year, month)
        fact = say("{month} {year} has {most} days", month=name, year=year, most=most)
        raise UsageError(say("{typed} is not a date: {fault}", typed=shown, fault=fact), hint=HELP)
    return date(year, month, day)
