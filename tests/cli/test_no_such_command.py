"""A word that is no command leads to the one that was meant, with what was typed behind it."""

import shlex

import printed
import pytest
from command_line import InProcess

from oppcli.cli.unknown import ELSEWHERE, filled

MEANT = (
    ("shwo D-1", "show D-1"),
    ("shwo", "show"),
    ("advnce D-1 -m 'x y'", "advance D-1 -m 'x y'"),
    ("deal shwo D-1 -o json", "deal show D-1 -o json"),
    ("edit D-1 --close mon", "deal edit D-1 --close mon"),
    ("edit", "deal edit D-142"),
    ("search acme gmbh", "ls --text 'acme gmbh'"),
    ("find acme -o json", "ls --text acme -o json"),
    ("search", "ls --text …"),
    ("assign D-1", "deal assign D-1 --to LOGIN"),
    ("assign D-1 --to li", "deal assign D-1 --to li"),
    ("attach D-1 a.pdf", "deal attach D-1 a.pdf --kind …"),
    ("attach D-1 --kind=quote", "deal attach D-1 FILE --kind=quote"),
    ("delete D-1 D-2", "withdraw D-1 D-2 -m …"),
    ("delete D-1 --message twice", "withdraw D-1 --message twice"),
    ("plan D-1", "request plan D-1 TYPE"),
    ("list deals --owner me", "ls --owner me"),
    ("shwo D-1 --lang en", "show D-1 --lang en"),
    ("--lang en shwo D-1 --tz=UTC", "--lang en show D-1 --tz=UTC"),
    ("resubmit R-1 -m x", "request resubmit R-1 -m x"),
    ("transfer R-1 --to li", "request transfer R-1 --to li"),
    ("wins --by owner", "report wins --by owner"),
    ("qqqq D-1", "--help"),
)


@pytest.mark.parametrize(("typed", "meant"), MEANT)
def test_the_command_that_was_meant_keeps_what_was_typed(opp: InProcess, typed: str, meant: str) -> None:
    answer = opp(typed)
    hint = answer.error["hint"] if "-o json" in typed else answer.err.splitlines()[-1].removeprefix("hint: ")
    assert (answer.code, hint) == (2, f"opp {meant}")


@pytest.mark.parametrize("word", ELSEWHERE)
def test_what_is_meant_can_be_typed_with_what_was_typed(word: str) -> None:
    lines = [filled(ELSEWHERE[word], rest) for rest in ((), ("D-1",), ("D-1", "-q"))]
    assert {shlex.join(line): trouble for line in lines if (trouble := printed.trouble(line))} == {}
