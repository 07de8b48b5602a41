"""What one currency was worth in another on a day, either way round and through a third; money rounded half up."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oppcli.model.rates import Dated
from oppcli.rules.exchange import Book, Converter, Worth, converted, rounded

BOOK = Book(
    {
        ("EUR", "CNY"): (("2026-01-01", "7.5"), ("2026-03-01", "8")),
        ("CNY", "GBP"): (("2026-02-01", "0.1"),),
        ("EUR", "USD"): (("2026-02-10", "1.25"),),
        ("EUR", "JPY"): (("2026-01-10", "160"),),
        ("GBP", "USD"): (("2026-01-05", "1.3"),),
    }
)


@pytest.mark.parametrize(
    ("base", "currency", "day", "found"),
    [
        ("EUR", "CNY", "2026-02-28", ("15/2", "2026-01-01")),
        ("EUR", "CNY", "2026-03-01", ("8", "2026-03-01")),
        ("EUR", "CNY", "2025-12-31", None),
        ("CNY", "EUR", "2026-12-31", ("1/8", "2026-03-01")),
        ("GBP", "CNY", "2026-02-01", ("10", "2026-02-01")),
        ("USD", "JPY", "2026-02-10", ("128", "2026-01-10")),
        ("JPY", "CHF", "2026-02-09", None),
        ("USD", "CNY", "2026-03-02", ("32/5", "2026-02-10")),
        ("USD", "CNY", "2026-02-05", ("100/13", "2026-01-05")),
        ("CHF", "CNY", "2026-03-02", None),
        ("CHF", "CHF", "2026-03-02", ("1", "2026-03-02")),
    ],
)
def test_a_rate_is_the_newest_one_not_after_the_day(
    base: str, currency: str, day: str, found: tuple[str, str] | None
) -> None:
    assert BOOK.worth(base, currency, day) == (None if found is None else Worth(Fraction(found[0]), found[1]))


def test_of_both_ways_round_the_newer_one_counts_and_of_one_day_the_one_entered_so() -> None:
    book = Book(
        {("EUR", "CNY"): (("2026-01-01", "8"),), ("CNY", "EUR"): (("2026-01-01", "0.2"), ("2026-02-01", "0.1"))}
    )
    assert [book.worth("EUR", "CNY", day) for day in ("2026-01-31", "2026-02-01")] == [
        Worth(Fraction(8), "2026-01-01"),
        Worth(Fraction(10), "2026-02-01"),
    ]


@pytest.mark.parametrize(("on", "old"), [("2026-01-01", False), ("2026-02-01", False), ("2026-02-02", True)])
def test_a_rate_is_old_after_31_days(on: str, old: bool) -> None:
    assert Worth(Fraction(8), "2026-01-01").is_old(on) is old


@pytest.mark.parametrize(
    ("minor", "currency", "to", "rate", "worth"),
    [
        (100_00, "EUR", "CNY", "7.82", 782_00),
        (1, "EUR", "CNY", "0.5", 1),
        (-1, "EUR", "CNY", "0.5", -1),
        (1, "EUR", "CNY", "0.49", 0),
        (5_000_000, "JPY", "CNY", "0.0485", 242_500_00),
        (242_500_00, "CNY", "JPY", "20.6", 4_995_500),
        (1_000, "KWD", "EUR", "3", 3_00),
        (10**17, "CNY", "EUR", "0.1278772378516624", 12_787_723_785_166_240),
    ],
)
def test_money_is_converted_to_the_minor_unit_half_up(
    minor: int, currency: str, to: str, rate: str, worth: int
) -> None:
    assert converted(minor, currency, to, Fraction(rate)) == worth


@given(st.integers(-(10**12), 10**12), st.decimals("0.0001", "9999", places=4))
def test_a_minor_amount_and_a_decimal_one_are_rounded_alike(minor: int, rate: Decimal) -> None:
    exact = Decimal(minor) / 100 * rate
    assert rounded(exact, "CNY") == exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert converted(minor, "EUR", "CNY", Fraction(rate)) == int(rounded(exact, "CNY") * 100)


def test_what_has_no_rate_and_what_has_an_old_one_is_counted() -> None:
    known: dict[tuple[str, str], Dated] = {("EUR", "CNY"): (("2026-01-01", "8"),)}
    by = Converter("CNY", 1_772_442_000_000, lambda: "Asia/Shanghai", lambda code: known)
    january, before = 1_767_400_000_000, 1_767_100_000_000
    counted = [by.minor(100, "EUR"), by.minor(100, "EUR", january), by.minor(100, "EUR", before), by.minor(7, "CNY")]
    assert (counted, by.minor(100, "USD"), by.minor(None, "USD")) == ([800, 800, None, 7], None, None)
    assert (by.old, dict(by.without)) == (1, {"EUR": 1, "USD": 1})


def test_a_day_begins_in_the_zone_that_is_given() -> None:
    known: dict[tuple[str, str], Dated] = {("EUR", "CNY"): (("2026-01-01", "8"), ("2026-01-02", "9"))}
    evening = 1_767_286_800_000  # 2026-01-01T17:00Z, one in the morning in Shanghai

    def counted(zone: str) -> int | None:
        return Converter("CNY", 0, lambda: zone, lambda code: known).minor(1, "EUR", evening)

    assert (counted("UTC"), counted("Asia/Shanghai")) == (8, 9)
