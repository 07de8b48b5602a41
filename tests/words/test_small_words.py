"""Yes and no, texts and ids, spans of time: what is read, and that what is shown reads back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oppcli.words import spans, text, yes_no
from oppcli.words.instants import parse_instant
from oppcli.words.invalid import Invalid
from oppcli.words.kinds import comparable, parse, shown, stored
from oppcli.words.shown import iso, show_instant


@pytest.mark.parametrize("typed", ["yes", "Y", "TRUE", "1", "on", "是", "有", "对", "ｙｅｓ"])
def test_yes_is_read_in_both_languages(typed: str) -> None:
    assert yes_no.parse(typed) is True


@pytest.mark.parametrize("typed", ["no", "N", "False", "0", "off", "否", "无", "没有"])
def test_no_is_read_in_both_languages(typed: str) -> None:
    assert yes_no.parse(typed) is False


@given(st.booleans())
def test_yes_and_no_read_back(value: bool) -> None:
    assert yes_no.parse(yes_no.shown(value)) is value


@pytest.mark.parametrize("typed", ["5", " 5", "5\u00a0", "\u30005\u2003", "\ufeff5\u200b ", "5\u2060\t"])
def test_blanks_of_every_kind_go_from_around_an_id(typed: str) -> None:
    assert text.bare(typed) == "5"


@given(st.text(max_size=20))
def test_what_is_bare_stays_as_it_is(typed: str) -> None:
    assert text.bare(text.bare(typed)) == text.bare(typed)


@given(st.integers(0, 10**9))
def test_a_span_shown_and_typed_back_is_the_same(ms: int) -> None:
    assert spans.parse(spans.shown(ms)) == ms


@given(st.integers(-62_000_000_000_000, 250_000_000_000_000))
def test_an_instant_for_machines_reads_back(ms: int) -> None:
    assert parse_instant(iso(ms), now_ms=0, tz="Asia/Shanghai") == ms


@given(
    st.integers(12_000_000, 66_000_000).map(lambda minutes: minutes * 60_000), st.sampled_from(["UTC", "Asia/Shanghai"])
)
def test_an_instant_for_people_reads_back(ms: int, tz: str) -> None:
    """From 1992 on, when no clock of these zones was changed: an hour that comes twice is refused."""
    assert parse_instant(show_instant(ms, tz), now_ms=0, tz=tz) == ms


VALUES = st.one_of(
    st.tuples(st.just("money"), st.integers(-(10**15), 10**15)),
    st.tuples(st.just("percent"), st.integers(-(10**9), 10**9)),
    st.tuples(st.just("int"), st.integers(-(10**12), 10**12)),
    st.tuples(st.just("number"), st.decimals(-(10**9), 10**9, places=3).map(lambda d: format(d.normalize() + 0, "f"))),
    st.tuples(st.just("bool"), st.booleans()),
    st.tuples(st.just("date"), st.dates().map(lambda day: day.isoformat())),
)


@given(VALUES, st.sampled_from(["CNY", "JPY", "KWD"]))
def test_every_kind_reads_back_what_it_shows_and_stores_what_it_compares(
    value: tuple[str, object], currency: str
) -> None:
    from oppcli.words.kinds import Reading

    kind, kept = value
    assert parse(kind, shown(kind, kept, currency), Reading(currency)) == kept
    assert stored(kind, comparable(kind, kept, currency), currency) == kept


def test_an_unknown_word_is_neither_yes_nor_no() -> None:
    with pytest.raises(Invalid, match="'maybe' is neither yes nor no"):
        yes_no.parse("maybe")
