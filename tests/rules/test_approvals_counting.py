"""Votes: what any, all and at least n amount to, with must and veto, for every combination of three seats."""

import itertools

import pytest

from oppcli.model.requests import Seat, Step
from oppcli.rules.approvals.counting import outcome

WORDS = {"y": "approved", "n": "rejected", "-": "open"}


def place(rule: str, seats: str, need: int = 1, must: str = "", veto: str = "") -> Step:
    """`seats` is one letter each: y approved, n rejected, - open; `must` and `veto` name seats by number."""
    made = tuple(
        Seat(number=i, holders=(), state=WORDS[letter], must=str(i) in must, veto=str(i) in veto)
        for i, letter in enumerate(seats, 1)
    )
    return Step(revision=1, position=1, group=1, name="s", rule=rule, need=need, seats=made)


@pytest.mark.parametrize(("seat", "expected"), [("-", None), ("y", "approved"), ("n", "rejected")])
def test_any_the_first_decision_decides(seat: str, expected: str | None) -> None:
    assert outcome(place("any", seat)) == expected


@pytest.mark.parametrize(
    ("seats", "expected"),
    [("---", None), ("y--", None), ("yy-", None), ("yyy", "approved"), ("n--", "rejected"), ("yyn", "rejected")],
)
def test_all_every_seat_must_approve_and_the_first_no_ends_it(seats: str, expected: str | None) -> None:
    assert outcome(place("all", seats)) == expected


@pytest.mark.parametrize(
    ("need", "seats", "expected"),
    [
        (1, "---", None),
        (1, "n--", None),
        (1, "nn-", None),
        (1, "nnn", "rejected"),
        (1, "nny", "approved"),
        (2, "---", None),
        (2, "y--", None),
        (2, "n--", None),
        (2, "yn-", None),
        (2, "yy-", "approved"),
        (2, "nn-", "rejected"),
        (2, "yny", "approved"),
        (3, "n--", "rejected"),
        (3, "yy-", None),
        (3, "yyy", "approved"),
        (4, "---", "rejected"),
    ],
)
def test_at_least_n_passes_with_n_and_fails_as_soon_as_n_is_out_of_reach(
    need: int, seats: str, expected: str | None
) -> None:
    assert outcome(place("at_least", seats, need)) == expected


@pytest.mark.parametrize(
    ("seats", "expected"),
    [("n--", "rejected"), ("-n-", None), ("-yy", "approved"), ("nyy", "rejected"), ("ny-", "rejected")],
)
def test_a_veto_ends_the_step_and_a_veto_not_cast_does_not_hold_it_up(seats: str, expected: str | None) -> None:
    assert outcome(place("at_least", seats, need=2, veto="1")) == expected


@pytest.mark.parametrize(
    ("seats", "expected"), [("-yy", None), ("yy-", "approved"), ("n--", "rejected"), ("y-n", None), ("yyn", "approved")]
)
def test_must_passes_only_with_that_approval_and_ends_with_that_rejection(seats: str, expected: str | None) -> None:
    assert outcome(place("at_least", seats, need=2, must="1")) == expected


def test_at_least_one_reads_a_no_as_a_vote_where_any_reads_it_as_the_end() -> None:
    assert outcome(place("at_least", "n--", need=1)) is None
    assert outcome(place("any", "n")) == "rejected"


def test_at_least_all_of_them_is_all() -> None:
    found = {
        seats: (outcome(place("at_least", seats, need=3)), outcome(place("all", seats)))
        for seats in map("".join, itertools.product("yn-", repeat=3))
    }
    assert len(found) == 27
    assert [seats for seats, (left, right) in found.items() if left != right] == []


def test_more_approvals_never_turn_an_approval_into_anything_else() -> None:
    worse = [
        (seats, need)
        for seats in map("".join, itertools.product("yn-", repeat=3))
        for need in (1, 2, 3)
        if outcome(place("at_least", seats, need)) == "approved"
        and outcome(place("at_least", seats.replace("-", "y"), need)) != "approved"
    ]
    assert worse == []
    assert outcome(place("at_least", "yy-", 2)) == "approved"
