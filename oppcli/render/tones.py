"""Colours of cells: red for late and refused, yellow for due today, green for approved and won. Each stands beside its
word."""

from collections.abc import Callable, Sequence

from oppcli.model.deals import WON
from oppcli.model.requests import APPROVED, REJECTED
from oppcli.reads.table import Row
from oppcli.render.cells import due_today
from oppcli.render.output import Output
from oppcli.render.view import Shown

RED, GREEN, YELLOW = "\x1b[31m", "\x1b[32m", "\x1b[33m"
WORDS = {("state", APPROVED): GREEN, ("state", REJECTED): RED, ("kind", WON): GREEN}
"""By group and code."""


def tones(shown: Shown, rows: Sequence[Row], out: Output) -> list[str]:
    """What begins the colour of each row in a column; empty for none."""
    tone = _tone(shown, out)
    return [tone(row) if row[shown.at] is not None else "" for row in rows]


def _tone(shown: Shown, out: Output) -> Callable[[Row], str]:
    column, at = shown.column, shown.at
    if column.late:
        return lambda row: RED if row[at] > 0 else ""
    if shown.toned is not None:
        group, code_at = shown.toned
        return lambda row: WORDS.get((group, row[code_at]), "")
    if shown.until_at is not None:
        due_at = shown.until_at
        return lambda row: _left(row[due_at], out)
    return lambda row: ""


def _left(due: int | None, out: Output) -> str:
    if due is None or out.now is None:
        return ""
    return RED if due < out.now else YELLOW if due_today(due, out) else ""
