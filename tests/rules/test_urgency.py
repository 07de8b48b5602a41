"""How urgent something is, and what a deal is worth."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oppcli.model.relations import Priority
from oppcli.rules import urgency as rule
from oppcli.rules.urgency import BASE, at_stake, urgency
from oppcli.rules.worth import expected_value, priority

BY = Priority("people_days", Decimal(2000), {"A": Decimal("1.5"), "B": Decimal(1), "C": Decimal("0.5")})


def test_a_follow_up_due_on_friday_is_48_on_wednesday_for_a_deal_of_100000() -> None:
    found = urgency(rule.FOLLOW, late=3, value=Decimal(100_000))
    assert (found.base, found.lateness, found.value, found.total) == (30, 6, 12, 48)
    assert str(found.reason) == "follow-up 30, late 6, value 12"


@pytest.mark.parametrize(
    ("late", "ahead", "expected"), [(0, 0, 0), (1, 0, 2), (15, 0, 30), (40, 0, 30), (0, 1, -2), (0, 10, -20)]
)
def test_lateness_is_two_a_date_and_at_most_thirty(late: int, ahead: int, expected: int) -> None:
    assert urgency(rule.TASK, late=late, ahead=ahead).lateness == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, 0),
        (Decimal(-1_000_000), 0),
        (Decimal(0), 0),
        (Decimal(999), 0),
        (Decimal("999.99"), 0),
        (Decimal(1000), 4),
        (Decimal(99_999), 8),
        (Decimal(100_000), 12),
        (Decimal(10_000_000), 20),
        (Decimal(10**12), 20),
    ],
)
def test_what_is_at_stake_counts_by_its_digits(value: Decimal | None, expected: int) -> None:
    assert at_stake(value) == expected


def test_what_is_urgent_in_which_order() -> None:
    assert sorted(BASE, key=lambda kind: -BASE[kind]) == [*BASE]
    assert urgency(rule.CLOSE).reason == "close passed 15"
    assert urgency(rule.FOLLOW, ahead=2).reason == "follow-up 30, not due -4"


@given(st.decimals(0, 10**12, places=2), st.decimals(0, 10**12, places=2))
def test_more_is_never_less_urgent(one: Decimal, other: Decimal) -> None:
    assert at_stake(min(one, other)) <= at_stake(max(one, other))


def test_the_example_is_worth_100000_and_in_grade_a_150000() -> None:
    value = expected_value(Decimal(800_000), Decimal(50), Decimal(30), Decimal(10), BY)
    assert value == 100_000
    assert [priority(value, grade, BY) for grade in ("A", "B", "C", "D", None)] == [
        150_000,
        100_000,
        50_000,
        100_000,
        100_000,
    ]


@pytest.mark.parametrize(
    ("amount", "probability", "margin", "effort", "expected"),
    [
        (Decimal(800_000), Decimal(50), None, None, Decimal(400_000)),
        (Decimal(1000), Decimal(50), Decimal(10), Decimal(1), Decimal(-1950)),
        (None, Decimal(50), None, None, None),
        (Decimal(1000), None, None, None, None),
        (Decimal(0), Decimal(50), None, None, Decimal(0)),
    ],
)
def test_an_unknown_margin_counts_whole_and_an_unknown_effort_nothing(
    amount: Decimal | None,
    probability: Decimal | None,
    margin: Decimal | None,
    effort: Decimal | None,
    expected: Decimal | None,
) -> None:
    assert expected_value(amount, probability, margin, effort, BY) == expected
    assert priority(None, "A", BY) is None
