"""The deals of a break-down, added up in SQL by what they are split by: one statement for counts and sums, one for each
kind of value of which the single ones are needed, for medians.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from oppcli.model.deals import LOST, OPEN, WON
from oppcli.reads.breakdown_cells import Cell
from oppcli.reads.breakdown_keys import Key
from oppcli.reads.population import DATES, Place
from oppcli.reads.where import Where
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple
from oppcli.words.zones import today

if TYPE_CHECKING:
    from oppcli.rules.exchange import Converter

LEAD, DEAL, LEFT_OUT = "lead", "deal", "left_out"
"""Spans of closed deals: from creation, and from the first stage of kind `open`, to the close; the numbers of deals of
which one cannot be told."""
_QUALIFIED = """CASE WHEN d.stage_id IN ({stages}) THEN 1 WHEN EXISTS (SELECT 1 FROM visit v WHERE v.deal_id = d.id
AND v.stage_id IN ({stages})) THEN 1 ELSE 0 END"""
_ENTERED = "(SELECT min(v.entered_at) FROM visit v WHERE v.deal_id = d.id AND v.stage_id IN ({stages}))"
Labels = tuple[Any, ...]
"""The values of the keys."""


class Times(NamedTuple):
    """Which deals count by their time: by which date, from one instant on and before another."""

    on: str
    since: int | None
    until: int | None
    tz: str
    instant: str = ""
    """SQL for the date, where it is no deal's."""

    @property
    def asked(self) -> bool:
        return self.since is not None or self.until is not None

    def clause(self, where: Where) -> str:
        """What holds of a deal whose date lies there, or is not known: that is counted and told."""
        column = self.column
        edges: tuple[Any, ...] = (self.since, self.until)
        if self.on == "expected":
            edges = tuple(None if edge is None else today(edge, self.tz).isoformat() for edge in edges)
        holds = [
            f"{column} {op} {where.name(edge)}" for op, edge in zip((">=", "<"), edges, strict=True) if edge is not None
        ]
        return f"({' AND '.join(holds)} OR {column} IS NULL)"

    def narrowed(self, where: Where) -> Where:
        """The filters, and where a time is asked about what holds of it."""
        found = where.copy()
        if self.asked:
            found.clauses.append(self.clause(found))
        return found

    @property
    def unknown(self) -> str:
        """1 for a deal that has no such date."""
        return f"CASE WHEN {self.column} IS NULL THEN 1 ELSE 0 END" if self.asked else "0"

    @property
    def column(self) -> str:
        return self.instant or f"d.{DATES[self.on]}"


class Counted(NamedTuple):
    """Which deals a report counts, and what it needs of each."""

    kinds: tuple[str, ...]
    """Kinds of their stages."""
    amounts: tuple[str, ...] = ()
    """Kinds of deals of which each amount is needed."""
    spans: tuple[str, ...] = ()
    """What is needed of how long each took: `LEAD`, `DEAL`."""
    spanned: tuple[str, ...] = ()
    """Kinds of deals of which that is."""
    qualified: bool = False
    """Whether it is asked which came into a stage of kind `open`, or further."""
    last: bool = False
    """Whether their last open stage is."""
    timeless: tuple[str, ...] = ()
    """Kinds that count whatever their date: what is open is open now."""


class Found(NamedTuple):
    """What was added up."""

    cells: Mapping[Labels, Cell]
    """By what is stored of the keys."""
    names: Sequence[Mapping[Any, Any]]
    """Of each key what that is called."""
    undated: int
    """Deals left out because their date is not known."""
    beside: Sequence[tuple[Sequence[Sequence[Any]], Cell]] = ()
    """What is no deal's and stands with them: by the values of the keys."""


SUMS = {"deals": "count(*)", "priced": "count(d.amount)", "amount": "sum(d.amount)"}
"""What is counted of deals."""


def selected(keys: Sequence[Key]) -> str:
    """The keys as columns."""
    return "".join(f"{key.sql} AS k{at}, " for at, key in enumerate(keys))


def called(keys: Sequence[Key]) -> str:
    """What names each of the keys that a `t` selected, as columns: looked up for its values, not for each record."""
    return "".join(f"{key.lookup.format(f't.k{at}') if key.lookup else f't.k{at}'}, " for at, key in enumerate(keys))


def summed(keys: Sequence[Key], columns: Mapping[str, str], by: Sequence[str], source: str, beside: str = "") -> str:
    """SQL of these columns by the keys and by some of them: the keys, what they are called, the columns. `beside`: a
    SELECT of one row, whose columns stand last, also where there is nothing else."""
    width = len(keys)
    groups = [*range(1, width + 1), *(width + at for at, name in enumerate(columns, 1) if name in by)]
    told = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
    inner = f"SELECT {selected(keys)}{told} {source} GROUP BY {', '.join(map(str, groups))}"
    raw = "".join(f"t.k{at}, " for at in range(width))
    rest = ", ".join((*(f"t.{name}" for name in columns), *(["j.*"] if beside else [])))
    return f"SELECT {raw}{called(keys)}{rest} FROM " + (
        f"({beside}) j LEFT JOIN ({inner}) t ON 1 = 1" if beside else f"({inner}) t"
    )


class Gathering:
    """The question, asked of one time or of another that it is compared with."""

    def __init__(self, door: ReadDoor, places: Sequence[Place], keys: Sequence[Key], counted: Counted) -> None:
        self._door, self._places, self._keys, self._counted = door, places, keys, counted
        self._kinds = {place.id: place.kind for place in places}
        self._names = {place.id: place.name for place in places}

    def found(self, where: Where, times: Times, by: "Converter | None" = None) -> Found:
        """The deals of a population at a time, their money counted by `by` where a currency is asked for."""
        where = where.copy()
        where.clauses.append(f"d.stage_id IN ({self._stages(self._counted.kinds)})")
        if times.asked:
            dated = times.clause(where)
            timeless = self._counted.timeless
            where.clauses.append(f"({dated} OR d.stage_id IN ({self._stages(timeless)}))" if timeless else dated)
        cells: dict[Labels, Cell] = defaultdict(Cell)
        names, undated = self._sums(where, times, by, cells)
        if times.asked:
            where.clauses.append(self._dated(times))
        if by is not None:
            self._converted(where, by, cells)
        for kind in self._counted.amounts:
            self._amounts(where, kind, by, cells)
        if self._counted.spans:
            self._spans(where, cells)
        return Found(cells, names, undated)

    def _stages(self, kinds: Sequence[str]) -> str:
        return ", ".join(str(place.id) for place in self._places if place.kind in kinds) or "NULL"

    def _dated(self, times: Times) -> str:
        known = f"{times.column} IS NOT NULL"
        timeless = self._counted.timeless
        return f"({known} OR d.stage_id IN ({self._stages(timeless)}))" if timeless else known

    def _selected(self) -> str:
        return selected(self._keys)

    def _sums(
        self, where: Where, times: Times, by: "Converter | None", cells: dict[Labels, Cell]
    ) -> tuple[list[dict[Any, Any]], int]:
        """Counts and sums by the keys, stage and currency, into the cells; the names of what is looked up, and how many
        deals have no date."""
        width, undated = len(self._keys), 0
        names: list[dict[Any, Any]] = [{} for _ in self._keys]
        for row in self._door.rows(self._sql(where, times), **where.params):
            raw, called, (stage, last, qualified, currency, unknown, deals, priced, amount) = (
                row[:width],
                row[width:-8],
                row[-8:],
            )
            if unknown and self._kinds[stage] not in self._counted.timeless:
                undated += deals
                continue
            for known, value, name in zip(names, raw, called, strict=True):
                known[value] = name
            cell, kind = cells[raw], self._kinds[stage]
            cell.deals[kind] += deals
            cell.qualified += deals if qualified else 0
            cell.invalid += deals if kind == LOST and not qualified else 0
            if last is not None:
                cell.last[self._names.get(last, "")] += deals
            if priced and (by is None or currency == by.to):
                cell.priced[kind, currency] += priced
                cell.money[kind, currency] += int(amount)
        return names, undated

    def _sql(self, where: Where, times: Times) -> str:
        """Grouped by what varies alone: a constant costs each deal its comparison, a third of the time."""
        last = "d.last_open_stage_id" if self._counted.last else "NULL"
        qualified = _QUALIFIED.format(stages=self._stages((OPEN, WON))) if self._counted.qualified else "0"
        columns = {"stage": "d.stage_id", "last": last, "qualified": qualified, "currency": "d.currency"}
        columns |= {"unknown": times.unknown, **SUMS}
        wanted = {"stage": True, "last": self._counted.last, "qualified": self._counted.qualified, "currency": True}
        wanted["unknown"] = times.asked
        by = [name for name, each in wanted.items() if each]
        return summed(self._keys, columns, by, f"FROM deal d {where.sql}")

    def _converted(self, where: Where, by: "Converter", cells: dict[Labels, Cell]) -> None:
        """What is in other currencies, deal by deal."""
        from oppcli.reads.converting import of_deals

        for *raw, stage, _, minor in of_deals(self._door, by, where, self._selected()):
            kind = self._kinds[stage]
            if minor is not None:
                cell = cells[tuple(raw)]
                cell.priced[kind, by.to] += 1
                cell.money[kind, by.to] += minor

    def _amounts(self, where: Where, kind: str, by: "Converter | None", cells: dict[Labels, Cell]) -> None:
        """The amount of each deal of a kind. What cannot be converted was told of before."""
        which = " AND ".join([*where.clauses, f"d.stage_id IN ({self._stages((kind,))})", "d.amount IS NOT NULL"])
        foreign = ", d.currency, d.closed_at" if by else ""
        sql = f"SELECT {self._selected()}d.amount{foreign} FROM deal d WHERE {which}"
        values: dict[Labels, list[int]] = defaultdict(list)
        width = len(self._keys)
        rows = self._door.stream(sql, **where.params)
        if by is None:
            for row in rows:
                values[row[:width]].append(row[width])
        else:
            quiet = by.again()
            for *raw, amount, currency, closed_at in rows:
                minor = quiet.minor(amount, currency, closed_at)
                if minor is not None:
                    values[tuple(raw)].append(minor)
        for labels, found in values.items():
            cells[labels].values[kind] = found

    def _spans(self, where: Where, cells: dict[Labels, Cell]) -> None:
        """How long each deal took that closed: from its creation, and from its first stage of kind `open`. A deal of
        which one cannot be told, or would end before it begins, is kept by its number."""
        kinds, names = self._counted.spanned, self._counted.spans
        began = {LEAD: "d.created_at", DEAL: _ENTERED.format(stages=self._stages((OPEN,)))}
        selected = ", ".join(f"d.closed_at - {began[name]}" for name in names)
        which = " AND ".join([*where.clauses, f"d.stage_id IN ({self._stages(kinds)})"])
        width = len(self._keys)
        for row in self._door.stream(
            f"SELECT {self._selected()}d.id, {selected} FROM deal d WHERE {which}", **where.params
        ):
            values, told = cells[row[:width]].values, True
            for name, span in zip(names, row[width + 1 :], strict=True):
                if span is not None and span >= 0:
                    values.setdefault(name, []).append(span)
                else:
                    told = False
            if not told:
                values.setdefault(LEFT_OUT, []).append(row[width])
