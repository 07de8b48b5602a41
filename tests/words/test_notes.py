"""What is typed in a note besides its text: its kind in front, the next date behind an arrow, the people in between."""

from datetime import date
from functools import partial

import pytest

from oppcli.model.follow import ACTIVITY_KINDS
from oppcli.words import notes
from oppcli.words.days import parse_date
from oppcli.words.notes import Arrow, Step

FRIDAY = date(2026, 11, 27)
KINDS = {**ACTIVITY_KINDS, "demo": ("演示",)}
day = partial(parse_date, today=FRIDAY)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("电话：王总说预算已批", ("call", "电话", "王总说预算已批")),
        ("CALL: hello", ("call", "CALL", "hello")),
        ("微信: 在吗", ("message", "微信", "在吗")),
        ("演示：第一次", ("demo", "演示", "第一次")),
        ("budget: 3 million", (None, "", "budget: 3 million")),
        ("call", (None, "", "call")),
        ("see https://acme.com", (None, "", "see https://acme.com")),
    ],
)
def test_a_known_word_and_a_colon_in_front_is_the_kind_in_either_language(text: str, found: object) -> None:
    assert notes.prefixed(text, KINDS) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("预算已批 -> 下周五 发方案", Arrow("预算已批", Step(date(2026, 12, 4), "发方案"))),
        ("预算已批 → 下周五发方案", Arrow("预算已批", Step(date(2026, 12, 4), "发方案"))),
        ("ok -> fri", Arrow("ok", Step(date(2026, 12, 4), ""))),
        ("ok -> 27 Nov 2026, call Li", Arrow("ok", Step(FRIDAY, "call Li"))),
        ("a -> b -> +3d c", Arrow("a -> b", Step(date(2026, 11, 30), "c"))),
        ("ok -> 2026-12-04 demo", Arrow("ok", Step(date(2026, 12, 4), "demo"))),
        # A word that only begins like a date is none.
        ("ok -> friends of ours", Arrow("ok -> friends of ours", None, "friends of ours")),
        ("ok -> 10/11 call", Arrow("ok -> 10/11 call", None, "10/11 call")),
        # A day that there is not is no month with something behind it.
        ("ok -> 2027-02-30 demo", Arrow("ok -> 2027-02-30 demo", None, "2027-02-30 demo")),
        ("ok -> 2027年13月1日 见", Arrow("ok -> 2027年13月1日 见", None, "2027年13月1日 见")),
        ("ok -> 2027年1月 见", Arrow("ok", Step(date(2027, 1, 31), "见"))),
        ("ok -> 周五3个人去", Arrow("ok", Step(date(2026, 12, 4), "3个人去"))),
        ("x->y", Arrow("x->y")),
    ],
)
def test_the_longest_beginning_behind_the_last_arrow_that_is_a_date_is_the_next_one(text: str, found: Arrow) -> None:
    assert notes.arrow(text, day) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@wang please", ["wang"]),
        ("ask @wang, @li. and @wang", ["wang", "li"]),
        ("mail li@acme.com", []),
        ("\\@wang is text", []),
        ("at @100 each", []),
        ("@wang请看", ["wang"]),
        ("请 @张伟 看", ["张伟"]),
        ("(@wang)", []),
    ],
)
def test_a_login_at_the_start_or_after_a_blank_is_a_mention(text: str, found: list[str]) -> None:
    assert notes.mentioned(text) == found


def test_what_was_hidden_is_kept_as_text() -> None:
    assert notes.shown("\\@wang is text") == "@wang is text"
