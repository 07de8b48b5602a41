"""The table of verbs: who may, what is signed, what needs a reason."""

import pytest

from oppcli.rules import verbs


def test_one_relation_is_enough() -> None:
    assert verbs.verb("user deactivate").allows("LP")
    assert not verbs.verb("user deactivate").allows("OP")


def test_what_nobody_owns_is_open_to_all_but_a_service() -> None:
    assign = verbs.verb("deal assign")
    assert [assign.allows(held, unowned=True) for held in ("P", "C", "T")] == [True, True, False]
    assert not assign.allows("C")


def test_a_verb_without_a_row_is_a_fault_of_the_program() -> None:
    with pytest.raises(KeyError):
        verbs.verb("deal frobnicate")


def test_deciding_is_signed_and_advancing_is_not() -> None:
    assert verbs.signed("request approve")
    assert not verbs.signed("deal advance")
