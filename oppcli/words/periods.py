"""Periods of the calendar and of a team's fiscal year: in which one a day lies, what it is called, how it is typed."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from oppcli.errors import UsageError
from oppcli.model.said import say
from oppcli.model.units import PERIODS
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from oppcli.model.policy import Calendar

DAY, WEEK, MONTH, QUARTER, YEAR = PERIODS
JANUARY = 1
MOST = 1000
"""Periods in a row, of which some may be empty."""
_ONE = timedelta(days=1)
_MONTHS = {MONTH: 1, QUARTER: 3, YEAR: 12}


class Period(NamedTuple):
    """Days from the first to the last, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    def cut(self, days: int) -> "Period":
        """Its first days, as many at most."""
        return self if days >= self.days else Period(self.first, self.first + (days - 1) * _ONE)


def containing(day: date, unit: str, begins: int = JANUARY) -> Period:
    """The day, week (from Monday), month, quarter or year in which a day lies. `begins` is the month in which the year
    begins: it moves quarters and years, nothing else."""
    if unit == DAY:
        return Period(day, day)
    if unit == WEEK:
        first = day - day.weekday() * _ONE
        return Period(first, _later(first, 6))
    months = _MONTHS[unit]
    place = day.year * 12 + day.month - 1
    into = (day.month - begins) % 12 % months if unit != MONTH else 0
    return Period(_first_of(place - into), _later(_first_of(place - into + months), -1))


def _first_of(month: int) -> date:
    """The first day of a month, counted from that before the year 0; the ends of time are the ends of all there is."""
    year, place = divmod(month, 12)
    return date.min if year < 1 else date.max if year > 9999 else date(year, place + 1, 1)


def _later(day: date, days: int) -> date:
    """Some days on, as far as there are any."""
    if day == date.max:
        return day
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def label(day: date, unit: str, begins: int = JANUARY) -> str:
    """What the period of a day is called, so that it sorts in order: `2026-11-27`, `2026-W48`, `2026-11`, `2026Q4`,
    `2026`; where the year does not begin in January `FY2026/27Q3` and `FY2026/27`, by the year in which it begins and
    the next, for one number alone means either to half of its readers."""
    if unit == DAY:
        return day.isoformat()
    if unit == WEEK:
        return "{:04d}-W{:02d}".format(*day.isocalendar())
    if unit == MONTH:
        return f"{day.year:04d}-{day.month:02d}"
    year = day.year - (day.month < begins)
    called = f"{year:04d}" if begins == JANUARY else f"FY{year:04d}/{(year + 1) % 100:02d}"
    return called if unit == YEAR else f"{called}Q{(day.month - begins) % 12 // 3 + 1}"


def between(first: date, last: date, unit: str, begins: int = JANUARY) -> Iterator[str]:
    """The labels of all periods from that of one day to that of another, in order."""
    period = containing(first, unit, begins)
    while period.first <= last:
        yield label(period.first, unit, begins)
        if period.last == date.max:
            return
        period = containing(period.last + _ONE, unit, begins)


def without_gaps(known: Iterable[str], first: date, last: date, unit: str, begins: int = JANUARY) -> list[str]:
    """All of them, also those of which nothing is known; only the `known` ones where they would be more than anybody
    reads, as up to a day that was mistyped in 9999."""
    found = list(islice(between(first, last, unit, begins), MOST + 1))
    return found if len(found) <= MOST else sorted(known)


def unit_of(period: Period, begins: int = JANUARY) -> tuple[str, int] | None:
    """Of which unit a period is a whole one, and the month in which its year begins; None of any other days."""
    for month in dict.fromkeys((begins, JANUARY)):
        for unit in PERIODS:
            if containing(period.first, unit, month) == period:
                return unit, month
    return None


def previous(period: Period, begins: int = JANUARY) -> Period:
    """The one before it: of a whole month the month before, of any other days as many that end just before them.
    Refuses (`ValueError`) to go before the first day there is."""
    if period.first == date.min:
        raise ValueError(period)
    whole, end = unit_of(period, begins), period.first - _ONE
    return containing(end, *whole) if whole else Period(_later(end, 1 - period.days), end)


def year_before(period: Period, begins: int = JANUARY) -> Period:
    """The same a year earlier: of a whole week the one of its number (of the 53rd the last), of a whole month that
    month, of any other days the same of the calendar, 28 February for the 29th. Refuses (`ValueError`) as `previous`
    does."""
    whole = unit_of(period, begins)
    if whole and whole[0] == WEEK:
        year, week, _ = period.first.isocalendar()
        last = date(year - 1, 12, 28).isocalendar().week
        return containing(date.fromisocalendar(year - 1, min(week, last), 1), WEEK)
    first = _year_before(period.first)
    return containing(first, *whole) if whole else Period(first, _year_before(period.last))


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


_FISCAL = r"fy ?(\d{4})(?:[/-](\d{2}|\d{4}))?(?: ?q([1-4]))?"
_CHINESE_FISCAL = r"(\d{4})财年(?:第?([一二三四1-4])季度?)?"


def parse_period(
    text: str, *, today: date, begins: int = JANUARY, calendar: "Calendar | None" = None, order: str = ""
) -> Period:
    """The days that were typed: `2026-11-27`, `2026-W48`, `2026-11`, `2026Q4`, `2026`, `FY2026/27Q3`, `last-quarter`,
    `上个月`. This, last and next quarter and year are those of the year that begins in the month `begins`; numbers
    alone are the calendar's. Refuses (`UsageError`) what is no period, and a fiscal year of one number, which means
    either of two."""
    from oppcli.words import day_names as words
    from oppcli.words.days import parse_date

    typed = words.clean(text)
    found = _fiscal(typed, text.strip(), begins) or _named(typed, today, begins)
    if found is not None:
        return found
    spaced = typed if any(map(str.isdigit, typed)) else typed.replace("-", " ")
    try:
        first, last = (
            parse_date(spaced, today=today, calendar=calendar, order=order, edge=edge, past=True)
            for edge in ("start", "end")
        )
    except UsageError as error:
        if not error.message.endswith("is not a date"):
            raise
        hint = "2026-11-27, 2026-W48, 2026-11, 2026Q4, 2026, last-month"
        raise UsageError(say("{text!r} is not a period", text=text.strip()), hint=hint) from None
    return Period(first, last)


def _fiscal(typed: str, shown: str, begins: int) -> Period | None:
    from oppcli.words import day_names as words

    found = words.latin(_FISCAL, typed)
    chinese = None if found else words.chinese(_CHINESE_FISCAL, typed)
    year = found[1] if found else chinese[1] if chinese else None
    if year is None:
        return None
    if begins == JANUARY:
        raise UsageError(
            say("the policy names no fiscal year, so that {text} could be any", text=shown),
            hint=say("in the policy: [policy] fiscal_year = 4, the month in which it begins"),
        )
    second, quarter = (found[2], found[3]) if found else (None, chinese[2] if chinese else None)
    begun = int(year)
    suffix = f"Q{words.number(quarter)}" if quarter else ""
    if second is None or int(second) % 100 != (begun + 1) % 100:
        readings = tuple(f"{_called(each, begins)}{suffix}" for each in (begun - 1, begun))
        said = say("{text} could be {first} or {other}", text=shown, first=readings[0], other=readings[1])
        raise UsageError(said, hint=say("write {reading}", reading=readings[1]))
    months = 3 * (words.number(quarter) - 1) if quarter else 0
    first = _first_of(begun * 12 + begins - 1 + months)
    return containing(first, QUARTER if quarter else YEAR, begins)


def _called(year: int, begins: int) -> str:
    return label(date(max(year, 1), begins, 1), YEAR, begins)


def _named(typed: str, today: date, begins: int) -> Period | None:
    """`this-quarter`, `last year`, `本季度`, `上财年`."""
    from oppcli.words import day_names as words

    found = words.latin(r"(last|this|next)[- ](quarter|year)", typed)
    if found is None:
        found = words.chinese(r"(上上|上|这|本|下|下下)个?财?(季度|季|年)", typed)
    if found is None:
        return None
    unit = QUARTER if words.UNITS[found[2]] == "q" else YEAR
    months = _MONTHS[unit] * words.SHIFTS[found[1]]
    first = containing(today, unit, begins).first
    return containing(_first_of(first.year * 12 + first.month - 1 + months), unit, begins)
