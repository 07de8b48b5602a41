"""Money in the currency that `--in` asks for; where it asks for none, nothing is loaded."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from oppcli.reads.table import Footnote, Frame, Kind, Table
from oppcli.store.doors import ReadDoor

if TYPE_CHECKING:
    from oppcli.rules.exchange import Converter


def counting(door: ReadDoor, frame: Frame, currency: str | None) -> "Converter | None":
    """What counts money in that currency; None where none is asked for."""
    if not currency:
        return None
    from oppcli.reads.converting import converter

    return converter(door, frame, currency)


def uncounted(by: "Converter | None") -> Iterator[Footnote]:
    """What had no rate, of all that was counted until this is read."""
    if by is not None:
        from oppcli.reads.converting import unconverted

        yield from unconverted(by)


def in_one(table: Table, by: "Converter | None", ended: str = "closed_at") -> Table:
    """The table with the money of each row in one currency, at the rate of the day in its column `ended`, of what has
    not ended at today's: empty where there is none. As it is where no currency is asked for."""
    if by is None:
        return table
    places = {column.name: at for at, column in enumerate(table.columns)}
    amounts = [(at, places[column.currency]) for at, column in enumerate(table.columns) if column.kind is Kind.MONEY]
    rows = []
    for row in table.rows:
        end = row[places[ended]] if ended in places else None
        cells = list(row)
        for at, currency in amounts:
            cells[at], cells[currency] = by.minor(row[at], row[currency], end), by.to
        rows.append(tuple(cells))
    return table._replace(rows=rows, notes=(*table.notes, *uncounted(by)))
