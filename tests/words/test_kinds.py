"""What may be typed for a value, and what is refused."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oppcli.model import money
from oppcli.words import kinds
from oppcli.words.invalid import Invalid
from oppcli.words.kinds import Reading


@pytest.mark.parametrize(
    ("kind", "text", "stored"),
    [
        ("money", "500000", 50_000_000),
        ("money", "500000.00", 50_000_000),
        ("money", "500,000.50", 50_000_050),
        ("money", "500_000", 50_000_000),
        ("money", "CNY 500000", 50_000_000),
        ("money", "50万", 50_000_000),
        ("money", "1.2亿", 12_000_000_000),
        ("money", "80k", 8_000_000),
        ("money", "0", 0),
        ("percent", "12.5", 125_000),
        ("percent", "12.5%", 125_000),
        ("percent", "0.0001", 1),
        ("int", "30", 30),
        ("number", "1.50", "1.5"),
        ("number", "1200", "1200"),
        ("bool", "yes", True),
        ("bool", "是", True),
        ("bool", "no", False),
        ("bool", "否", False),
        ("date", "2026-11-27", "2026-11-27"),
        ("text", "  上海精密  ", "上海精密"),
        ("text", "   ", None),
        ("money", "", None),
    ],
)
def test_typed_text_becomes_the_stored_value(kind: str, text: str, stored: object) -> None:
    assert kinds.parse(kind, text) == stored


@pytest.mark.parametrize(
    ("kind", "text", "says"),
    [
        ("money", "1.234", "more decimals than CNY"),
        ("money", "1,5", "is not a number"),
        ("money", "12,34", "is not a number"),
        ("money", "9" * 21, "too large"),
        ("money", "abc", "is not a number"),
        ("money", "NaN", "is not a number"),
        ("money", "Infinity", "is not a number"),
        ("money", "٣", "is not a number"),
        ("percent", "0.00001", "more than 4 decimals"),
        ("int", "1.5", "not a whole number"),
        ("number", "1e400", "a spreadsheet has shortened it"),
        ("number", "1" * 29, "cannot be kept"),
        ("bool", "maybe", "neither yes nor no"),
        ("date", "2026-02-30", "not a date"),
        ("date", "soon", "not a date"),
        ("text", "a\x00b", "NUL"),
        ("text", "broken \udce4", "broken UTF-8"),
        ("text", "x" * 10_001, "10,001 characters"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_reason(kind: str, text: str, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        kinds.parse(kind, text)


@pytest.mark.parametrize(
    ("currency", "text", "minor"), [("JPY", "5000", 5000), ("KWD", "1.234", 1234), ("USD", "1.23", 123)]
)
def test_a_currency_has_its_own_decimals(currency: str, text: str, minor: int) -> None:
    assert kinds.parse("money", text, Reading(currency)) == minor


@given(st.integers(min_value=-money.LARGEST, max_value=money.LARGEST), st.sampled_from(["CNY", "JPY", "KWD", "USD"]))
def test_money_shown_and_typed_back_is_the_same_money(minor: int, currency: str) -> None:
    assert kinds.parse("money", money.plain(minor, currency), Reading(currency)) == minor
    assert kinds.parse("money", kinds.shown("money", minor, currency), Reading(currency)) == minor


@given(st.integers(min_value=-(10**9), max_value=10**9))
def test_a_percentage_shown_and_typed_back_is_the_same(units: int) -> None:
    assert kinds.parse("percent", kinds.shown("percent", units)) == units


@pytest.mark.parametrize(
    ("kind", "stored", "seen"),
    [
        ("money", 80_000_050, Decimal("800000.50")),
        ("percent", 125_000, Decimal("12.5")),
        ("int", 30, Decimal(30)),
        ("number", "1.5", Decimal("1.5")),
        ("date", "2026-11-27", date(2026, 11, 27)),
        ("bool", True, True),
        ("text", "A", "A"),
        ("money", None, None),
    ],
)
def test_conditions_see_major_units_and_per_cent(kind: str, stored: object, seen: object) -> None:
    assert kinds.comparable(kind, stored) == seen
