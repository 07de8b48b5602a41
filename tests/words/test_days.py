"""What can be typed for a day, and what is refused."""

import re
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oppcli.errors import UsageError
from oppcli.model.policy import Calendar
from oppcli.words import day_names
from oppcli.words.days import parse_date
from oppcli.words.shown import echo, show_date

MONDAY = date(2026, 3, 9)
OFFICE = ((540, 1080),)
SPRING_FESTIVAL = Calendar(
    name="cn",
    timezone="Asia/Shanghai",
    week=(OFFICE, OFFICE, OFFICE, OFFICE, OFFICE, (), ()),
    holidays=frozenset(date(2026, 2, 15) + timedelta(days=n) for n in range(9)),
    workdays=frozenset({date(2026, 2, 14), date(2026, 2, 28)}),
)
NEVER_OPEN = Calendar(name="closed", timezone="UTC", week=((),) * 7)

TYPED = [
    ("2026-11-27", "2026-11-27"),
    ("2026/11/27", "2026-11-27"),
    ("2026.11.27", "2026-11-27"),
    ("20261127", "2026-11-27"),
    ("２０２６－１１－２７", "2026-11-27"),
    (" 2026-11-27 ", "2026-11-27"),
    ("2024-02-29", "2024-02-29"),
    ("today", "2026-03-09"),
    ("Tomorrow", "2026-03-10"),
    ("yesterday", "2026-03-08"),
    ("mon", "2026-03-16"),
    ("tue", "2026-03-10"),
    ("SUN", "2026-03-15"),
    ("friday", "2026-03-13"),
    ("next fri", "2026-03-20"),
    ("this mon", "2026-03-09"),
    ("last fri", "2026-03-06"),
    ("+3d", "2026-03-12"),
    ("-3d", "2026-03-06"),
    ("+2w", "2026-03-23"),
    ("-1m", "2026-02-09"),
    ("+1q", "2026-06-09"),
    ("+1y", "2027-03-09"),
    ("+5bd", "2026-03-16"),
    ("-1bd", "2026-03-06"),
    ("+0bd", "2026-03-09"),
    ("+1m-1d", "2026-04-08"),
    ("eom-2bd", "2026-03-27"),
    ("2026-01-31+1m", "2026-02-28"),
    ("2026-11-27 +1w", "2026-12-04"),
    ("sow", "2026-03-09"),
    ("eow", "2026-03-15"),
    ("som", "2026-03-01"),
    ("eom", "2026-03-31"),
    ("soq", "2026-01-01"),
    ("eoq", "2026-03-31"),
    ("eoy", "2026-12-31"),
    ("2026-W48", "2026-11-29"),
    ("2026W48", "2026-11-29"),
    ("2026-W48-3", "2026-11-25"),
    ("2026-W53", "2027-01-03"),
    ("2026Q4", "2026-12-31"),
    ("2026-q1", "2026-03-31"),
    ("2026H1", "2026-06-30"),
    ("2026-11", "2026-11-30"),
    ("2024-02", "2024-02-29"),
    ("2026", "2026-12-31"),
    ("next month", "2026-04-30"),
    ("last quarter", "2025-12-31"),
    ("27 Nov", "2026-11-27"),
    ("Nov 27, 2025", "2025-11-27"),
    ("27 11月 2025", "2025-11-27"),
    ("十一月 27, 2025", "2025-11-27"),
    ("27 september 2026", "2026-09-27"),
    ("27-Sep-2026", "2026-09-27"),
    ("Fri 27 Nov", "2026-11-27"),
    ("Thu 27 Nov", "2025-11-27"),
    ("5 Jan", "2027-01-05"),
    ("9 Mar", "2026-03-09"),
    ("8 Mar", "2027-03-08"),
    ("25/12/2026", "2026-12-25"),
    ("12/25/2026", "2026-12-25"),
    ("11/11", "2026-11-11"),
    ("今天", "2026-03-09"),
    ("明天", "2026-03-10"),
    ("后天", "2026-03-11"),
    ("大后天", "2026-03-12"),
    ("昨天", "2026-03-08"),
    ("周五", "2026-03-13"),
    ("本周五", "2026-03-13"),
    ("下周五", "2026-03-20"),
    ("下星期天", "2026-03-22"),
    ("上周日", "2026-03-08"),
    ("下下周一", "2026-03-23"),
    ("3天后", "2026-03-12"),
    ("三天之后", "2026-03-12"),
    ("两周前", "2026-02-23"),
    ("3个月后", "2026-06-09"),
    ("5个工作日后", "2026-03-16"),
    ("十五天后", "2026-03-24"),
    ("月底", "2026-03-31"),
    ("下月底", "2026-04-30"),
    ("下个月底", "2026-04-30"),
    ("季度末", "2026-03-31"),
    ("年底", "2026-12-31"),
    ("2027年底", "2027-12-31"),
    ("2027年初", "2027-01-01"),
    ("明年初", "2027-01-01"),
    ("月初", "2026-03-01"),
    ("季初", "2026-01-01"),
    ("年初", "2026-01-01"),
    ("4月初", "2026-04-01"),
    ("3月初", "2027-03-01"),
    ("四月底", "2026-04-30"),
    ("明年4月初", "2027-04-01"),
    ("2028年2月末", "2028-02-29"),
    ("下月", "2026-04-30"),
    ("11月27日", "2026-11-27"),
    ("11月27号", "2026-11-27"),
    ("十一月二十七日", "2026-11-27"),
    ("2026年11月27日", "2026-11-27"),
    ("明年3月1日", "2027-03-01"),
    ("下月5号", "2026-04-05"),
    ("27号", "2026-03-27"),
    ("2026年第四季度", "2026-12-31"),
]


@pytest.mark.parametrize(("typed", "meant"), TYPED)
def test_a_day_is_read_as_people_mean_it(typed: str, meant: str) -> None:
    assert parse_date(typed, today=MONDAY).isoformat() == meant


REFUSED = [
    ("2026-02-30", "2026-02-30 is not a date: February 2026 has 28 days"),
    ("2026-13-01", "2026-13-01 is not a date: there is no month 13"),
    ("2026-00-10", "2026-00-10 is not a date: there is no month 0"),
    ("2026-11-00", "2026-11-00 is not a date: November 2026 has 30 days"),
    ("11月31日", "11月31日 is not a date: November 2026 has 30 days"),
    ("30 Feb", "30 Feb is not a date: February 2026 has 28 days"),
    ("2026-W54", "2026-W54 is not a week: 2026 has 53 weeks"),
    ("10/11/2026", "10/11/2026 could be 10 November 2026 or 11 October 2026"),
    ("10/11", "10/11 could be 10 November or 11 October"),
    ("10.11.2026", "10.11.2026 could be 10 November 2026 or 11 October 2026"),
    ("10/11/26", "10/11/26 is not clear: write the year first and with four digits"),
    ("31/31/2026", "31/31/2026 is not a date"),
    ("Mon 27 Nov 2026", "Mon 27 Nov 2026 is not a date: that is a Friday"),
    ("+99999y", "+99999y is outside the years 1 to 9999"),
    ("0000-01-01", "0000-01-01 is outside the years 1 to 9999"),
    ("3d", "'3d' is not a date"),
    ("", "'' is not a date"),
    ("soon", "'soon' is not a date"),
    ("2026-11-27T10:00", "'2026-11-27T10:00' is not a date"),
    ("2026-11-27; DROP TABLE deal", "'2026-11-27; DROP TABLE deal' is not a date"),
    ("٢٠٢٦-11-27", "'٢٠٢٦-11-27' is not a date"),
]


@pytest.mark.parametrize(("typed", "message"), REFUSED)
def test_what_is_no_single_day_is_refused_and_says_why(typed: str, message: str) -> None:
    with pytest.raises(UsageError) as refusal:
        parse_date(typed, today=MONDAY)
    assert refusal.value.message == message
    assert "opp help dates" in (refusal.value.hint or "")


def test_the_refusal_of_an_ambiguous_date_shows_how_to_write_it() -> None:
    with pytest.raises(UsageError) as refusal:
        parse_date("10/11", today=MONDAY)
    assert refusal.value.hint == "write 2026-11-10, or set date.order (opp help dates)"


@pytest.mark.parametrize(("order", "meant"), [("dmy", date(2026, 11, 10)), ("mdy", date(2026, 10, 11))])
def test_an_ambiguous_date_is_read_in_the_order_that_was_set(order: str, meant: date) -> None:
    assert parse_date("10/11/2026", today=MONDAY, order=order) == meant


def test_an_order_that_was_set_is_kept_even_where_the_other_one_would_fit() -> None:
    with pytest.raises(UsageError, match="25/12/2026 is not a date in the order mdy"):
        parse_date("25/12/2026", today=MONDAY, order="mdy")


@pytest.mark.parametrize(
    ("typed", "start", "end"),
    [
        ("2026Q4", "2026-10-01", "2026-12-31"),
        ("2026-W48", "2026-11-23", "2026-11-29"),
        ("2026-11", "2026-11-01", "2026-11-30"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("下周", "2026-03-16", "2026-03-22"),
        ("明年", "2027-01-01", "2027-12-31"),
    ],
)
def test_a_period_is_its_first_or_its_last_day_as_asked(typed: str, start: str, end: str) -> None:
    edges = [parse_date(typed, today=MONDAY, edge=edge).isoformat() for edge in ("start", "end")]
    assert edges == [start, end]


@pytest.mark.parametrize(
    ("today", "typed", "meant"),
    [
        ("2026-12-01", "27 Nov", "2027-11-27"),
        ("2026-12-01", "5 Jan", "2027-01-05"),
        ("2026-12-01", "1月5日", "2027-01-05"),
        ("2026-01-10", "20 Dec", "2026-12-20"),
        ("2026-03-28", "5号", "2026-04-05"),
        ("2026-03-28", "27号", "2026-04-27"),
        ("2026-03-28", "28号", "2026-03-28"),
        ("2026-01-31", "30号", "2026-03-30"),
        ("2026-03-09", "29 Feb", "2028-02-29"),
        ("2024-02-29", "+1y", "2025-02-28"),
        ("2026-01-01", "-1d", "2025-12-31"),
        ("2026-12-31", "eoy+1d", "2027-01-01"),
    ],
)
def test_a_day_without_a_year_is_the_coming_one(today: str, typed: str, meant: str) -> None:
    assert parse_date(typed, today=date.fromisoformat(today)).isoformat() == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("mon", "2026-03-09"),  # today counts
        ("tue", "2026-03-03"),
        ("周日", "2026-03-08"),
        ("9 Mar", "2026-03-09"),
        ("10 Mar", "2025-03-10"),
        ("11月27日", "2025-11-27"),
        ("27号", "2026-02-27"),
        ("9号", "2026-03-09"),
        ("4月初", "2025-04-01"),
        ("25/12", "2025-12-25"),
        ("Fri 27 Nov", "2026-11-27"),  # the weekday says which year
        ("next fri", "2026-03-20"),
        ("月初", "2026-03-01"),
        ("+3d", "2026-03-12"),
    ],
)
def test_looking_back_a_weekday_or_a_day_without_a_year_is_the_last_one(typed: str, meant: str) -> None:
    assert parse_date(typed, today=MONDAY, past=True).isoformat() == meant


@pytest.mark.parametrize(
    ("today", "typed", "meant"),
    [
        ("2026-02-13", "+1bd", "2026-02-14"),  # a Saturday that is worked
        ("2026-02-13", "+2bd", "2026-02-24"),  # over the festival
        ("2026-02-24", "-1bd", "2026-02-14"),
        ("2026-02-16", "+0bd", "2026-02-24"),
        ("2026-02-27", "1个工作日后", "2026-02-28"),
    ],
)
def test_business_days_are_those_of_the_calendar(today: str, typed: str, meant: str) -> None:
    day = parse_date(typed, today=date.fromisoformat(today), calendar=SPRING_FESTIVAL)
    assert day.isoformat() == meant


def test_a_calendar_that_is_never_open_is_refused_instead_of_searched_for_ever() -> None:
    with pytest.raises(UsageError, match="calendar closed has no business day near"):
        parse_date("+1bd", today=MONDAY, calendar=NEVER_OPEN)


days = st.dates(min_value=date(1, 1, 1), max_value=date(9999, 12, 31))
WAYS = SimpleNamespace(
    iso=lambda day: day.isoformat(),
    slashed=lambda day: f"{day.year:04d}/{day.month}/{day.day}",
    compact=lambda day: f"{day.year:04d}{day.month:02d}{day.day:02d}",
    chinese=lambda day: f"{day.year:04d}年{day.month}月{day.day}日",
    week=lambda day: "{:04d}-W{:02d}-{}".format(*day.isocalendar()),
    english=show_date,
)


@given(day=st.dates(date(1, 1, 1), date(9998, 12, 31)), today=days, way=st.sampled_from(sorted(vars(WAYS))))
def test_a_day_written_in_full_reads_back_as_itself_whenever_it_is_read(day: date, today: date, way: str) -> None:
    assert parse_date(getattr(WAYS, way)(day), today=today) == day


@given(day=days, today=st.dates(date(2, 1, 1), date(9998, 12, 31)))
def test_a_day_as_a_terminal_shows_it_reads_back_as_itself(day: date, today: date) -> None:
    assert parse_date(show_date(day, today), today=today) == day


@given(today=st.dates(date(1900, 1, 1), date(2200, 1, 1)), count=st.integers(-400, 400))
def test_days_and_weeks_add_up(today: date, count: int) -> None:
    assert parse_date(f"{count:+d}d", today=today) - today == timedelta(days=count)
    assert parse_date(f"{count:+d}w", today=today) - today == timedelta(weeks=count)


@given(today=st.dates(date(1900, 1, 1), date(2200, 1, 1)), count=st.integers(1, 60))
def test_business_days_between_are_as_many_as_were_added(today: date, count: int) -> None:
    there = parse_date(f"+{count}bd", today=today)
    passed = [today + timedelta(days=n) for n in range(1, (there - today).days + 1)]
    assert sum(day.weekday() < 5 for day in passed) == count
    assert there.weekday() < 5


@given(typed=st.text(max_size=80))
def test_any_text_is_a_day_or_a_usage_error(typed: str) -> None:
    try:
        found: object = parse_date(typed, today=MONDAY)
    except UsageError as refusal:
        found = refusal
    assert isinstance(found, (date, UsageError))


def test_a_relative_day_is_echoed_resolved_and_a_full_one_is_not() -> None:
    told = [echo(typed, date(2026, 3, 12), today=MONDAY) for typed in ("+3d", "2026-03-12")]
    assert told == ["+3d = Thu 12 Mar", None]


def test_a_day_of_another_year_is_shown_with_its_year() -> None:
    assert show_date(date(2027, 1, 1), MONDAY) == "Fri 1 Jan 2027"


def test_every_chinese_character_that_a_reader_takes_is_one_that_days_are_written_with() -> None:
    readers = (Path(day_names.__file__).with_name(name).read_text("utf-8") for name in ("days.py", "instants.py"))
    taken = set(re.findall("[\u3007\u4e00-\u9fff]", "".join(readers))) - {*"现在"}  # a word, and no pattern
    assert (taken - day_names.HAN, len(taken) > 30) == (set(), True)


@pytest.mark.parametrize("text", ["发方案", "下周五 发方案", "call", "+3d offer"])
def test_what_is_no_day_compiles_no_pattern_of_the_other_script(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    fullmatch = re.fullmatch

    def heard(pattern: str, *given: Any) -> re.Match[str] | None:
        tried.append(pattern)
        return fullmatch(pattern, *given)

    monkeypatch.setattr(re, "fullmatch", heard)
    with pytest.raises(UsageError):
        parse_date(text, today=date(2026, 11, 27))
    chinese = [pattern for pattern in tried if not pattern.isascii() and "年?" not in pattern]
    latin = [pattern for pattern in tried if "[a-z]" in pattern]
    assert chinese == []
    assert (latin == []) is not text.isascii()
