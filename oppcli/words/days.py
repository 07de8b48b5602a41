"""One day as people type it → a date: ISO, `fri`, `+5bd`, `eom`, `2026-W48`, `下周五`, `3天后`, `11月27日`."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from oppcli.errors import UsageError
from oppcli.model.said import listed, say
from oppcli.tuples import NamedTuple
from oppcli.words import day_names as words
from oppcli.words.counting import DAY, HELP, days_in, exact, shifted, span
from oppcli.words.day_names import NUMBER, chinese, latin, match, number

if TYPE_CHECKING:
    from oppcli.model.policy import Calendar


class Ask(NamedTuple):
    """What a reader may depend on besides the text."""

    today: date
    calendar: "Calendar | None"
    order: str
    edge: str
    past: bool
    shown: str
    """The text as typed, for refusals."""


def parse_date(
    text: str,
    *,
    today: date,
    calendar: "Calendar | None" = None,
    order: str = "",
    edge: str = "end",
    past: bool = False,
) -> date:
    """The day that was typed. Refuses (`UsageError`) what is no date, no existing day, or could be two.

    `order` (`dmy`, `mdy`) says how to read `10/11`; empty refuses it. `edge` says which day of a period such as
    `2026Q4` is meant: its `start` or its `end`. `calendar` counts business days; without one they are Monday to Friday.
    A bare weekday, or a day without a year, is the coming one, with `past` the last one, for which today counts.
    """
    typed = words.clean(text)
    ask = Ask(today, calendar, order, edge, past, text.strip())
    try:
        found = _whole(typed, ask) or _moved(typed, ask)
    except (ValueError, OverflowError):
        raise UsageError(say("{text} is outside the years 1 to 9999", text=text.strip()), hint=HELP) from None
    if found is None:
        raise UsageError(say("{text!r} is not a date", text=text.strip()), hint=HELP)
    return found


def _whole(typed: str, ask: Ask) -> date | None:
    return next((day for read in READERS if (day := read(typed, ask)) is not None), None)


def _moved(typed: str, ask: Ask) -> date | None:
    """A day and what to add to it: `+3d`, `eom-2bd`, `2026-11-27+1q`; without a day, from today."""
    found = latin(r"(.*?)((?: ?[+-]\d{1,5}(?:bd|d|w|m|q|y))+)", typed)
    if found is None:
        return None
    start = _whole(found[1], ask) if found[1] else ask.today
    if start is None:
        return None
    for count, unit in words.terms(found[2]):
        start = shifted(start, count, unit, ask.calendar)
    return start


# Each reader knows one way to write a day and returns None for every other.


def _iso(typed: str, ask: Ask) -> date | None:
    found = match(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", typed) or match(r"(\d{4})()(\d{2})(\d{2})", typed)
    if found:
        return exact(int(found[1]), int(found[3]), int(found[4]), ask.shown)
    found = chinese(rf"(\d{{4}})年({NUMBER})月({NUMBER})[日号]?(?: ?{words.CHINESE_DAY})?", typed)
    weekday = words.weekday(found[4]) if found and found[4] else None
    return _in_year(int(found[1]), number(found[2]), number(found[3]), ask, weekday) if found else None


def _iso_week(typed: str, ask: Ask) -> date | None:
    found = latin(r"(\d{4})-?w(\d{1,2})(?:-([1-7]))?", typed)
    if found is None:
        return None
    year, week = int(found[1]), int(found[2])
    weeks = date(year, 12, 28).isocalendar().week
    if not 1 <= week <= weeks:
        raise UsageError(
            say("{shown} is not a week: {year} has {weeks} weeks", shown=ask.shown, year=year, weeks=weeks), hint=HELP
        )
    return date.fromisocalendar(year, week, int(found[3] or (1 if ask.edge == "start" else 7)))


def _named(typed: str, ask: Ask) -> date | None:
    return ask.today + words.NAMED[typed] * DAY if typed in words.NAMED else None


def _weekday(typed: str, ask: Ask) -> date | None:
    """`fri` is the Friday after today, or the last one; `next fri`, `下周五` the Friday of the week after this one."""
    found = latin(r"(?:(last|this|next) )?([a-z]+)", typed)
    found = found or chinese(rf"(上上|上|这|本|下|下下)?个?{words.CHINESE_DAY}", typed)
    day = words.weekday(found[2]) if found else None
    if found is None or day is None:
        return None
    if found[1]:
        return span("w", ask.today, words.SHIFTS[found[1]])[0] + day * DAY
    if ask.past:
        return ask.today - (ask.today.weekday() - day) % 7 * DAY
    return ask.today + ((day - ask.today.weekday() - 1) % 7 + 1) * DAY


def _edge(typed: str, ask: Ask) -> date | None:
    """`eom`, `soq`, `月底`, `下季度末`, `明年初`: the last or first day of a week, month, quarter or year."""
    if found := latin(r"([se])o([wmqy])", typed):
        return span(found[2], ask.today)[found[1] == "e"]
    if found := chinese(r"(上上|上|这|本|下|下下)?个?(月|季度|季|年)([底末初])", typed):
        return span(words.UNITS[found[2]], ask.today, words.SHIFTS.get(found[1] or "本", 0))[found[3] != "初"]
    if found := chinese(r"(前年|去年|今年|明年|后年|\d{4}年)年?([底末初])", typed):
        year = words.YEARS[found[1]] if found[1] in words.YEARS else int(found[1][:4]) - ask.today.year
        return span("y", ask.today, year)[found[2] != "初"]
    return _month_edge(typed, ask)


def _month_edge(typed: str, ask: Ask) -> date | None:
    """`4月初`, `明年4月底`, `2026年4月末`."""
    found = chinese(rf"(?:(前年|去年|今年|明年|后年)|(\d{{4}})年)?({NUMBER})月([底末初])", typed)
    if found is None:
        return None
    years = [ask.today.year + shift for shift in (words.YEARS[found[1]],)] if found[1] else []
    years = years or ([int(found[2])] if found[2] else [ask.today.year + shift for shift in (-1, 0, 1)])
    month = number(found[3])
    return _nearest([span("m", exact(year, month, 1, ask.shown))[found[4] != "初"] for year in years], ask)


def _period(typed: str, ask: Ask) -> date | None:
    """`2026Q4`, `2026-11`, `next month`, `下周`: the edge that was asked for."""
    period = _period_by_number(typed, ask) or _period_by_name(typed, ask)
    return period[ask.edge != "start"] if period else None


def _period_by_number(typed: str, ask: Ask) -> tuple[date, date] | None:
    if found := latin(r"(\d{4})[- ]?(?:(q)([1-4])|(h)([12]))", typed):
        unit, count, months = ("q", found[3], 3) if found[2] else ("h", found[5], 6)
        return span(unit, date(int(found[1]), int(count) * months, 1))
    if found := chinese(r"(?:(\d{4})年)?第?([一二三四1-4])季度?", typed):
        return span("q", date(int(found[1] or ask.today.year), number(found[2]) * 3, 1))
    if found := match(r"(\d{4})-(\d{2})", typed) or chinese(rf"(\d{{4}})年({NUMBER})月", typed):
        return span("m", exact(int(found[1]), number(found[2]), 1, ask.shown))
    found = match(r"(\d{4})年?", typed)
    return span("y", date(int(found[1]), 1, 1)) if found else None


def _period_by_name(typed: str, ask: Ask) -> tuple[date, date] | None:
    if typed in words.YEARS:
        return span("y", ask.today, words.YEARS[typed])
    found = latin(r"(last|this|next) (week|month|quarter|year)", typed)
    found = found or chinese(r"(上上|上|这|本|下|下下)个?(周|星期|礼拜|月|季度|季)", typed)
    return span(words.UNITS[found[2]], ask.today, words.SHIFTS[found[1]]) if found else None


def _written(typed: str, ask: Ask) -> date | None:
    """`27 Nov`, `Fri 27 Nov 2026`, `Nov 27th`, `27/Nov/2026`. A weekday must agree with the day, and settles a missing
    year."""
    nth = "(?P<day>\\d{1,2})(?:st|nd|rd|th)?"
    name, year = "(?P<month>[a-z]{3,9})\\.?", "(?P<year>\\d{4})"
    found = latin(f"(?:(?P<on>[a-z]{{3,9}}),? )?{nth}[ /-]{name},?(?:[ /-]{year})?", typed)
    found = found or latin(f"(?:(?P<on>[a-z]{{3,9}}),? )?{name}[ -]{nth}(?:(?:,? |-){year})?", typed)
    month = words.month(found["month"]) if found else None
    if found is None or month is None:
        return None
    weekday = words.weekday(found["on"]) if found["on"] else None
    if found["on"] and weekday is None:
        return None
    return _in_year(int(found["year"]) if found["year"] else None, month, int(found["day"]), ask, weekday)


def _chinese(typed: str, ask: Ask) -> date | None:
    """`11月27日`, `11月27日 周五`, `明年3月1日`, `27 11月 2026`, `十一月 27, 2026`, `下月5号`, `27号`."""
    if found := chinese(rf"(前年|去年|今年|明年|后年)?({NUMBER})月({NUMBER})[日号]?(?: ?{words.CHINESE_DAY})?", typed):
        year = ask.today.year + words.YEARS[found[1]] if found[1] else None
        weekday = words.weekday(found[4]) if found[4] else None
        return _in_year(year, number(found[2]), number(found[3]), ask, weekday)
    if found := chinese(rf"(\d{{1,2}})[ /-]({NUMBER})月(?:,? |[/-])(\d{{4}})", typed):
        return exact(int(found[3]), number(found[2]), int(found[1]), ask.shown)
    if found := chinese(rf"({NUMBER})月 (\d{{1,2}}),? (\d{{4}})", typed):
        return exact(int(found[3]), number(found[1]), int(found[2]), ask.shown)
    if found := chinese(rf"(上|这|本|下)个?月({NUMBER})[日号]", typed):
        month = span("m", ask.today, words.SHIFTS[found[1]])[0]
        return exact(month.year, month.month, number(found[2]), ask.shown)
    if found := chinese(rf"({NUMBER})[日号]", typed):
        return _of_a_month(number(found[1]), ask)
    return None


def _nearest(days: list[date], ask: Ask) -> date:
    """The coming one of these days, or the last one; today is either. One alone is meant whenever it is."""
    if len(days) == 1:
        return days[0]
    return max(day for day in days if day <= ask.today) if ask.past else min(day for day in days if day >= ask.today)


def _of_a_month(day: int, ask: Ask) -> date:
    """`27号`: of this month, or of the nearest one that has such a day."""
    exact(2000, 1, day, ask.shown)
    months = [span("m", ask.today, shift)[0] for shift in (-2, -1, 0, 1, 2)]
    return _nearest([each.replace(day=day) for each in months if day <= days_in(each.year, each.month)], ask)


def _in_year(year: int | None, month: int, day: int, ask: Ask, weekday: int | None = None) -> date:
    """Without a year: the coming one, or the last; with a weekday the one that agrees with it."""
    if year is not None:
        found = exact(year, month, day, ask.shown)
        if weekday not in (None, found.weekday()):
            raise UsageError(
                say(
                    "{shown} is not a date: that is a {weekday}",
                    shown=ask.shown,
                    weekday=words.SHOWN_LONG_DAYS[found.weekday()],
                ),
                hint=HELP,
            )
        return found
    if weekday is None:
        if (month, day) != (2, 29):
            exact(ask.today.year, month, day, ask.shown)
        years = range(max(1, ask.today.year - 8), min(9999, ask.today.year + 8) + 1)
        return _nearest([date(each, month, day) for each in years if day <= days_in(each, month)], ask)
    around = [ask.today.year + shift for shift in (0, 1, -1)]
    days = [date(year, month, day) for year in around if 1 <= month <= 12 and 1 <= day <= days_in(year, month)]
    agreeing = [each for each in days if each.weekday() == weekday]
    if not agreeing:
        raise UsageError(
            say(
                "{shown} is not a {weekday} this year or next",
                shown=ask.shown,
                weekday=words.SHOWN_LONG_DAYS[weekday],
            ),
            hint=HELP,
        )
    return agreeing[0]


def _counted(typed: str, ask: Ask) -> date | None:
    """`3天后`, `两周前`, `5个工作日后`."""
    found = chinese(rf"({NUMBER})个?(天|日|周|星期|礼拜|月|季度|季|年|工作日)(?:以|之)?(后|前)", typed)
    if found is None:
        return None
    count = number(found[1]) * (1 if found[3] == "后" else -1)
    return shifted(ask.today, count, words.UNITS[found[2]], ask.calendar)


def _slashed(typed: str, ask: Ask) -> date | None:
    """`10/11/2026`: only when one reading is possible, or `order` says which one."""
    found = match(r"(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{2,4}))?", typed)
    if found is None:
        return None
    if found[4] and len(found[4]) != 4:
        raise UsageError(
            say("{shown} is not clear: write the year first and with four digits", shown=ask.shown), hint=HELP
        )
    year, first, second = int(found[4]) if found[4] else None, int(found[1]), int(found[3])
    days = [
        _in_year(year, month, day, ask)
        for order, day, month in (("dmy", first, second), ("mdy", second, first))
        if ask.order in ("", order) and 1 <= month <= 12 and 1 <= day <= days_in(year or ask.today.year, month)
    ]
    if not days:
        raise UsageError(
            say(
                "{shown} is not a date{in_}",
                shown=ask.shown,
                in_=say(" in the order {order}", order=ask.order) if ask.order else "",
            ),
            hint=HELP,
        )
    if len(set(days)) == 1:
        return days[0]
    told = listed(
        (
            say(
                "{day} {month}{year}",
                day=day.day,
                month=words.SHOWN_LONG_MONTHS[day.month - 1],
                year=say(" {year}", year=year) if year else "",
            )
            for day in days
        ),
        " or ",
    )
    hint = say("write {day}, or set date.order ({help})", day=days[0].isoformat(), help=HELP)
    raise UsageError(say("{shown} could be {told}", shown=ask.shown, told=told), hint=hint)


READERS: tuple[Callable[[str, Ask], date | None], ...] = (
    *(_named, _weekday, _iso, _edge, _iso_week, _period, _written, _chinese, _counted, _slashed),
)
