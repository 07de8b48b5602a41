"""The deals of a forecast, added up in SQL by what they are split by, their category and currency; what each weighs is
rounded before it is added up.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from oppcli.model.deals import LIVE_KINDS
from oppcli.model.records import COUNTED as STANDING
from oppcli.reads.breakdown_cells import Cell
from oppcli.reads.breakdown_gathering import SUMS, Found, Labels, selected, summed
from oppcli.reads.breakdown_keys import Key
from oppcli.reads.forecast_months import CATEGORY, Months
from oppcli.reads.where import Where
from oppcli.rules.forecasting import COUNTED, weighted
from oppcli.store.doors import ReadDoor
from oppcli.store.patterns import quoted
from oppcli.store.reading import TAKEN
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from oppcli.rules.exchange import Converter

ALL, WEIGHTED, UNWEIGHED = "all", "weighted", "unweighed"
"""In a cell: deals of all categories, for their currency; what the open ones weigh; how many of them weigh nothing, for
nothing says how likely they are."""
PROBABILITY = "coalesce(d.probability, s.probability)"
_WEIGHT = f"(d.amount / 100 * {PROBABILITY} + (d.amount % 100 * {PROBABILITY} + 50) / 100)"
"""`rules.forecasting.weighted`, without a number that is too large for SQL on the way."""
FROM = "FROM deal d JOIN stage s ON s.id = d.stage_id"
OPEN = f"s.kind IN ({quoted(LIVE_KINDS)}) AND d.standing IN ({quoted(STANDING)})"
"""Of a deal and its `stage s`: whether anything is to be expected of it."""


class Question(NamedTuple):
    """Which deals are forecast, and how they are told."""

    where: Where
    keys: Sequence[Key]
    months: Months
    by: "Converter | None"
    """What counts money, where a currency is asked for."""


def plainly(deal: int, minor: int, probability: int) -> int | None:
    """What a deal weighs at the probability that is shown."""
    return weighted(minor, probability)


class Gathering:
    """The question, asked once."""

    def __init__(self, door: ReadDoor, keys: Sequence[Key], months: Months) -> None:
        self._door, self._keys, self._months = door, keys, months
        self.judged = False
        """Whether managers said anything of the forecast."""
        self._selected = selected(keys)

    def found(self, where: Where, by: "Converter | None") -> Found:
        """The deals of a population by the keys, their money counted by `by` where a currency is asked for."""
        where = where.copy()
        where.clauses += [f"d.standing IN ({quoted(STANDING)})", f"({self._months.clauses(where)})"]
        outside = self._months.outside(where)
        cells: dict[Labels, Cell] = defaultdict(Cell)
        names, undated = self._sums(where, outside, by, cells)
        if by is not None:
            self._converted(where, outside, by, cells)
        return Found(cells, names, undated)

    def _sums(
        self, where: Where, outside: str, by: "Converter | None", cells: dict[Labels, Cell]
    ) -> tuple[list[dict[Any, Any]], int]:
        """Counts and sums into the cells; the names of what is looked up, and how many open deals are in none of the
        months."""
        width, apart = len(self._keys), 0
        names: list[dict[Any, Any]] = [{} for _ in self._keys]
        for row in self._door.rows(self._sql(where, outside), **where.params):
            raw, called, (group, currency, out, late, deals, priced, amount, weight, self.judged) = (
                row[:width],
                row[width:-9],
                row[-9:],
            )
            if deals is None:  # there is none, and that is told with whether anything was said
                continue
            if out:
                apart += deals
                continue
            if late:
                self._months.rolled[late] += deals
            for known, value, name in zip(names, raw, called, strict=True):
                known[value] = name
            cell = cells[raw]
            cell.deals[group] += deals
            if priced and (by is None or currency == by.to):
                _add(cell, group, currency, priced, int(amount), int(weight))
        return names, apart

    def _sql(self, where: Where, outside: str) -> str:
        by = {"category": CATEGORY, "currency": "d.currency", "apart": outside, "late": self._months.late()}
        judged = f"SELECT EXISTS (SELECT 1 FROM judgement WHERE {TAKEN}) AS there"
        columns = {**by, **SUMS, "weight": f"sum({_WEIGHT})"}
        return summed(self._keys, columns, list(by), f"{FROM} {where.sql}", judged)

    def _converted(self, where: Where, outside: str, by: "Converter", cells: dict[Labels, Cell]) -> None:
        """What is in other currencies, deal by deal: converted, then weighted."""
        clauses = " AND ".join([*where.clauses, "d.currency <> :in", "d.amount IS NOT NULL", f"{outside} = 0"])
        selected = f"{self._selected}{CATEGORY}, {PROBABILITY}, d.currency, d.closed_at, d.amount"
        rows = self._door.stream(f"SELECT {selected} {FROM} WHERE {clauses}", **where.params, **{"in": by.to})
        for *raw, group, probability, currency, closed_at, amount in rows:
            minor = by.minor(int(amount), currency, closed_at)
            if minor is not None:
                _add(cells[tuple(raw)], group, by.to, 1, minor, weighted(minor, probability))


def _add(cell: Cell, group: str, currency: str, priced: int, amount: int, weight: int) -> None:
    """Deals of one category and currency that have an amount."""
    for kind in (group, ALL):
        cell.priced[kind, currency] += priced
    cell.money[group, currency] += amount
    if group in COUNTED:
        cell.money[WEIGHTED, currency] += weight
