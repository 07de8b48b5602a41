"""Submitted forecasts: as they are typed where an instant is asked for, and as a card."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from oppcli.cli.context import Context
from oppcli.model.said import Word, listed, say
from oppcli.store.doors import ReadDoor

if TYPE_CHECKING:
    from oppcli.reads.table import Table


def since(opp: Context, door: ReadDoor, text: str) -> int:
    """The first instant behind a submission (`F-3`, `last`), else of a day as typed. Refused (3) where there is no such
    submission."""
    from oppcli.reads.submissions import named

    found = named(door, text, opp.actor)
    if found is not None:
        return found.submitted_at + 1
    from oppcli.cli.dates_typed import looking_back

    return looking_back(opp, text, "start")


def shown(opp: Context, text: str) -> "Table":
    """`opp show F-3`: what was said of a month, and its deals as they were. Refused (3) where there is none."""
    from oppcli.cli.framing import framed
    from oppcli.reads.cards import Block, Card, carded, told_on
    from oppcli.reads.submissions import one

    with opp.read() as door:
        table, lines = one(door, text, framed(opp, door))
    if not told_on(opp.given):
        return table
    reference, month = next(iter(table.rows))[:2]
    blocks = (Block(say("Deals:"), tuple(_cells(lines))),) if lines.rows else ()
    left_out = frozenset(("forecast", "month", "currency", "lines"))
    return carded(table, Card(listed((reference, month), " "), ((),), left_out, (), blocks))


def _cells(lines: "Table") -> Iterator[tuple[str, ...]]:
    """Of each deal what people read of it, each in a cell of its own."""
    from oppcli.model import money

    for values in lines.rows:
        row = dict(zip((column.name for column in lines.columns), values, strict=True))
        amount, probability = row.get("amount"), row.get("probability")
        yield (
            row["deal"],
            row["title"] or "",
            Word("category", row["category"]) if row.get("category") else "",
            "" if amount is None else money.shown(amount, row["currency"]),
            "" if probability is None else say("{n} %", n=probability),
            row.get("expected_close") or "",
        )
