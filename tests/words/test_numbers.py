"""Numbers, amounts and per cents as people write them: separators are checked, never dropped."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oppcli.model import money
from oppcli.words import amounts, numbers, percents
from oppcli.words.invalid import Invalid

READ = [
    ("1234.50", "1234.50"),
    ("250,000.00", "250000"),
    ("1'234'567.5", "1234567.5"),
    ("1’234", "1234"),
    ("1 234 567", "1234567"),
    ("1\u00a0234\u202f567", "1234567"),
    ("1_500", "1500"),
    ("12,34,567", "1234567"),
    ("1,00,000.25", "100000.25"),
    ("１２，３４５．６", "12345.6"),
    (".5", "0.5"),
    ("-5", "-5"),
    ("5-", "-5"),
    ("(5)", "-5"),
    ("−5", "-5"),
    ("+5", "5"),
    ("50万", "500000"),
    ("50 万", "500000"),
    ("1,200万", "12000000"),
    ("1千万", "10000000"),
    ("3百万", "3000000"),
    ("1.2亿", "120000000"),
    ("2百亿", "20000000000"),
    ("1千亿", "100000000000"),
    ("1万亿", "1000000000000"),
    ("5w", "50000"),
    ("80K", "80000"),
    ("1.5m", "1500000"),
    ("五十万", "500000"),
    ("8万6千5百", "86500"),
    ("一亿二千万", "120000000"),
    ("1亿2000万", "120000000"),
    ("壹佰万", "1000000"),
    ("两千零五", "2005"),
    ("三万五千", "35000"),
    ("三万零五", "30005"),
    ("二十五万", "250000"),
    ("三百二十五万", "3250000"),
    ("十五", "15"),
    ("五", "5"),
    ("零", "0"),
    ("一万亿", "1000000000000"),
    ("12万5千", "125000"),
    ("5百", "500"),
]


@pytest.mark.parametrize(("typed", "meant"), READ)
def test_a_number_is_read_as_people_mean_it(typed: str, meant: str) -> None:
    assert numbers.parse(typed) == Decimal(meant)


REFUSED = [
    ("250.000,00", "right of the decimal mark stand digits only"),
    ("1.200,00", "right of the decimal mark stand digits only"),
    ("0,100", "a group of thousands does not begin with 0"),
    ("1,5", "between separators stand groups of three digits"),
    ("1_5", "between separators stand groups of three digits"),
    ("5 00", "between separators stand groups of three digits"),
    ("1234,567", "between separators stand groups of three digits"),
    ("1,234'567", "its digits are parted by two different signs"),
    ("1,234.567,8", "right of the decimal mark stand digits only"),
    ("5.", "right of the decimal mark stand digits only"),
    ("1e5", "a spreadsheet has shortened it"),
    ("1.5E+05", "a spreadsheet has shortened it"),
    ("三万五", "the last digit is without its unit; write 3.5万"),
    ("1万2", "the last digit is without its unit; write 1.2万"),
    ("两千五", "is not a number"),
    ("一百五", "is not a number"),
    ("一亿二千", "is not a number"),
    ("一万二万", "is not a number"),
    ("五五", "is not a number"),
    ("二〇二六", "is not a number"),
    ("百", "is not a number"),
    ("万", "is not a number"),
    ("千万", "is not a number"),
    ("5²", "is not a number"),
    ("½", "is not a number"),
    ("①", "is not a number"),
    ("٣", "is not a number"),
    ("", "is not a number"),
    ("--5", "is not a number"),
    ("-5-", "is not a number"),
    ("(-5)", "is not a number"),
    ("5 5万", "between separators"),
    ("$5", "is not a number"),
    ("0x10", "is not a number"),
    ("nan", "is not a number"),
    ("9" * 29, "cannot be kept"),
    ("9" * 61, "is not a number"),
]


@pytest.mark.parametrize(("typed", "says"), REFUSED)
def test_what_could_be_meant_otherwise_is_refused_with_its_fault(typed: str, says: str) -> None:
    with pytest.raises(Invalid) as refusal:
        numbers.parse(typed)
    assert says in refusal.value.message


COMMA = [
    ("250.000,00", "250000"),
    ("1.200,00", "1200"),
    ("0,100", "0.1"),
    ("1 234,5", "1234.5"),
    ("12.345", "12345"),
    ("1234,50", "1234.5"),
    ("1234.50", None),
    ("1.5", None),
    ("1,234.50", None),
    ("0.100", None),
]


@pytest.mark.parametrize(("typed", "meant"), COMMA)
def test_under_a_decimal_comma_the_point_parts_thousands_and_nothing_else(typed: str, meant: str | None) -> None:
    try:
        found: object = numbers.parse(typed, ",")
    except Invalid:
        found = None
    assert found == (None if meant is None else Decimal(meant))


def test_what_could_be_thousands_is_told() -> None:
    typed = ("1.500", "-12.345", "1.500万", "0.500", "1234.500", "1.50", "1.500,00")
    assert [numbers.like_thousands(each) for each in typed] == [True, True, True, False, False, False, True]


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=6))
def test_a_number_shown_and_typed_back_is_the_same(value: Decimal) -> None:
    assert numbers.parse(numbers.shown(value)) == value


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_refused(typed: str) -> None:
    try:
        found: object = numbers.parse(typed)
    except Invalid as wrong:
        found = wrong
    assert isinstance(found, Decimal | Invalid)


def in_chinese(number: int) -> str:
    """A whole number below 10^12 in plain Chinese numerals."""
    if number >= 10**8:
        rest = number % 10**8
        return in_chinese(number // 10**8) + "亿" + (("零" if rest < 10**7 else "") + in_chinese(rest) if rest else "")
    if number >= 10**4:
        rest = number % 10**4
        return in_chinese(number // 10**4) + "万" + (("零" if rest < 1000 else "") + in_chinese(rest) if rest else "")
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if gap and text else "") + "零一二三四五六七八九"[digit] + name
        gap = not digit
    return text or "零"


@given(st.integers(0, 10**12 - 1))
def test_a_chinese_numeral_written_in_full_is_read_back(number: int) -> None:
    assert numbers.parse(in_chinese(number)) == number


# --- amounts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("CNY 800,000.50", "CNY", 80_000_050),
        ("CNY -5", "CNY", -500),
        ("-CNY 5", "CNY", -500),
        ("(CNY 5)", "CNY", -500),
        ("cny 5", "CNY", 500),
        ("50万元", "CNY", 50_000_000),
        ("壹佰万元", "CNY", 100_000_000),
        ("壹佰万元整", "CNY", 100_000_000),
        ("5块", "CNY", 500),
        ("￥5", "CNY", 500),
        ("¥5", "JPY", 5),
        ("5円", "JPY", 5),
        ("RMB 5", "CNY", 500),
        ("5人民币", "CNY", 500),
        ("$5", "SGD", 500),
        ("$ 5k", "USD", 500_000),
        ("US$5", "USD", 500),
        ("US$ 5 USD", "USD", 500),
        ("HK$5", "HKD", 500),
        ("5 元", "TWD", 500),
        ("NT$5元", "TWD", 500),
        ("€ 12,50", "EUR", None),
        ("12.50 €", "EUR", 1250),
        ("EUR 10k", "EUR", 1_000_000),
        ("£3m", "GBP", 300_000_000),
        ("3m GBP", "GBP", 300_000_000),
    ],
)
def test_a_currency_may_stand_before_an_amount_or_behind_it(typed: str, currency: str, minor: int | None) -> None:
    try:
        found: int | None = amounts.parse(typed, currency)
    except Invalid:
        found = None
    assert found == minor


@pytest.mark.parametrize(
    ("typed", "currency", "message", "hint"),
    [
        ("EUR 10k", "USD", "EUR 10k is in EUR, not in USD", "--currency EUR"),
        ("€10", "CNY", "€10 is in EUR, not in CNY", "--currency EUR"),
        ("$5", "CNY", "$5 is in $, not in CNY", "--currency USD"),
        ("US$5", "CNY", "US$5 is in USD, not in CNY", "--currency USD"),
        ("5元", "USD", "5元 is in 元, not in USD", "--currency CNY"),
        ("EUR 5 USD", "USD", "EUR 5 USD names two currencies, EUR and USD", None),
    ],
)
def test_an_amount_in_another_currency_is_refused_with_the_flag_that_says_so(
    typed: str, currency: str, message: str, hint: str | None
) -> None:
    with pytest.raises(Invalid) as refusal:
        amounts.parse(typed, currency)
    assert (refusal.value.message, refusal.value.hint) == (message, hint)


def test_a_new_deal_takes_its_currency_from_an_iso_code_a_euro_or_a_pound() -> None:
    typed = ("EUR 10k", "10k eur", "€5", "£5", "$5", "5元", "US$5", "5", "EUR", "abc")
    assert [amounts.chosen(each) for each in typed] == ["EUR", "EUR", "EUR", "GBP", *[None] * 6]


CURRENCIES = st.sampled_from(["CNY", "JPY", "KWD", "USD", "EUR"])


@given(st.integers(-money.LARGEST, money.LARGEST), CURRENCIES)
def test_an_amount_shown_and_typed_back_is_the_same(minor: int, currency: str) -> None:
    assert amounts.parse(money.shown(minor, currency), currency) == minor
    assert amounts.parse(money.plain(minor, currency), currency) == minor


@given(st.text(alphabet="0123456789.,' _-+()$€£¥元块万亿千百kmwUSDEUR%eE", max_size=12), CURRENCIES)
def test_no_text_is_an_amount_by_dropping_what_was_typed(typed: str, currency: str) -> None:
    """Whatever is read keeps every digit that was typed."""
    try:
        value, _ = amounts.read(typed)
    except Invalid:
        return
    digits = "".join(filter(str.isdigit, typed)).strip("0")
    assert digits in f"{abs(value):f}".replace(".", "")


# --- per cents ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "per_cent"),
    [
        ("12.5", "12.5"),
        ("12.5%", "12.5"),
        ("12.5 ％", "12.5"),
        ("-3%", "-3"),
        ("(3%)", "-3"),
        ("8折", "20"),
        ("85折", "15"),
        ("8.5折", "15"),
        ("８８折", "12"),
        ("九折", "10"),
        ("八五折", "15"),
        ("10折", None),
        ("12折", None),
        ("1.2折", "88"),
        ("0折", None),
        ("80折", None),
        ("折", None),
        ("%", None),
        ("5%%", None),
    ],
)
def test_a_discount_is_a_per_cent_or_what_is_left_to_pay(typed: str, per_cent: str | None) -> None:
    try:
        found: Decimal | None = percents.parse(typed, folds=True) / percents.UNIT
    except Invalid:
        found = None
    assert found == (None if per_cent is None else Decimal(per_cent))


def test_only_a_discount_is_told_by_what_is_left_to_pay() -> None:
    with pytest.raises(Invalid, match="is not a number"):
        percents.parse("8折")


@given(st.integers(-(10**9), 10**9))
def test_a_per_cent_shown_and_typed_back_is_the_same(units: int) -> None:
    assert percents.parse(percents.shown(units)) == units
