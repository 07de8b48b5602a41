"""Which closed deals are like one: the parts of the distance, who is near at all, ties, and too few."""

from typing import Any

import pytest

from oppcli.rules.similar import Likened, nearest, parts, within
from oppcli.rules.statistics import wilson

ONE = Likened(1, 100_000, 100_000, 300_000, "X", "A", "East", None)


def other(number: int = 2, **changed: Any) -> Likened:
    return ONE._replace(id=number, closed_at=1_000, **changed)


@pytest.mark.parametrize(
    ("changed", "made"),
    [
        ({}, {}),
        ({"amount": 200_000}, {"amount": 1.0}),
        ({"amount": 25_000}, {"amount": 2.0}),
        ({"amount": None}, {"amount": 1.0}),
        ({"discount": 150_000}, {"discount": 0.5}),
        ({"discount": 0}, {"discount": 1.0}),
        ({"discount": None}, {"discount": 1.0}),
        ({"margin": -100_000}, {"margin": 4.0}),
        ({"product": "x"}, {}),
        ({"product": "Y", "tier": None, "region": ""}, {"product": 1.0, "tier": 1.0, "region": 1.0}),
    ],
)
def test_the_distance_adds_up_what_differs_and_1_for_an_empty_side(
    changed: dict[str, Any], made: dict[str, float]
) -> None:
    assert parts(ONE, other(**changed)) == made
    assert parts(other(**changed), ONE) == made


def test_two_empty_sides_are_as_far_as_one() -> None:
    empty = Likened(1, 100_000)
    assert parts(empty, empty._replace(id=2)) == dict.fromkeys(("discount", "margin", "product", "tier", "region"), 1.0)


def test_what_is_hidden_is_no_part() -> None:
    assert parts(ONE, other(margin=0, tier="B"), ("margin",)) == {"tier": 1.0}


@pytest.mark.parametrize(
    ("amount", "against", "near"),
    [
        (800, 100, True),
        (801, 100, False),
        (100, 800, True),
        (100, 801, False),
        (100, None, False),
        (100, 0, False),
        (None, 7, True),
        (0, 7, True),
    ],
)
def test_a_factor_8_is_near_and_more_is_not(amount: int | None, against: int | None, near: bool) -> None:
    assert within(amount, against) is near


def test_of_equal_distances_the_one_closed_last_is_first_then_the_lower_id() -> None:
    found = [other(2), other(5), other(4)._replace(closed_at=2_000), other(3), other(6)._replace(closed_at=None)]
    assert [near.deal.id for near in nearest(ONE, found)] == [4, 2, 3, 5, 6]


def test_distances_are_equal_in_two_decimals() -> None:
    found = [other(2, discount=100_100), other(3)._replace(closed_at=500), other(4, discount=105_000)]
    assert [(near.deal.id, near.distance) for near in nearest(ONE, found)] == [(2, 0.0), (3, 0.0), (4, 0.05)]


def test_of_many_the_five_nearest_are_told_and_a_deal_is_not_like_itself() -> None:
    found = [ONE, *(other(number, discount=100_000 + number * 1_000) for number in range(2, 9))]
    assert [near.deal.id for near in nearest(ONE, found)] == [2, 3, 4, 5, 6]
    assert len(nearest(ONE, found, most=None)) == 7


def test_fewer_than_three_say_nothing() -> None:
    found = [other(2), other(3), other(4, amount=900_000)]
    assert nearest(ONE, found) == []
    assert len(nearest(ONE, [*found, other(5)])) == 3


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(9, 20, 0.2582, 0.6579), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662), (0, 0, 0.0, 1.0)],
)
def test_the_interval_of_wilson_is_that_of_the_literature(hits: int, of: int, low: float, high: float) -> None:
    assert wilson(hits, of) == pytest.approx((low, high), abs=5e-5)
