"""How dates, times and amounts are shown in each language, and that they can be typed back."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oppcli.errors import UsageError
from oppcli.model import money
from oppcli.model.kept import kept, told_again
from oppcli.model.said import Money, say
from oppcli.speech import CATALOGUES, Voice, spoken
from oppcli.speech.catalogues import FOLDER, read
from oppcli.words import amounts, short
from oppcli.words.days import parse_date
from oppcli.words.instants import parse_instant
from oppcli.words.shown import show_date, show_instant, show_seconds

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


@pytest.fixture(scope="module", autouse=True)
def chinese() -> Iterator[None]:
    """Chinese as its sources say it, compiled or not."""
    texts = read(FOLDER / "opp.po")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(CATALOGUES, "zh", lambda context, template: texts.get((context, template)) or template)
        yield


MONDAY = date(2026, 3, 9)
AT_NINE = 1_773_018_000_000
CHINA = "Asia/Shanghai"


def test_a_day_is_shown_as_each_language_writes_it() -> None:
    days = (show_date(MONDAY, MONDAY), show_date(date(2025, 3, 9), MONDAY))
    assert [spoken(day, ENGLISH) for day in days] == ["Mon 9 Mar", "Sun 9 Mar 2025"]
    assert [spoken(day, Voice(lang="zh")) for day in days] == ["3月9日 周一", "2025年3月9日 周日"]


def test_a_time_is_shown_as_each_language_writes_it() -> None:
    times = (show_instant(AT_NINE, CHINA, AT_NINE), show_instant(AT_NINE, CHINA))
    assert [spoken(time, ENGLISH) for time in times] == ["Mon 9 Mar 09:00", "Mon 9 Mar 2026 09:00"]
    assert [spoken(time, Voice(lang="zh")) for time in times] == ["3月9日 周一 09:00", "2026年3月9日 周一 09:00"]


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)), st.sampled_from(["en", "zh"]))
def test_a_shown_day_can_be_typed_back(day: date, lang: str) -> None:
    told = spoken(show_date(day, MONDAY), Voice(lang=lang))
    assert parse_date(told, today=MONDAY) == day


@given(st.integers(0, 60_000_000), st.sampled_from(["en", "zh"]), st.sampled_from([CHINA, "UTC", "Asia/Tokyo"]))
def test_a_shown_time_can_be_typed_back(minute: int, lang: str, tz: str) -> None:
    at = minute * 60_000
    told = spoken(show_instant(at, tz, AT_NINE), Voice(lang=lang))
    assert parse_instant(told, now_ms=AT_NINE, tz=tz) == at


@given(st.integers(-(10**17), 10**17), st.sampled_from(["CNY", "JPY", "KWD"]))
def test_an_amount_in_full_can_be_typed_back(minor: int, currency: str) -> None:
    assert amounts.parse(money.shown(minor, currency), currency) == minor


@pytest.mark.parametrize("typed", ["2025年3月9日 周一", "3月9日 周三"])
def test_a_day_that_is_not_that_weekday_is_refused_in_chinese_too(typed: str) -> None:
    with pytest.raises(UsageError, match="is not a"):
        parse_date(typed, today=MONDAY)


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0, "0 s", "0 秒"),
        (59, "59 s", "59 秒"),
        (90, "1.5 min", "1.5 分钟"),
        (7_200, "2.0 h", "2.0 小时"),
        (86_400, "1.0 d", "1.0 天"),
        (125_262, "1.4 d", "1.4 天"),
    ],
)
def test_seconds_are_shown_in_the_largest_unit_that_fits(seconds: float, english: str, chinese: str) -> None:
    told = show_seconds(seconds)
    assert (spoken(told, Voice()), spoken(told, Voice(lang="zh"))) == (english, chinese)
