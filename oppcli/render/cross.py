"""Rows of two keys as people read them: the second key across, one figure at each crossing, sums at both sides."""

from collections.abc import Iterable
from typing import Any

from oppcli.model import money
from oppcli.model.said import Word, say
from oppcli.reads.crossing import Cross
from oppcli.reads.table import Column, Kind, Row, Table
from oppcli.render.output import Output
from oppcli.render.view import FOR_PROGRAMS, named, words

KEYS = 2
CURRENCY = "(currency)"
"""No key is called so."""


def crossed(table: Table, out: Output) -> tuple[Table, Output]:
    """The table with one figure crossed: the one that `-c` names alone, else the first. As it stands for programs,
    where several columns are named, and where rows are sorted."""
    figure = _figure(table, out)
    if table.cross is None or figure is None:
        return table, out
    return _made(table, table.cross, figure), out._replace(columns=None)


def _figure(table: Table, out: Output) -> int | None:
    """Which of the figures is crossed."""
    if out.format in FOR_PROGRAMS or out.sort:
        return None
    asked = words(named(out.columns, table.columns))
    if not asked:
        return 0
    names = [column.name for column in table.columns[KEYS:]]
    sign, name = asked[0]
    return names.index(name) if len(asked) == 1 and not sign and name in names else None


def _made(table: Table, cross: Cross, figure: int) -> Table:
    down, over, shown = table.columns[0], table.columns[1], table.columns[KEYS + figure]
    found = {row[:KEYS]: row[KEYS:] for row in table.rows}
    whole = None if table.last is None else table.last[KEYS:]
    sides = (*cross.first.values(), *cross.second.values(), cross.nothing, *(() if whole is None else (whole,)))
    code = _currency(table, shown, (*found.values(), *sides))
    cell = _cell(table, shown, figure, code)
    told = () if code is None else (code,)
    rows = [
        (
            one,
            *(cell(found.get((one, two), cross.nothing)) for two in cross.across),
            cell(cross.first[one]),
            *told,
        )
        for one in cross.down
        if one in cross.first
    ]
    last = None
    if table.last is not None and whole is not None:
        below = (cell(cross.second.get(two, cross.nothing)) for two in cross.across)
        last = (table.last[0], *below, cell(whole), *told)
    kind = Kind.TEXT if shown.kind is Kind.MONEY and code is None else shown.kind
    shape = Column("total", kind, title=say("TOTAL"), currency=CURRENCY, unit=shown.unit, rank=1)
    across = (shape._replace(name=f"{at}", title=_title(over, two)) for at, two in enumerate(cross.across))
    columns = (down, *across, shape, *(Column(CURRENCY, wide=False) for _ in told))
    return table._replace(columns=columns, rows=rows, last=last, cross=None, chart=None)


def _currency(table: Table, shown: Column, cells: Iterable[Row]) -> str | None:
    """That of all amounts; None where they have several, or none, and for figures that are no money."""
    if shown.kind is not Kind.MONEY:
        return None
    at = _place(table, shown)
    codes = {figures[at] for figures in cells} - {None}
    return codes.pop() if len(codes) == 1 else None


def _place(table: Table, shown: Column) -> int:
    """Where among the figures the currency of this one stands."""
    return next(place for place, column in enumerate(table.columns[KEYS:]) if column.name == shown.currency)


def _title(column: Column, label: Any) -> str:
    """What stands above the column of a value."""
    if label is None:
        return column.blank
    return Word(column.words, label) if column.words else label if isinstance(label, str) else str(label)


def _cell(table: Table, shown: Column, figure: int, code: str | None) -> Any:
    """What makes a crossing of its figures: money with its currency, where each may have another one."""
    if shown.kind is not Kind.MONEY:
        return lambda figures: figures[figure]
    at = _place(table, shown)

    def amount(figures: Row) -> Any:
        minor, currency = figures[figure], figures[at]
        if minor is None or currency is None:
            return None
        return minor if code else money.shown(minor, currency)

    return amount
