"""Of which rows a bar tells how much they have, and how long it is; on a terminal and on a page."""

from collections.abc import Iterable, Sequence
from math import inf

from oppcli.reads.table import Row
from oppcli.render import cells
from oppcli.render.view import Shown, View


def barred(view: View) -> Shown | None:
    """The column of which bars are drawn: the first that asks for it; else that of the figure of a page, where it is
    the first of the row, so that nobody takes it for another."""
    asked = next((shown for shown in view.shown if shown.column.bar), None)
    if asked is not None or view.chart is None or len(view.chart.values) > 1:
        return asked
    first = next((shown for shown in view.shown if shown.column.kind in cells.RIGHT), None)
    return first if first is not None and first.column.name == view.chart.values[0] else None


def parts(view: View, rows: Iterable[Row]) -> list[Row]:
    """The rows without that of the whole, beside which no other would be seen."""
    return [row for row in rows if row is not view.rows.last]


def lengths(view: View, rows: Sequence[Row]) -> list[float]:
    """Of each row how long its bar is, from 0 to 1; the whole, and what is no amount, has none. Nothing where no bars
    are drawn."""
    column = barred(view)
    if column is None:
        return []
    values = [row[column.at] if row is not view.rows.last else None for row in rows]
    amounts = [float(each) if isinstance(each, (int, float)) and 0 < each < inf else 0.0 for each in values]
    largest = max(amounts, default=0.0)
    return [each / largest if largest else 0.0 for each in amounts]
