"""Costs spread over days."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from oppcli.rules.costs import part
from oppcli.words.periods import Period

DAYS = st.dates(date(2000, 1, 1), date(2050, 1, 1))


def test_a_third_of_the_days_has_a_third_of_the_cost() -> None:
    november = Period(date(2026, 11, 1), date(2026, 11, 30))
    assert part(90_00, november, date(2026, 11, 21), None) == 30_00
    assert part(90_00, november, None, date(2026, 10, 31)) == 0
    assert part(100, november, date(2026, 1, 1), date(2026, 12, 31)) == 100


@given(DAYS, st.integers(0, 500), st.integers(0, 10**12), st.integers(-600, 600))
def test_the_parts_on_both_sides_of_any_day_add_up_to_the_whole(first: date, days: int, amount: int, cut: int) -> None:
    period, day = Period(first, first + timedelta(days)), first + timedelta(cut)
    before, after = part(amount, period, None, day), part(amount, period, day + timedelta(1), None)
    assert before + after == Fraction(amount)
    assert before >= 0
    assert after >= 0
