"""Whether something got better since an instant: two cohorts, each followed equally long, and what their difference
shows."""

from collections.abc import Callable, Iterable

from oppcli.rules.statistics import Difference, Listed, Reach, difference, gaps, survival_median
from oppcli.tuples import NamedTuple

BETTER, WORSE, NOT_SHOWN, TOO_FEW = "better", "worse", "not shown", "too few"
VERDICTS = (BETTER, WORSE, NOT_SHOWN, TOO_FEW)
ENOUGH = 20
"""On each side; of fewer nothing is said."""

Entry = tuple[int, int | None]
"""When it began, and when it got to what is measured, if it did."""


class Cohort(NamedTuple):
    """What became of those that began within a time, as far as they were followed to their end."""

    n: int
    hits: int
    """How many got there in time."""
    median: Reach | None
    """Milliseconds to that, those that did not get there longer than they were followed."""

    @property
    def share(self) -> float | None:
        return self.hits / self.n if self.n else None


def cohort(entries: Iterable[Entry], until: Callable[[int], int], now: int) -> Cohort:
    """Those that were followed to their end by now; `until`: to when something that begins at an instant is followed.
    What came later than that does not count, however long ago it is: so both sides had the same time."""
    spans: list[int] = []
    ages: list[int] = []
    for start, reached in entries:
        end = until(start)
        if end > now:
            continue
        if reached is not None and start <= reached <= end:
            spans.append(reached - start)
        else:
            ages.append(end - start)
    listed = Listed(spans)
    median = survival_median(listed, len(ages), gaps(listed.spans, ages))
    return Cohort(len(spans) + len(ages), len(spans), median)


def parted(entries: Iterable[Entry], at: int) -> tuple[list[Entry], list[Entry]]:
    """Those that began before an instant, and from it on."""
    sides: tuple[list[Entry], list[Entry]] = ([], [])
    for entry in entries:
        sides[entry[0] >= at].append(entry)
    return sides


def compared(before: Cohort, after: Cohort) -> tuple[str, Difference | None]:
    """What the difference of two shares shows, and itself; of too few on a side none."""
    if min(before.n, after.n) < ENOUGH:
        return TOO_FEW, None
    found = difference((before.hits, before.n), (after.hits, after.n))
    return (BETTER if found.low > 0 else WORSE if found.high < 0 else NOT_SHOWN), found
