"""Whose time a deal spent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oppcli.model.units import DAY_MS
from oppcli.rules.waiting import Parts, Span, Wait, attribute, delay_cost, held, shares, without


def around_the_clock(at: int) -> int:
    return at


def half_time(at: int) -> int:
    """Of every ten milliseconds the first five are business time."""
    return at // 10 * 5 + min(at % 10, 5)


def wait(start: int, end: int | None, holder: str) -> Wait:
    return Wait(Span(start, end), holder)


@pytest.mark.parametrize(
    ("waits", "returned", "seller", "back", "holders"),
    [
        ([], [], 100, 0, {}),
        ([wait(10, 30, "wang")], [], 80, 0, {"wang": 20}),
        ([wait(10, 30, "wang"), wait(30, 60, "zhou")], [], 50, 0, {"wang": 20, "zhou": 30}),
        ([wait(10, 30, "wang"), wait(10, 50, "zhou")], [], 60, 0, {"wang": 10, "zhou": 30}),
        ([wait(90, None, "wang")], [], 90, 0, {"wang": 10}),
        ([wait(10, 30, "wang")], [Span(30, 70)], 40, 40, {"wang": 20}),
        ([wait(10, 50, "wang")], [Span(30, 70)], 40, 20, {"wang": 40}),
        ([wait(-50, 10, "wang"), wait(95, 300, "wang")], [], 85, 0, {"wang": 15}),
    ],
)
def test_every_instant_is_charged_to_who_held_the_deal(
    waits: list[Wait], returned: list[Span], seller: int, back: int, holders: dict[str, int]
) -> None:
    assert attribute(0, 100, waits, returned, around_the_clock) == Parts(100, seller, back, holders, 0)


def test_time_outside_business_hours_is_nobodys() -> None:
    assert attribute(0, 100, [wait(0, 20, "wang")], [], half_time) == Parts(100, 40, 0, {"wang": 10}, 50)


def test_each_wait_is_charged_with_its_part_of_whom_it_waits_for() -> None:
    waits = [wait(10, 30, "wang"), wait(10, 50, "zhou"), wait(20, 30, "wang")]
    told = [(each.business, each.elapsed) for each in held(0, 100, waits, half_time, [Span(40, 45)])]
    assert told == [(5, 8), (9, 25), (1, 2)]
    parts = attribute(0, 100, waits, [], half_time, [Span(40, 45)])
    assert parts.holders == {"wang": 6, "zhou": 9}


@pytest.mark.parametrize(
    ("minor", "probability", "days", "rate", "cost"),
    [
        (800_000_00, 50, 2.5, 1000, 1_000_00),
        (1_00, 50, 1, 10_000, 1),
        (99, 50, 1, 10_000, 0),
        (1_00, 0, 9, 10_000, 0),
        (1_234_567_89, 33, 0.25, 12_345, 125_736),
    ],
)
def test_delay_costs_its_share_of_the_weighted_amount_each_day(
    minor: int, probability: int, days: float, rate: int, cost: int
) -> None:
    assert delay_cost(minor, probability, int(days * DAY_MS), rate) == cost


SPANS = st.builds(Span, st.integers(-20, 220), st.one_of(st.none(), st.integers(-20, 220)))
WAITS = st.builds(Wait, SPANS, st.sampled_from(["wang", "zhou", "chen"]))


@given(st.integers(0, 100), st.integers(0, 150), st.lists(WAITS, max_size=6), st.lists(SPANS, max_size=4))
def test_the_parts_add_up_to_the_whole(start: int, length: int, waits: list[Wait], returned: list[Span]) -> None:
    parts = attribute(start, start + length, waits, returned, half_time)
    assert parts.seller + parts.returned + parts.outside + sum(parts.holders.values()) == parts.whole == length
    assert min(parts.seller, parts.returned, parts.outside, *parts.holders.values(), 0) == 0


@given(st.integers(0, 1000), st.integers(1, 7))
def test_shares_are_equal_to_a_unit_and_make_the_whole(whole: int, count: int) -> None:
    found = shares(whole, count)
    assert sum(found) == whole
    assert max(found) - min(found) <= 1


@pytest.mark.parametrize(
    ("span", "gaps", "left"),
    [
        (Span(0, 100), [], [Span(0, 100)]),
        (Span(0, 100), [Span(20, 30)], [Span(0, 20), Span(30, 100)]),
        (Span(0, None), [Span(20, 30)], [Span(0, 20), Span(30, None)]),
        (Span(0, None), [Span(20, None)], [Span(0, 20)]),
        (Span(0, 100), [Span(-5, 200)], []),
        (Span(0, 100), [Span(50, 60), Span(10, 20), Span(200, 300)], [Span(0, 10), Span(20, 50), Span(60, 100)]),
    ],
)
def test_what_a_pause_leaves_of_a_wait(span: Span, gaps: list[Span], left: list[Span]) -> None:
    assert without(span, gaps) == left
