"""What an answer to a numbered choice stands for."""

import pytest

from oppcli.cli.ask import Option, meant

TYPES = [Option("qualification", "资格审查"), Option("risk", "风控审批"), Option("quote"), Option("3", "Third")]


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("1", ["qualification"]),
        ("２", ["risk"]),  # as an input method may give it
        ("3", ["quote"]),  # a number is the one that stands before it
        ("risk", ["risk"]),
        ("RISK", ["risk"]),
        ("ri", ["risk"]),
        ("风控", ["risk"]),
        ("风控审批", ["risk"]),
        ("q", ["qualification", "quote"]),
        ("quo", ["quote"]),
        ("9", []),
        ("0", []),
        ("x", []),
    ],
)
def test_an_answer_is_a_number_a_name_a_title_or_how_one_begins(typed, values):
    assert meant(typed, TYPES) == values


def test_a_whole_name_beats_those_that_begin_so():
    assert meant("quote", [Option("quote"), Option("quote-big")]) == ["quote"]
