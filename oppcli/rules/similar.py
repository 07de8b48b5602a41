"""Which closed deals are like one: a distance made of a few parts that people can check, and the nearest by it."""

from collections.abc import Collection, Iterable, Mapping
from heapq import nsmallest
from math import log2
from typing import Any

from oppcli.tuples import NamedTuple

FACTOR = 8
"""A deal of an amount so many times as large, or as small, is like none."""
NEWEST = 2_000
"""So many closed deals are looked at."""
NEAREST, FEWEST = 5, 3
"""So many are shown; of fewer that could be shown nothing is said."""
OF_WHICH = 20
"""Of so many nearest it is told how many were won."""
TEN_POINTS = 100_000
"""Ten per cent points, in ten-thousandths of one per cent: a discount or margin so far away counts 1."""
SAME = ("product", "tier", "region")
PARTS = ("amount", "discount", "margin", *SAME)


class Likened(NamedTuple):
    """What of a deal is compared: minor units of its currency, ten-thousandths of one per cent."""

    id: int
    amount: int | None = None
    discount: int | None = None
    margin: int | None = None
    product: str | None = None
    tier: str | None = None
    region: str | None = None
    closed_at: int | None = None


class Near(NamedTuple):
    """A closed deal, how far it is, and which parts of that are not 0."""

    deal: Likened
    distance: float
    parts: Mapping[str, float]


def within(amount: int | None, other: int | None) -> bool:
    """Whether two amounts are within the factor; everything is where nothing is known of the first."""
    if not amount or amount < 0:
        return True
    return other is not None and other * FACTOR >= amount and other <= amount * FACTOR


def parts(one: Likened, other: Likened, hidden: Collection[str] = ()) -> dict[str, float]:
    """What the distance of two deals is made of: |log2(ratio of amounts)|, a tenth of the per cent points between
    discounts and between margins, 1 for each of product, tier and region that is not the same; 1 where a side is empty.
    Without what is `hidden` from who asks, and what is 0."""
    found = {name: _part(name, getattr(one, name), getattr(other, name)) for name in PARTS if name not in hidden}
    return {name: part for name, part in found.items() if part}


def _part(name: str, one: Any, other: Any) -> float:
    if name in SAME:
        return 0.0 if one and other and one.casefold() == other.casefold() else 1.0
    if one is None or other is None:
        return 1.0
    if name == "amount":
        return abs(log2(one / other)) if one > 0 and other > 0 else 1.0
    return float(abs(one - other) / TEN_POINTS)


def nearest(
    one: Likened, closed: Iterable[Likened], hidden: Collection[str] = (), most: int | None = NEAREST
) -> list[Near]:
    """The nearest of closed deals, by distance in two decimals, then the one closed last, then id; None for all.
    Nothing of fewer than three that are within the factor."""
    found = [_near(one, each, hidden) for each in closed if each.id != one.id and within(one.amount, each.amount)]
    if len(found) < FEWEST:
        return []
    return sorted(found, key=_order) if most is None else nsmallest(most, found, key=_order)


def _near(one: Likened, other: Likened, hidden: Collection[str]) -> Near:
    made = parts(one, other, hidden)
    return Near(other, round(sum(made.values(), 0.0), 2), {name: round(part, 2) for name, part in made.items()})


def _order(near: Near) -> tuple[float, bool, int, int]:
    at = near.deal.closed_at
    return near.distance, at is None, -(at or 0), near.deal.id
