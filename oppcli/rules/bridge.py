"""What became of what was open: why a deal that was open at one instant counts otherwise at another, the first reason
that applies, with its whole difference; ups and downs are never netted.
"""

from collections.abc import Iterator, Sequence

from oppcli.model.bridge import (
    AMOUNT,
    AMOUNT_DOWN,
    AMOUNT_UP,
    BACK,
    COUNT,
    FORWARD,
    IN,
    MOVES,
    NEW,
    OTHER,
    OUT,
    PROB_DOWN,
    PROB_UP,
    PULLED,
    PUSHED,
    RATE,
    REOPENED,
    RESTORED,
    RULES,
    THROUGH,
    WEIGHTED,
    WITHDRAWN,
    reasons,
)
from oppcli.model.deals import LIVE_KINDS, OMITTED
from oppcli.rules.forecasting import category, weighted
from oppcli.tuples import NamedTuple


class Place(NamedTuple):
    """A stage at an instant."""

    kind: str
    position: int | None
    probability: int
    category: str | None


class State(NamedTuple):
    """A deal at an instant."""

    stage: int
    place: Place
    amount: int | None
    currency: str
    probability: int | None
    """Its own."""
    category: str | None
    """Its own."""
    close: str | None
    counted: bool
    """Whether it is there: neither withdrawn nor merged into another."""
    within: bool = True
    """Whether it passes the filter."""

    @property
    def open(self) -> bool:
        """Whether it is in the figure of its instant."""
        return self.counted and self.within and self.place.kind in LIVE_KINDS

    @property
    def weight(self) -> int:
        """Per cent; nothing of one that the forecast omits."""
        if category(self.place.kind, self.category, self.place.category) == OMITTED:
            return 0
        return self.place.probability if self.probability is None else self.probability

    def worth(self, minor: int | None, measure: str) -> int:
        """What it counts for, of an amount in the currency that is counted in."""
        if measure == COUNT:
            return 1
        return (minor or 0) if measure == AMOUNT else weighted(minor or 0, self.weight)


def reason(before: State | None, after: State | None, worth: tuple[int, int], measure: str) -> str | None:
    """In which row a deal stands that was so and is so now, and counted for so much; None where it is in neither
    figure, or in both for the same."""
    if after is None:
        return None
    if before is None:
        return (NEW if after.open else THROUGH) if after.counted and after.within else None
    if before.open:
        return _left(after) or _edited(before, after, worth, measure)
    if not after.open:
        return None
    if before.place.kind not in LIVE_KINDS:
        return REOPENED
    return IN if before.counted else RESTORED


def _left(after: State) -> str | None:
    """Why one that was open is no more."""
    if not after.counted:
        return WITHDRAWN
    if after.place.kind not in LIVE_KINDS:
        return after.place.kind
    return None if after.within else OUT


def _edited(before: State, after: State, worth: tuple[int, int], measure: str) -> str | None:
    """Why one that is open as before counts for more or less."""
    if measure == COUNT:
        return None
    same = before.currency == after.currency
    was, now = before.amount or 0, after.amount or 0
    if same and was != now:
        return AMOUNT_UP if now > was else AMOUNT_DOWN
    if worth[0] == worth[1]:
        return None
    if not same:
        return OTHER
    if measure == WEIGHTED and before.weight != after.weight:
        own = (before.stage, before.probability, before.category) != (after.stage, after.probability, after.category)
        return (PROB_UP if after.weight > before.weight else PROB_DOWN) if own else RULES
    return RATE


def moves(before: State | None, after: State | None) -> Iterator[str]:
    """Where a deal that stayed open went, and whether it is expected later or earlier."""
    if before is None or after is None or not (before.open and after.open):
        return
    here, there = before.place.position, after.place.position
    if before.stage != after.stage and here is not None and there is not None and here != there:
        yield FORWARD if there > here else BACK
    if before.close and after.close and before.close != after.close:
        yield PUSHED if after.close > before.close else PULLED


class Sum(NamedTuple):
    """What stands in one row."""

    deals: int = 0
    before: int = 0
    after: int = 0

    def and_(self, before: int, after: int) -> "Sum":
        return Sum(self.deals + 1, self.before + before, self.after + after)


def ordered(found: Sequence[str], measure: str) -> list[str]:
    """Rows as they stand: those of the bridge, then the moves."""
    known = (*reasons(measure), *MOVES)
    return sorted(found, key=known.index)
