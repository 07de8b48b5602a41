"""What one currency is worth in another, by the day: entered or imported, never fetched."""

from collections.abc import Iterable, Mapping, Sequence

from oppcli.model import records
from oppcli.model.noun import noun

Pair = tuple[str, str]
"""(base, currency)."""
Dated = Sequence[tuple[str, str]]
"""The rates of one pair, by day, oldest first: (day, what one base is in the currency, as it was entered)."""

Rates = Mapping[Pair, Dated]


def neighbours(pairs: Iterable[Pair]) -> dict[str, set[str]]:
    """Currency → those that it has a rate with, either way round: through one of them it is reckoned in a third."""
    met: dict[str, set[str]] = {}
    for one, other in pairs:
        met.setdefault(one, set()).add(other)
        met.setdefault(other, set()).add(one)
    return met


@noun
class Rate:
    """From this day on one `base` is worth `rate` of `currency`."""

    id: int = 0
    base: str
    currency: str
    day: str
    rate: str
    """An exact decimal, in plain digits: 7.82."""
    created_at: int = 0
    created_by: str = ""
    standing: str = records.LIVE
    """live; withdrawn once its entering was undone."""
    version: int = 1
