"""Periods: what they are called, which days they have, how they are typed."""

from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oppcli.errors import UsageError
from oppcli.model.units import PERIODS
from oppcli.words.periods import (
    Period,
    between,
    containing,
    label,
    parse_period,
    previous,
    unit_of,
    without_gaps,
    year_before,
)

FRIDAY = date(2026, 11, 27)
DAYS = st.dates(date(1000, 1, 1), date(9990, 12, 31))
MONTHS = st.integers(1, 12)


@pytest.mark.parametrize(
    ("day", "unit", "begins", "called", "first", "last"),
    [
        ("2026-11-27", "day", 4, "2026-11-27", "2026-11-27", "2026-11-27"),
        ("2026-11-27", "week", 4, "2026-W48", "2026-11-23", "2026-11-29"),
        ("2027-01-01", "week", 1, "2026-W53", "2026-12-28", "2027-01-03"),
        ("2026-11-27", "month", 4, "2026-11", "2026-11-01", "2026-11-30"),
        ("2026-11-27", "quarter", 1, "2026Q4", "2026-10-01", "2026-12-31"),
        ("2026-11-27", "quarter", 4, "FY2026/27Q3", "2026-10-01", "2026-12-31"),
        ("2026-02-28", "quarter", 4, "FY2025/26Q4", "2026-01-01", "2026-03-31"),
        ("2026-01-31", "quarter", 2, "FY2025/26Q4", "2025-11-01", "2026-01-31"),
        ("2026-11-27", "year", 1, "2026", "2026-01-01", "2026-12-31"),
        ("2026-03-31", "year", 4, "FY2025/26", "2025-04-01", "2026-03-31"),
        ("2026-04-01", "year", 4, "FY2026/27", "2026-04-01", "2027-03-31"),
        ("1999-12-31", "year", 12, "FY1999/00", "1999-12-01", "2000-11-30"),
    ],
)
def test_a_day_lies_in_one_period_of_each_unit(day, unit, begins, called, first, last):
    found = date.fromisoformat(day)
    assert label(found, unit, begins) == called
    assert containing(found, unit, begins) == (date.fromisoformat(first), date.fromisoformat(last))


@given(DAYS, st.sampled_from(PERIODS), MONTHS)
def test_all_days_of_a_period_and_no_others_are_called_as_it_is(day, unit, begins):
    first, last = containing(day, unit, begins)
    called = label(day, unit, begins)
    assert first <= day <= last
    assert label(first, unit, begins) == label(last, unit, begins) == called
    assert called not in {label(each, unit, begins) for each in (first - timedelta(1), last + timedelta(1))}


@given(DAYS, st.integers(0, 800), st.sampled_from(PERIODS), MONTHS)
def test_the_periods_between_two_days_are_those_of_the_days_between_in_order(day, days, unit, begins):
    last = day + timedelta(days)
    each = dict.fromkeys(label(day + timedelta(n), unit, begins) for n in range(days + 1))
    found = list(between(day, last, unit, begins))
    assert found == list(each) == sorted(found)


@given(DAYS, st.sampled_from(PERIODS), MONTHS)
def test_the_period_before_ends_on_the_day_before_and_is_of_the_same_unit(day, unit, begins):
    period = containing(day, unit, begins)
    before = previous(period, begins)
    assert before.last + timedelta(1) == period.first
    assert label(before.first, unit, begins) == label(before.last, unit, begins)


@pytest.mark.parametrize(
    ("first", "last", "before", "a_year_before"),
    [
        ("2026-11-01", "2026-11-30", "2026-10-01 2026-10-31", "2025-11-01 2025-11-30"),
        ("2025-02-01", "2025-02-28", "2025-01-01 2025-01-31", "2024-02-01 2024-02-29"),
        ("2026-10-01", "2026-12-31", "2026-07-01 2026-09-30", "2025-10-01 2025-12-31"),
        ("2026-04-01", "2027-03-31", "2025-04-01 2026-03-31", "2025-04-01 2026-03-31"),
        ("2026-12-28", "2027-01-03", "2026-12-21 2026-12-27", "2025-12-22 2025-12-28"),
        ("2026-11-02", "2026-11-06", "2026-10-28 2026-11-01", "2025-11-02 2025-11-06"),
        ("2024-02-29", "2024-03-02", "2024-02-26 2024-02-28", "2023-02-28 2023-03-02"),
    ],
)
def test_what_a_period_is_compared_with(first, last, before, a_year_before):
    period = Period(date.fromisoformat(first), date.fromisoformat(last))
    assert " ".join(map(str, previous(period, 4))) == before
    assert " ".join(map(str, year_before(period, 4))) == a_year_before


def test_the_first_day_there_is_has_nothing_before_it():
    with pytest.raises(ValueError, match="Period"):
        previous(Period(date.min, date(1, 1, 31)))


def test_some_days_are_of_no_unit_and_a_cut_keeps_the_first_ones():
    period = Period(date(2026, 11, 1), date(2026, 11, 29))
    assert unit_of(period) is None
    assert period.cut(3) == (date(2026, 11, 1), date(2026, 11, 3))
    assert period.cut(99) == period


@pytest.mark.parametrize(
    ("text", "begins", "first", "last"),
    [
        ("2026-11-27", 4, "2026-11-27", "2026-11-27"),
        ("2026-W48", 4, "2026-11-23", "2026-11-29"),
        ("2026-11", 4, "2026-11-01", "2026-11-30"),
        ("2026Q4", 4, "2026-10-01", "2026-12-31"),
        ("2026", 4, "2026-01-01", "2026-12-31"),
        ("FY2026/27", 4, "2026-04-01", "2027-03-31"),
        ("fy2026/27q3", 4, "2026-10-01", "2026-12-31"),
        ("FY2026/2027Q4", 4, "2027-01-01", "2027-03-31"),
        ("this-month", 4, "2026-11-01", "2026-11-30"),
        ("last-week", 4, "2026-11-16", "2026-11-22"),
        ("last-quarter", 1, "2026-07-01", "2026-09-30"),
        ("this-quarter", 2, "2026-11-01", "2027-01-31"),
        ("this year", 4, "2026-04-01", "2027-03-31"),
        ("last-year", 1, "2025-01-01", "2025-12-31"),
        ("上季度", 2, "2026-08-01", "2026-10-31"),
        ("本财年", 4, "2026-04-01", "2027-03-31"),
        ("上个月", 4, "2026-10-01", "2026-10-31"),
        ("本周", 4, "2026-11-23", "2026-11-29"),
        ("今年", 4, "2026-01-01", "2026-12-31"),
        ("today", 4, "2026-11-27", "2026-11-27"),
    ],
)
def test_a_period_is_typed_as_it_is_called_or_by_its_name(text, begins, first, last):
    found = parse_period(text, today=FRIDAY, begins=begins)
    assert found == (date.fromisoformat(first), date.fromisoformat(last))


@given(DAYS, st.sampled_from(PERIODS), MONTHS)
def test_every_label_is_read_as_its_period(day, unit, begins):
    called = label(day, unit, begins)
    assert parse_period(called, today=FRIDAY, begins=begins) == containing(day, unit, begins)


def test_a_row_has_no_gaps_unless_a_day_was_mistyped():
    known = ["2026-W10", "2026-W13"]
    weeks = partial(without_gaps, known, date(2026, 3, 2), unit="week")
    assert weeks(date(2026, 3, 23)) == ["2026-W10", "2026-W11", "2026-W12", "2026-W13"]
    known.append("9999-W52")
    assert weeks(date(9999, 12, 31)) == known


@pytest.mark.parametrize("text", ["FY2026", "FY2026/28", "2026财年"])
def test_a_fiscal_year_of_one_number_is_refused_with_both_readings(text):
    with pytest.raises(UsageError) as refused:
        parse_period(text, today=FRIDAY, begins=4)
    assert str(refused.value.message) == f"{text} could be FY2025/26 or FY2026/27"


def test_without_a_fiscal_year_in_the_policy_none_is_read():
    with pytest.raises(UsageError, match="names no fiscal year"):
        parse_period("FY2026/27", today=FRIDAY)


@pytest.mark.parametrize("text", ["", "soon", "2026Q5", "this-fortnight"])
def test_what_is_no_period_is_refused(text):
    with pytest.raises(UsageError):
        parse_period(text, today=FRIDAY)


@pytest.mark.parametrize("text", ["2017Q5", "nonsense"])
def test_a_text_that_is_no_period_is_called_so_as_it_was_typed(text):
    with pytest.raises(UsageError, match=f"'{text}' is not a period"):
        parse_period(text, today=FRIDAY)
