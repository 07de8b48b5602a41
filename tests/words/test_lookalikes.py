"""Logins that people would take for one another are one login; names are lines that can be read."""

import pytest

from oppcli.words import names
from oppcli.words.lookalikes import alike, one_script

ALIKE = [
    ("Wang", "wang"),
    ("ｗａｎｇ", "wang"),
    ("wаng", "wang"),  # а is Cyrillic
    ("сору", "copy"),  # all of it is
    ("Iisa", "lisa"),  # a capital I
    ("1isa", "lisa"),
    ("b0b", "bob"),
    ("tirn", "tim"),
    ("νίν", "νίν"),
    ("ΝINA", "nina"),  # Ν is Greek
    ("vvang", "wang"),
    ("王芳", "王芳"),
    ("STRASSE", "straße"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_these_would_be_taken_for_one_another(one: str, other: str) -> None:
    assert (alike(one, [other]), alike(other, [one])) == (other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("wang", "wong"), ("li", "lin"), ("li.na", "lina"), ("王芳", "王方"), ("li2", "li3"), ("ana", "anna")],
)
def test_these_would_not(one: str, other: str) -> None:
    assert alike(one, [other]) is None


@pytest.mark.parametrize(
    "text", ["wang", "王芳", "王wang", "иван.петров", "νίκος", "li-2", "김철수", "ｗａｎｇ", "佐々木"]
)
def test_letters_of_one_script_and_han_with_latin_are_taken(text: str) -> None:
    assert (one_script(text), names.login_fault(text)) == (True, None)


@pytest.mark.parametrize("text", ["wаng", "иvan", "王иван", "wangνίκος", "김wang", "かな王"])
def test_letters_of_several_scripts_are_not(text: str) -> None:
    assert str(names.login_fault(text)).endswith("its letters are of several scripts")


@pytest.mark.parametrize("text", ["me", "system", "nobody", "all", "none", "unassigned", "System", "ＡＬＬ"])
def test_words_that_stand_for_somebody_else_are_no_logins(text: str) -> None:
    assert str(names.login_fault(text)).endswith("it stands for somebody else")


@pytest.mark.parametrize(
    "text",
    [
        "a\nb",
        "a\x1b[31mb",
        "a\u202eb",
        "a\u200bb",
        "a\x7f",
        "a\u2028b",
        "x" * 201,
        "Liu\u200dWei",
        "刘\u200c伟",
        "علی\u200c",
    ],
)
def test_what_is_no_line_that_can_be_read_is_no_name(text: str) -> None:
    assert names.name_fault(text) is not None


@pytest.mark.parametrize(
    "text",
    ["王芳", "Anne-Marie O'Neill", "Ж. Иванов", "x" * 200, "علی\u200cرضا", "क्\u200dष", "👩\u200d👧", "🏳\ufe0f\u200d🌈"],
)
def test_a_line_is_a_name(text: str) -> None:
    assert names.name_fault(text) is None
