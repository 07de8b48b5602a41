"""How dates, times and amounts are shown in each language, and that they can be typed back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oppcli.model import money
from oppcli.model.kept import kept, told_again
from oppcli.model.said import Money, say
from oppcli.speech import Voice, spoken
from oppcli.words import amounts, short

ENGLISH, SHORT, SHORT_ZH = Voice(), Voice(money="short"), Voice(lang="zh", money="short")


@pytest.mark.parametrize(
    ("minor", "currency", "english", "chinese"),
    [
        (81_500_000, "CNY", "CNY 815k", "CNY 81.5万"),
        (12_345_678, "USD", "USD ≈123.5k", "USD ≈12.35万"),
        (12_000_000_000, "CNY", "CNY 120m", "CNY 1.2亿"),
        (99_999_999_00, "CNY", "CNY ≈100m", "CNY ≈1亿"),
        (99_996_000, "CNY", "CNY ≈1m", "CNY ≈100万"),
        (100_050, "CNY", "CNY ≈1k", "CNY 1,000.50"),
        (99_999, "CNY", "CNY 999.99", "CNY 999.99"),
        (999_950, "CNY", "CNY ≈10k", "CNY 9,999.50"),
        (0, "CNY", "CNY 0.00", "CNY 0.00"),
        (-81_500_000, "CNY", "CNY -815k", "CNY -81.5万"),
        (-12_345_678, "CNY", "CNY ≈-123.5k", "CNY ≈-12.35万"),
        (815_000, "JPY", "JPY 815k", "JPY 81.5万"),
        (10**17, "CNY", "CNY 1,000,000bn", "CNY 10,000,000亿"),
    ],
)
def test_a_short_amount_has_four_digits_and_says_where_it_lost_some(
    minor: int, currency: str, english: str, chinese: str
) -> None:
    full = money.shown(minor, currency)
    assert (spoken(full, SHORT), spoken(full, SHORT_ZH)) == (english, chinese)
    assert spoken(full, ENGLISH) == full


@pytest.mark.parametrize(("minor", "short_form"), [(123_450, "≈1.234k"), (123_550, "≈1.236k"), (123_451, "≈1.235k")])
def test_a_half_is_rounded_to_the_even_digit(minor: int, short_form: str) -> None:
    assert short.bare(minor, "USD") == short_form


@given(st.integers(-(10**17), 10**17), st.sampled_from(["CNY", "JPY", "KWD"]), st.sampled_from(["en", "zh"]))
def test_an_amount_that_lost_nothing_can_be_typed_back(minor: int, currency: str, lang: str) -> None:
    told = short.shown(minor, currency, lang)
    exact = "≈" not in told
    typed = told.replace("≈", "")
    read = amounts.parse(typed, currency)
    assert (read == minor) is exact
    assert abs(Decimal(read) - minor) <= abs(Decimal(minor)) / 1000


def test_an_amount_in_a_stored_sentence_is_still_told_short() -> None:
    told = told_again(kept(say("{amount} is new", amount=Money("CNY 815,000.00", 81_500_000, "CNY"))))
    assert (spoken(told, SHORT), spoken(told, ENGLISH)) == ("CNY 815k is new", "CNY 815,000.00 is new")
