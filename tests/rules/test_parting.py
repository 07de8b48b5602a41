"""What a copy came to beside the database that it was made of: net changes, and which of them conflict."""

from typing import Any

import pytest

from oppcli.rules.parting import Parted, Thing, net, parted

DEAL = ("deal", "1")


def test_net_changes_are_the_first_old_and_the_last_new_value_and_nothing_where_they_are_the_same() -> None:
    entries: list[tuple[Thing, dict[str, Any]]] = [
        (DEAL, {"amount": [1, 2], "stage": ["Lead", "Quote"]}),
        (("deal", "2"), {"amount": [5, 6]}),
        (DEAL, {"amount": [2, 3], "source": [None, "fair"]}),
        (("deal", "2"), {"amount": [6, 5]}),
        (DEAL, {"stage": ["Quote", "Lead"]}),
    ]
    assert net(entries) == {DEAL: {"amount": (1, 3), "source": (None, "fair")}}
    assert net([]) == {}


@pytest.mark.parametrize(
    ("live", "made", "told", "touched", "conflict"),
    [
        ({}, (), None, False, False),
        ({DEAL: {"amount": (1, 9)}}, (), 9, True, True),
        ({DEAL: {"amount": (1, 2)}}, (), 2, True, False),  # both came to the same
        ({DEAL: {"amount": (1, None)}}, (), None, True, True),  # it is empty there
        ({DEAL: {"source": (None, "fair")}}, (), None, False, False),
        ({DEAL: {"amount": (None, 9)}}, (DEAL,), None, False, False),  # both made a D-1: these are two deals
    ],
)
def test_what_both_changed_conflicts_where_it_is_not_the_same(live, made, told, touched, conflict) -> None:
    (found,) = parted({DEAL: {"amount": (1, 2)}}, live, made)
    assert found == Parted(DEAL, "amount", 1, 2, told, touched)
    assert found.conflict is conflict


def test_what_people_name_is_the_same_thing_in_both() -> None:
    ann = ("user", "ann")
    (found,) = parted({ann: {"manager": (None, "bob")}}, {ann: {"manager": (None, "cay")}}, {ann})
    assert (found.live, found.conflict) == ("cay", True)
