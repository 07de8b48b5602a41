"""What comes again: on which dates, and what is skipped."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oppcli.rules.repetition import Next, between, checked, following
from oppcli.words.invalid import Invalid
from oppcli.words.repeats import Repeat, parse


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("daily", "daily"),
        ("Monthly", "monthly"),
        ("每季度", "quarterly"),
        ("每月", "monthly"),
        ("mon,thu", "mon,thu"),
        ("Thursday Mon", "mon,thu"),
        ("每周一", "mon"),
        ("每周一、四", "mon,thu"),
        ("每星期三和周五", "wed,fri"),
        ("周日", "sun"),
        ("RRULE:FREQ=MONTHLY;BYDAY=1MO", "FREQ=MONTHLY;BYDAY=1MO"),
        ("freq=weekly;interval=2;byday=tu", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        ("FREQ=DAILY;UNTIL=20261231T235959Z", "FREQ=DAILY;UNTIL=20261231"),
    ],
)
def test_how_often_may_be_typed_in_many_ways(typed: str, written: str) -> None:
    assert parse(typed).written == written
    assert parse(written).written == written


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "sometimes",
        "mon,xyz",
        "FREQ=HOURLY",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYHOUR=9",
    ],
)
def test_what_does_not_say_how_often_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        parse(typed)


@pytest.mark.parametrize("typed", ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYDAY=XX", "FREQ=DAILY;COUNT=x"])
def test_a_rule_that_never_comes_or_is_none_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        checked(parse(typed), date(2026, 11, 27))


@pytest.mark.parametrize(
    ("typed", "anchor", "due", "today", "expected"),
    [
        # Done on the day, early, and late.
        ("daily", "2026-11-27", "2026-11-27", "2026-11-27", Next(date(2026, 11, 28), 0)),
        ("weekly", "2026-11-27", "2026-11-27", "2026-11-20", Next(date(2026, 12, 4), 0)),
        ("daily", "2026-11-23", "2026-11-23", "2026-11-27", Next(date(2026, 11, 28), 4)),
        # The 31st is the last day of shorter months, and comes back.
        ("monthly", "2026-01-31", "2026-01-31", "2026-01-31", Next(date(2026, 2, 28), 0)),
        ("monthly", "2026-01-31", "2026-02-28", "2026-02-28", Next(date(2026, 3, 31), 0)),
        ("monthly", "2028-01-30", "2028-01-30", "2028-02-01", Next(date(2028, 2, 29), 0)),
        ("quarterly", "2026-11-30", "2026-11-30", "2026-12-01", Next(date(2027, 2, 28), 0)),
        ("yearly", "2028-02-29", "2028-02-29", "2028-03-01", Next(date(2029, 2, 28), 0)),
        ("yearly", "2028-02-29", "2031-02-28", "2031-03-01", Next(date(2032, 2, 29), 0)),
        ("mon,thu", "2026-11-23", "2026-11-23", "2026-11-30", Next(date(2026, 12, 3), 2)),
        # Moved to a Friday, it still comes on Mondays.
        ("mon", "2026-11-23", "2026-11-27", "2026-11-27", Next(date(2026, 11, 30), 0)),
        ("FREQ=MONTHLY;BYDAY=1MO", "2026-11-02", "2026-11-02", "2026-11-29", Next(date(2026, 12, 7), 0)),
        ("FREQ=WEEKLY;COUNT=2", "2026-11-02", "2026-11-09", "2026-11-09", Next(None, 0)),
        ("FREQ=DAILY;UNTIL=20261128", "2026-11-27", "2026-11-27", "2026-11-27", Next(date(2026, 11, 28), 0)),
        ("FREQ=DAILY;UNTIL=20261128", "2026-11-27", "2026-11-28", "2026-11-28", Next(None, 0)),
    ],
)
def test_the_next_one_is_the_first_after_what_was_due_and_today(
    typed: str, anchor: str, due: str, today: str, expected: Next
) -> None:
    days = (date.fromisoformat(day) for day in (anchor, due, today))
    assert following(parse(typed), *days) == expected


words = st.sampled_from(
    ["daily", "weekly", "monthly", "quarterly", "yearly", "mon,thu", "sun", "FREQ=MONTHLY;BYDAY=-1FR"]
)
anchors = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@given(words.map(parse), anchors, st.integers(0, 400), st.integers(0, 400))
def test_dates_skipped_and_next_are_all_there_are(repeat: Repeat, anchor: date, moved: int, gone: int) -> None:
    due = anchor + timedelta(days=moved)
    today = anchor + timedelta(days=gone)
    found = following(repeat, anchor, due, today)
    assert found.on is not None
    assert found.on > max(due, today)
    every = list(between(repeat, anchor, due, found.on))
    assert len(every) == found.skipped + 1 + (0 if due <= today else len([day for day in every if day < found.on]))
    assert every[-1] == found.on


@given(anchors, st.integers(1, 30))
def test_each_month_has_one(anchor: date, months: int) -> None:
    until = anchor + timedelta(days=31 * months)
    found = list(between(parse("monthly"), anchor, anchor - timedelta(days=1), until))
    numbers = [day.year * 12 + day.month for day in found]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
