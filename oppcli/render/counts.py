"""Cells of a column that is money in some rows, and a count in those without a currency."""

from collections.abc import Callable, Sequence
from typing import Any

from oppcli.model import money
from oppcli.reads.table import Row


def mixed(
    at: int, currency_at: int, text: Callable[[int, str], str], nothing: Any
) -> Callable[[Sequence[Row]], list[Any]]:
    """Rows → the values of the column: money by `text`; a count as a number in JSON (where `nothing` is None), in plain
    digits for programs, with separators for people."""
    count: Callable[[int], Any] = int if nothing is None else str if text is money.plain else "{:,}".format

    def told(amount: int | None, currency: str | None) -> Any:
        return nothing if amount is None else text(amount, currency) if currency else count(amount)

    return lambda rows: [told(row[at], row[currency_at]) for row in rows]
