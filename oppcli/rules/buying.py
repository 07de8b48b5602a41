"""How customers buy: how long from one win to the next, when the next one would come; who lies beyond the cadence."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from oppcli.model.policy import Calendar
from oppcli.model.relations import Cadence
from oppcli.rules import dues, promising
from oppcli.rules.statistics import Listed, median
from oppcli.tuples import NamedTuple

SILENT = "silent"
"""The signal of a customer without a live deal whom nobody was in touch with for longer than the cadence allows."""


def repeat_ms(wins: Sequence[int]) -> float | None:
    """The median time from one win to the next, of instants in order; None of fewer than two."""
    return median(Listed(later - earlier for earlier, later in pairwise(wins)))


def next_expected(wins: Sequence[int]) -> int | None:
    """The instant at which the next win would come after the usual time; None where nothing is usual yet."""
    usual = repeat_ms(wins)
    return None if usual is None else round(wins[-1] + usual)


class Repeat(NamedTuple):
    """How many customers bought, and how many of them again."""

    once: int
    again: int

    @property
    def rate(self) -> float | None:
        """Customers with two wins or more, of those with one or more."""
        return self.again / self.once if self.once else None


def repeat(wins: Iterable[int]) -> Repeat:
    """Of how often each customer bought."""
    counts = list(wins)
    return Repeat(sum(n >= 1 for n in counts), sum(n >= 2 for n in counts))


def silent(cadence: Cadence | None, since: int | None, quiet: str | None, now: int, calendar: Calendar) -> bool:
    """Whether a customer without a live deal should have been heard of by now: the cadence is over since the last
    touch, or the end of the last deal, and so is the time in which it is left in peace. Nobody is silent without a
    cadence, or where nobody knows since when."""
    by = None if since is None else promising.next_by(cadence, since, calendar)
    if by is None:
        return False
    return dues.late(promising.not_before(by, quiet, calendar.timezone), now, calendar.timezone)
