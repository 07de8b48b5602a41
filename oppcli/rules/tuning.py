"""What the conditions of a score were worth: points by how much oftener deals of which they were true were won.

Points of one condition do not look at the others, as the sum of a score does not: two that say the same are counted
twice. Source of the sum: the evidence of naive Bayes (`rules.chances`), whose weight of a condition is the logarithm of
its odds ratio, each share by Laplace's rule of succession.
"""

from collections.abc import Sequence
from math import log2

from oppcli.rules.chances import Lacking, auc, too_few
from oppcli.tuples import NamedTuple

STEPS = 10
"""Points for odds that are twice as good."""


class Told(NamedTuple):
    """A deal that closed, and which conditions were true of it."""

    true: tuple[bool, ...]
    won: bool


class Odds(NamedTuple):
    """How deals ended of which a condition was true, and the others."""

    true_won: int
    true_lost: int
    other_won: int
    other_lost: int

    @property
    def ratio(self) -> float:
        """The smoothed odds ratio: ((a+1)(d+1))/((b+1)(c+1))."""
        return (self.true_won + 1) * (self.other_lost + 1) / ((self.true_lost + 1) * (self.other_won + 1))

    @property
    def points(self) -> int:
        """10 for odds that are twice as good: round(10 × log2 of the ratio). 0 where it was true of all, or of none."""
        if not (self.true_won + self.true_lost and self.other_won + self.other_lost):
            return 0
        return round(STEPS * log2(self.ratio))


def odds(past: Sequence[Told], at: int) -> Odds:
    """Of the condition at this place."""
    counts = {(true, won): 0 for true in (True, False) for won in (True, False)}
    for each in past:
        counts[each.true[at], each.won] += 1
    return Odds(counts[True, True], counts[True, False], counts[False, True], counts[False, False])


def learnt(older: Sequence[Told], width: int) -> tuple[Odds, ...] | Lacking:
    """The odds of each condition; where fewer than 30 deals were won or lost, how many were."""
    return too_few(older) or tuple(odds(older, at) for at in range(width))


def judged(newer: Sequence[Told], points: Sequence[int]) -> float | None:
    """How often a deal that was won has the higher sum than one that was lost (`rules.chances.auc`)."""
    return auc([(sum(n for n, true in zip(points, each.true, strict=True) if true), each.won) for each in newer])
