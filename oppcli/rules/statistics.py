"""Figures of a set of durations: mean, median, nearest-rank percentile, Kaplan–Meier median; the interval of a share.

The durations may lie in a list or behind an index of a database, so a set is asked for its size, its sum and its n-th
member only. Durations are whole numbers of any unit; results are in the same unit.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from oppcli.tuples import NamedTuple

_Z95 = 1.959964
"""The normal quantile of 97.5 %."""
_HAIR = 1e-9
"""Allowance for rounding where survival is exactly one half, relative to the number at risk."""
_TAIL = 0.05
_HALVINGS = 50
"""After so many halvings a bound is known to the last digit that a float has of it."""
_TINY, _CLOSE, _TERMS = 1e-300, 1e-15, 100_000
"""Of a continued fraction: in place of 0, when it no longer changes, and where it ends whatever it does."""


def share(part: int, of: int) -> float | None:
    """None of nothing."""
    return part / of if of else None


class Spans(Protocol):
    """Durations in ascending order, wherever they are."""

    @property
    def count(self) -> int: ...

    @property
    def total(self) -> int: ...

    def nth(self, place: int) -> int:
        """The duration at a place, 0 first."""
        ...


class Listed:
    """Durations in memory."""

    def __init__(self, spans: Iterable[int]) -> None:
        self.spans = sorted(spans)

    @property
    def count(self) -> int:
        return len(self.spans)

    @property
    def total(self) -> int:
        return sum(self.spans)

    def nth(self, place: int) -> int:
        return self.spans[place]


class Summary(NamedTuple):
    """What is said of completed durations; all None when there are none."""

    n: int
    mean: float | None = None
    median: float | None = None
    p90: int | None = None
    max: int | None = None


def summary(spans: Spans) -> Summary:
    """Size, mean, median, 90th percentile (nearest rank) and maximum."""
    count = spans.count
    if not count:
        return Summary(0)
    p90 = spans.nth(nearest_rank(count, 90) - 1)
    return Summary(count, spans.total / count, median(spans), p90, spans.nth(count - 1))


def median(spans: Spans) -> float | None:
    """The middle one; of an even number the mean of the two in the middle; None of none."""
    count = spans.count
    if not count:
        return None
    lower = spans.nth((count - 1) // 2)
    return float(lower) if count % 2 else (lower + spans.nth(count // 2)) / 2


def nearest_rank(count: int, percent: int) -> int:
    """The rank, 1 first, of the smallest member that at least `percent` per cent do not exceed: ceil(p / 100 · n).

    Source: Hyndman and Fan, Sample Quantiles in Statistical Packages (1996), definition 1.
    """
    return max(1, -(-count * percent // 100))


class Gap(NamedTuple):
    """An open duration and how many completed ones lie between it and the open one before."""

    age: int
    completed: int
    """Completed durations d with previous age < d <= age."""


class Reach(NamedTuple):
    """A median that includes open durations: the value, or a value that it exceeds."""

    value: float
    reached: bool


def gaps(spans: Sequence[int], ages: Iterable[int]) -> Iterator[Gap]:
    """The gaps of sorted completed durations between the ages of open ones."""
    before = 0
    for age in sorted(ages):
        upto = bisect_right(spans, age)
        yield Gap(age, upto - before)
        before = upto


def survival_median(spans: Spans, opened: int, between: Iterable[Gap]) -> Reach | None:
    """The Kaplan–Meier median: the smallest duration that, allowing for the `opened` ones that are not over yet (taken
    as censored at their age), at most half exceed. Where even the longest leaves more than half, that longest one, not
    reached. Without open durations it is the median; None of nothing at all.

    Between two censored durations the product of the estimator telescopes: of n at risk, k completions leave the
    (n - k) / n part. So it takes one factor per open duration, and the completed ones are only counted.

    Source: Kaplan and Meier, Nonparametric Estimation from Incomplete Observations (1958); a duration censored at the
    instant of a completion was still at risk then.
    """
    if not opened:
        middle = median(spans)
        return None if middle is None else Reach(middle, True)
    at_risk, survival, completed, age = spans.count + opened, 1.0, 0, 0
    for gap in between:
        place = _halved(at_risk, survival, gap.completed)
        if place is not None:
            return Reach(spans.nth(completed + place - 1), True)
        survival *= (at_risk - gap.completed) / at_risk
        completed += gap.completed
        at_risk -= gap.completed + 1
        age = gap.age
    rest = spans.count - completed
    place = _halved(at_risk, survival, rest)
    if place is not None:
        return Reach(spans.nth(completed + place - 1), True)
    return Reach(spans.nth(spans.count - 1) if rest else age, False)


def _halved(at_risk: int, survival: float, found: int) -> int | None:
    """After how many of `found` completions survival is one half or less; None if it stays above."""
    if not found:
        return None
    needed = at_risk * (1 - 0.5 / survival)
    place = max(1, -int(-(needed - _HAIR * at_risk) // 1))
    return place if place <= found else None


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Between which shares the true one lies with a confidence of 95 %, where `hits` of `of` were seen; of none, 0
    to 1.

    Source: Wilson, Probable Inference, the Law of Succession, and Statistical Inference (1927).
    """
    if not of:
        return 0.0, 1.0
    share, z2 = hits / of, _Z95 * _Z95
    middle = share + z2 / (2 * of)
    half = _Z95 * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    return max(0.0, (middle - half) / (1 + z2 / of)), min(1.0, (middle + half) / (1 + z2 / of))


class Difference(NamedTuple):
    """A share minus another, and between what the true difference lies with a confidence of 95 %."""

    value: float
    low: float
    high: float


def difference(before: tuple[int, int], after: tuple[int, int]) -> Difference:
    """How much larger the share `after` is than the one `before`; each is how many of how many, of at least one.

    Source: Newcombe, Interval Estimation for the Difference Between Independent Proportions (1998), method 10.
    """
    (p, q), (low_p, high_p), (low_q, high_q) = (
        (before[0] / before[1], after[0] / after[1]),
        wilson(*before),
        wilson(*after),
    )
    below, above = math.hypot(q - low_q, high_p - p), math.hypot(high_q - q, p - low_p)
    return Difference(q - p, q - p - below, q - p + above)


def most(hits: int, of: int) -> float:
    """The largest share that is still credible, with a confidence of 95 %, where `hits` of `of` were seen: the
    one-sided upper bound; of none 1.

    Source: Clopper and Pearson, The Use of Confidence or Fiducial Limits (1934).
    """
    if hits >= of:
        return 1.0
    low, high = hits / of, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(hits, of, middle) > _TAIL else (low, middle)
    return (low + high) / 2


def _at_most(hits: int, of: int, share: float) -> float:
    """How probable no more than `hits` of `of` are, each being one by itself with this probability (0 < share < 1).

    The sum of the binomial is an incomplete beta function: Abramowitz and Stegun, 26.5.24 and 6.6.2, 6.6.3."""
    a, b, x = of - hits, hits + 1, 1 - share
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log(share))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, x) / a
    return 1 - front * _fraction(b, a, share) / b


def _fraction(a: int, b: int, x: float) -> float:
    """The continued fraction of the incomplete beta function: Abramowitz and Stegun, 26.5.8, by Lentz's method."""
    numerator, denominator = 1.0, 1 - (a + b) * x / (a + 1)
    denominator = 1 / (denominator or _TINY)
    value, m = denominator, 0
    while True:
        m += 1
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        factor = 1.0
        for term in (even, odd):
            denominator = 1 / ((1 + term * denominator) or _TINY)
            numerator = (1 + term / numerator) or _TINY
            factor = denominator * numerator
            value *= factor
        if abs(factor - 1) < _CLOSE or m > _TERMS:
            return value
