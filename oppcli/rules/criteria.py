"""Whether what a gate asks for goes with winning: deals that had it against deals that had not."""

from collections.abc import Sequence

from oppcli.rules.effect import BETTER, ENOUGH, NOT_SHOWN, TOO_FEW, WORSE
from oppcli.rules.statistics import Difference, Listed, difference, median
from oppcli.tuples import NamedTuple

EVERYBODY = "everybody has it"
VERDICTS = (BETTER, WORSE, NOT_SHOWN, EVERYBODY, TOO_FEW)


class Side(NamedTuple):
    """Closed deals that had it, or had not."""

    n: int
    won: int
    days: float | None
    """The median of how long they took, milliseconds."""

    @property
    def rate(self) -> float | None:
        return self.won / self.n if self.n else None


def side(deals: Sequence[tuple[bool, int | None]]) -> Side:
    """Of (won, how long it took if that is known)."""
    return Side(len(deals), sum(won for won, _ in deals), median(Listed(ms for _, ms in deals if ms is not None)))


def compared(having: Side, lacking: Side) -> tuple[str, Difference | None]:
    """What the difference of the win rates shows, and itself; where too few lack it nearly everybody has it."""
    if lacking.n < ENOUGH:
        return EVERYBODY, None
    if having.n < ENOUGH:
        return TOO_FEW, None
    found = difference((lacking.won, lacking.n), (having.won, having.n))
    return (BETTER if found.low > 0 else WORSE if found.high < 0 else NOT_SHOWN), found
