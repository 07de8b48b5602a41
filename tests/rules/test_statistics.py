"""Medians, percentiles and the Kaplan–Meier median, by hand and against the definitions worked out slowly."""

import statistics
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oppcli.rules.statistics import (
    Listed,
    Reach,
    difference,
    gaps,
    median,
    most,
    nearest_rank,
    summary,
    survival_median,
)

SPANS = st.lists(st.integers(0, 12), max_size=14) | st.lists(st.integers(0, 10**12), max_size=14)
SOME = st.lists(st.integers(0, 12), min_size=1, max_size=14)


def survival(spans: list[int], ages: list[int]) -> Reach | None:
    listed = Listed(spans)
    return survival_median(listed, len(ages), gaps(listed.spans, ages))


def survival_slowly(spans: list[int], ages: list[int]) -> Reach:
    """The product of Kaplan and Meier in fractions, one factor per instant at which something was completed."""
    left = Fraction(1)
    for time in sorted(set(spans)):
        at_risk = sum(span >= time for span in spans) + sum(age >= time for age in ages)
        left *= Fraction(at_risk - spans.count(time), at_risk)
        if left <= Fraction(1, 2):
            return Reach(time, True)
    return Reach(max(spans + ages), False)


@pytest.mark.parametrize(
    ("spans", "middle"), [([], None), ([7], 7), ([1, 9], 5), ([3, 1, 2], 2), ([4, 1, 2, 3], 2.5), ([5, 5, 5, 9], 5)]
)
def test_the_median_of_an_even_number_is_the_mean_of_the_two_in_the_middle(
    spans: list[int], middle: float | None
) -> None:
    assert median(Listed(spans)) == middle


@pytest.mark.parametrize(
    ("count", "percent", "rank"),
    [(1, 90, 1), (9, 90, 9), (10, 90, 9), (11, 90, 10), (6711, 90, 6040), (4, 50, 2), (5, 0, 1)],
)
def test_the_nearest_rank_is_the_first_that_enough_do_not_exceed(count: int, percent: int, rank: int) -> None:
    assert nearest_rank(count, percent) == rank


def test_a_summary_of_nothing_says_nothing() -> None:
    assert summary(Listed([])) == (0, None, None, None, None)


def test_a_summary_has_size_mean_median_p90_and_maximum() -> None:
    assert summary(Listed([10, 20, 30, 100])) == (4, 40.0, 25.0, 100, 100)


@given(SOME)
def test_a_summary_agrees_with_the_standard_library(spans: list[int]) -> None:
    found = summary(Listed(spans))
    at_or_below = [sum(other <= span for other in spans) / len(spans) for span in spans]
    ninety = min(span for span, share in zip(spans, at_or_below, strict=True) if share >= 0.9)
    assert found == (len(spans), sum(spans) / len(spans), statistics.median(spans), ninety, max(spans))


@pytest.mark.parametrize(
    ("spans", "ages", "expected"),
    [
        ([10, 20, 30], [25], Reach(20, True)),  # 3/4, then 2/4: half exceed 20
        ([10, 20, 30], [5], Reach(20, True)),  # the open one left before anything ended: 2/3, 1/3
        ([10, 20, 30], [10], Reach(20, True)),  # still at risk when the first ended: 3/4, then 3/4 of 1/2
        ([10], [50, 60, 70], Reach(70, False)),  # three quarters are still there
        ([50], [10, 10], Reach(50, True)),  # the last one at risk ends
        ([], [3, 8], Reach(8, False)),  # nothing ever ended
        ([10, 20], [], Reach(15, True)),  # nothing open: the plain median
        ([5, 5, 5], [1], Reach(5, True)),
    ],
)
def test_open_stays_count_until_their_age(spans: list[int], ages: list[int], expected: Reach) -> None:
    assert survival(spans, ages) == expected


def test_of_nothing_at_all_there_is_no_survival_median() -> None:
    assert survival([], []) is None


@given(SPANS, st.lists(st.integers(0, 12), min_size=1, max_size=14))
def test_the_survival_median_is_that_of_the_definition(spans: list[int], ages: list[int]) -> None:
    assert survival(spans, ages) == survival_slowly(spans, ages)


@given(SPANS)
def test_with_nothing_open_the_survival_median_is_the_median(spans: list[int]) -> None:
    found = survival(spans, [])
    assert (found and found.value) == median(Listed(spans))


@given(SOME, st.lists(st.integers(0, 12), max_size=14))
def test_open_stays_never_lower_the_median_that_completed_ones_alone_reach(spans: list[int], ages: list[int]) -> None:
    alone = survival_slowly(spans, [])
    assert survival_slowly(spans, ages).value >= alone.value


@given(SPANS, SPANS)
def test_the_gaps_hold_every_completed_stay_up_to_the_oldest_open_one(spans: list[int], ages: list[int]) -> None:
    found = list(gaps(sorted(spans), ages))
    assert [gap.age for gap in found] == sorted(ages)
    assert sum(gap.completed for gap in found) == sum(span <= max(ages, default=-1) for span in spans)


@pytest.mark.parametrize(
    ("hits", "of", "expected"),
    [
        # Clopper and Pearson, one-sided 95 %: 1 - 0.05 ** (1 / n) where none was seen; else tables of the binomial.
        (0, 59, 0.0495),
        (0, 58, 0.0503),
        (0, 36, 0.0798),
        (0, 1, 0.95),
        (1, 10, 0.3942),
        (3, 20, 0.3437),
        (1, 93, 0.0500),
        (10, 10, 1),
        (0, 0, 1),
    ],
)
def test_the_largest_credible_share_is_clopper_and_pearsons(hits: int, of: int, expected: float) -> None:
    assert round(most(hits, of), 4) == expected


@given(st.integers(1, 400).flatmap(lambda of: st.tuples(st.integers(0, of - 1), st.just(of))))
def test_at_the_largest_credible_share_so_few_are_seen_once_in_twenty_times(seen: tuple[int, int]) -> None:
    hits, of = seen
    share = Fraction(most(hits, of))
    assert float(sum(comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(hits + 1))) == pytest.approx(0.05)


def test_the_bound_of_many_is_close_to_what_was_seen() -> None:
    assert 0.0511 < most(5_000, 100_000) < 0.0512


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # Newcombe (1998), table II, method 10.
        ((48, 80), (56, 70), (0.2, 0.0524, 0.3339)),
        ((3, 10), (9, 10), (0.6, 0.1705, 0.8090)),
        ((0, 29), (5, 56), (0.0893, -0.0381, 0.1926)),
        ((0, 20), (0, 10), (0, -0.1611, 0.2775)),
        ((0, 10), (10, 10), (1, 0.6075, 1)),
        ((12, 30), (17, 30), (0.1667, -0.0819, 0.3885)),
        ((40, 100), (57, 100), (0.17, 0.0315, 0.2996)),
    ],
)
def test_the_interval_of_a_difference_is_newcombes(
    before: tuple[int, int], after: tuple[int, int], expected: tuple[float, float, float]
) -> None:
    assert tuple(round(figure, 4) for figure in difference(before, after)) == expected
    value, low, high = difference(after, before)
    assert tuple(round(-figure, 4) for figure in (value, high, low)) == expected
