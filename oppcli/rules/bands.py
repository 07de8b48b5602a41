"""Numbers in bands: the half-open ones between given cuts, else between powers of ten."""

from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from oppcli.tuples import NamedTuple

TENS = tuple(str(10**power) for power in range(13))
"""The cuts where a team names none, in the unit of the field."""


class Bands(NamedTuple):
    """Rising cuts: each begins a band that ends before the next; in front of the first lies one more."""

    cuts: tuple[Decimal, ...]
    texts: tuple[str, ...]
    """The cuts as they are written: `10万`."""

    def place(self, value: Decimal) -> int:
        """In which band a value lies, 0 the lowest: a cut belongs to the band above it."""
        return bisect_right(self.cuts, value)

    @property
    def labels(self) -> list[str]:
        """`<10万`, `10万..50万`, `>=50万`."""
        inner = [f"{low}..{high}" for low, high in pairwise(self.texts)]
        return [f"<{self.texts[0]}", *inner, f">={self.texts[-1]}"]


def bands(texts: Sequence[str]) -> Bands:
    """Between cuts as a policy has them, by powers of ten where it has none. Raises `ValueError` for what is no
    number, and for cuts that do not rise."""
    from oppcli.words.numbers import parse

    written = tuple(texts) or TENS
    cuts = tuple(map(parse, written))
    if any(high <= low for low, high in pairwise(cuts)):
        raise ValueError(texts)
    return Bands(cuts, written)
