"""What an import keeps count of, and what it holds of one row while it decides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from oppcli.errors import OppError
from oppcli.files.history import History
from oppcli.files.reading import BLANK, Problem, Read
from oppcli.files.sheets import Row
from oppcli.files.wrong import Kinds, Wrong
from oppcli.model.fields import Field
from oppcli.model.said import listed, say

SAMPLE = 10
"""Rejected rows shown on the screen."""


@dataclass(slots=True)
class Tally:
    """What an import did, row by row."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    proposed: int = 0
    """Of rows that are to be reviewed first."""
    rejected: int = 0
    totals: list[int] = field(default_factory=list)
    """Lines that only sum up, and are no rows."""
    absent: int = 0
    """Rows of deals that are not here, where only those that are here are wanted."""
    kept: int = 0
    """Deals among the updated and unchanged ones of which something was left as people had changed it here."""
    deals: int = 0
    """Made for the requests of a log."""
    followed: int = 0
    """Deals of a log that moved on with it."""
    left_out: int = 0
    """Cases of a log in which nothing was ever submitted."""
    unended: int = 0
    """Requests of a log that has no end of them."""
    reasons: int = 0
    """Reasons for an end on deals that have none, left out."""
    told: Mapping[str, str] = field(default_factory=dict)
    """By column how a cell was read that could have been meant otherwise."""
    people: int = 0
    customers: int = 0
    sample: list[tuple[int, list[Wrong]]] = field(default_factory=list)
    """The first rejected rows: line and problems."""
    kinds: Kinds = field(default_factory=lambda: Kinds((), {}))
    """What is wrong with the rejected rows."""

    def count(self, before: object | None, after: object | None) -> None:
        """One row, by what there was of it before, and what there is after."""
        self.created += before is None
        self.updated += before is not None and after != before
        self.unchanged += before is not None and after == before


class Draft:
    """What one row says. `problems` is empty for a row that can be kept."""

    __slots__ = ("cells", "customer", "extra", "history", "line", "problems", "reasons", "values")

    def __init__(self, line: int, cells: Row) -> None:
        self.line, self.cells = line, cells
        self.values: dict[str, Any] = {}
        """By field of `Deal`, for those that lie in columns of their own."""
        self.extra: dict[str, Any] = {}
        self.customer: str | None = None
        self.history: History | None = None
        self.problems: list[Wrong] = []
        self.reasons = 0
        """Reasons for an end that are left out, since it has not ended."""

    def wrong(self, where: str, said: str) -> None:
        """Note what is wrong: with which field, and what."""
        self.problems.append(Wrong(where, said))

    def is_wrong(self, where: str) -> bool:
        """Whether anything is wrong with this field."""
        return any(problem.where == where for problem in self.problems)


def drafted(line: int, cells: Row, readers: Iterable[tuple[str, Read]], fields: Mapping[str, Field]) -> Draft:
    """The draft of a row: each value under its field, and what is wrong with one, or lacking."""
    draft = Draft(line, cells)
    for name, read in readers:
        value = draft.values[name] = read(cells)
        if type(value) is Problem:
            draft.wrong(name, value)
        elif value is None and fields[name].required:
            draft.wrong(name, BLANK)
    return draft


def sentence(refusal: OppError) -> str:
    """A refusal with its reasons in one line, for the file of rejects."""
    if not refusal.reasons:
        return refusal.message
    parts = [
        say("{what} {detail}", what=each.what, detail=each.detail) if each.detail else each.what
        for each in refusal.reasons
    ]
    return say("{refusal}: {reasons}", refusal=refusal.message, reasons=listed(parts))


def refused(draft: Draft, refusal: OppError, columns: Mapping[str, str]) -> None:
    """Note in the draft of a row why it was refused: what is wrong with an option stands with its column (`columns`);
    what forbids the row, with all of it."""
    if refusal.reasons and all(each.what in columns for each in refusal.reasons):
        for each in refusal.reasons:
            draft.wrong(columns[each.what], each.detail)
        return
    draft.wrong("", sentence(refusal))
