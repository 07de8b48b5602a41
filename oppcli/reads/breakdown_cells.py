"""What break-downs add up: a cell of deals that share their keys, and the measures that are computed from one.

Everything in a cell can be added to another one, so that a row, its margins and the total are computed from the deals
and never from rows: medians, rates and shares of the whole are those of the whole.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from oppcli.model.deals import LOST, WON
from oppcli.model.money import half_up
from oppcli.reads.table import Column, Kind
from oppcli.rules.statistics import Listed, median, nearest_rank, share, wilson
from oppcli.tuples import NamedTuple


class Cell:
    """Some deals, counted."""

    def __init__(self) -> None:
        self.deals: Counter[str] = Counter()
        """Kind of the stage → deals."""
        self.priced: Counter[tuple[str, str]] = Counter()
        """(kind, currency) → deals with an amount."""
        self.money: Counter[tuple[str, str]] = Counter()
        """(kind, currency) → minor units."""
        self.last: Counter[str] = Counter()
        """Last open stage → lost deals."""
        self.costs: dict[str, Fraction] = {}
        """Currency → what was spent, minor units."""
        self.qualified = 0
        """Deals that came into a stage of kind `open`, or further."""
        self.invalid = 0
        """Deals that were lost and never came so far."""
        self.values: dict[str, list[int]] = {}
        """What each deal has, for medians: amounts, or spans in milliseconds."""
        self.sums: Counter[Any] = Counter()
        """What else adds up and is none of the deals: time beyond targets, verdicts."""
        self.known: dict[str, Any] = {}
        """What was reckoned of these deals; forgotten when more are added."""

    def add(self, other: "Cell") -> None:
        """The deals of another cell, too."""
        for mine, theirs in zip(self._counters, other._counters, strict=True):
            mine.update(theirs)
        self.qualified += other.qualified
        self.invalid += other.invalid
        for code, cost in other.costs.items():
            self.costs[code] = self.costs.get(code, Fraction(0)) + cost
        for name, values in other.values.items():
            self.values.setdefault(name, []).extend(values)
        self.known.clear()

    def count(self, kind: str, minor: int | None, currency: str) -> None:
        """One more of a kind, with its amount if it has one."""
        self.deals[kind] += 1
        self.price(kind, minor, currency)

    def price(self, kind: str, minor: int | None, currency: str) -> None:
        """The amount of one, if it has one."""
        if minor is not None:
            self.priced[kind, currency] += 1
            self.money[kind, currency] += minor

    def listed(self, name: str) -> Listed:
        """The values of a name in order, sorted once."""
        if name not in self.known:
            self.known[name] = Listed(self.values.get(name, ()))
        found: Listed = self.known[name]
        return found

    @property
    def _counters(self) -> tuple[Counter[Any], ...]:
        return self.deals, self.priced, self.money, self.last, self.sums

    @property
    def population(self) -> int:
        return sum(self.deals.values())


class Whole(NamedTuple):
    """What a measure may depend on besides its own cell."""

    total: Cell
    currency: str | None
    """What all money is counted in; None where that differs from row to row."""

    def currency_of(self, cell: Cell, kind: str) -> str | None:
        """The currency of a row's money: its only one, that of the whole where it has none, None where it has
        several."""
        if self.currency:
            return self.currency
        found = {code for of, code in cell.priced if of == kind and cell.priced[of, code]} | cell.costs.keys()
        if found:
            return next(iter(found)) if len(found) == 1 else None
        others = {code for of, code in self.total.priced if of == kind} | self.total.costs.keys()
        return next(iter(others)) if len(others) == 1 else None

    def amount(self, cell: Cell, kind: str) -> int | None:
        """Minor units of the deals of a kind. None in several currencies; and where there are deals but not one has an
        amount, which is not the same as nothing."""
        currency = self.currency_of(cell, kind)
        if currency is None or (cell.deals[kind] and not cell.priced[kind, currency]):
            return None
        return cell.money[kind, currency]

    def mean(self, cell: Cell, kind: str) -> int | None:
        """Minor units, half up, of the deals of a kind that have an amount."""
        currency = self.currency_of(cell, kind)
        count = cell.priced[kind, currency] if currency else 0
        return half_up(Fraction(cell.money[kind, currency or ""], count)) if count else None

    def median(self, cell: Cell, kind: str) -> int | None:
        """Likewise."""
        if self.currency_of(cell, kind) is None or not (values := cell.values.get(kind)):
            return None
        found = median(Listed(values))
        return None if found is None else half_up(Fraction(found))


Figure = Callable[[Cell, Whole], object]


class Measure(NamedTuple):
    """A computed column."""

    column: Column
    of: Figure
    change: str = ""
    """Of one that `--vs` compares: `share` of what was before, or the `difference` of two rates."""
    field: str = ""
    """The fields of deals it is made of, with blanks between: who lacks one of them does not have the measure."""

    @property
    def name(self) -> str:
        return self.column.name


SHARE, DIFFERENCE = "share", "difference"


def counted(*kinds: str) -> Figure:
    """The deals of these kinds."""
    return lambda cell, whole: sum(cell.deals[kind] for kind in kinds)


def amount(kind: str) -> Figure:
    return lambda cell, whole: whole.amount(cell, kind)


def mean_amount(kind: str) -> Figure:
    return lambda cell, whole: whole.mean(cell, kind)


def median_amount(kind: str) -> Figure:
    return lambda cell, whole: whole.median(cell, kind)


def currency(kind: str) -> Figure:
    return lambda cell, whole: whole.currency_of(cell, kind)


def win_rate(cell: Cell, whole: Whole) -> float | None:
    """Won of won and lost: open deals are in neither."""
    return share(cell.deals[WON], cell.deals[WON] + cell.deals[LOST])


def win_interval(side: int) -> Figure:
    """The lower (0) or upper (1) end of Wilson's interval of the win rate."""

    def bound(cell: Cell, whole: Whole) -> float | None:
        closed = cell.deals[WON] + cell.deals[LOST]
        return wilson(cell.deals[WON], closed)[side] if closed else None

    return bound


def number_of(name: str) -> Figure:
    """How many values of a name there are."""
    return lambda cell, whole: len(cell.values.get(name, ()))


def summarized(name: str, figure: Callable[[Sequence[int]], float | None], unit: int) -> Figure:
    """A figure of the values of a name, in a unit; None of none."""

    def found(cell: Cell, whole: Whole) -> float | None:
        values = cell.values.get(name)
        value = figure(values) if values else None
        return None if value is None else value / unit

    return found


def middle(values: Sequence[int]) -> float | None:
    return median(Listed(values))


def mean(values: Sequence[int]) -> float:
    return sum(values) / len(values)


def p90(values: Sequence[int]) -> int:
    return sorted(values)[nearest_rank(len(values), 90) - 1]


def compared(now: object, before: object, how: str) -> float | None:
    """What changed: the share of what was before, None of nothing; of rates the difference."""
    if now is None or before is None:
        return None
    was, is_ = Fraction(str(before)), Fraction(str(now))
    if how == DIFFERENCE:
        return float(is_ - was)
    return float((is_ - was) / was) if was else None


CURRENCY = Column("currency", wide=False)
COUNT, MONEY = Kind.COUNT, Kind.MONEY
