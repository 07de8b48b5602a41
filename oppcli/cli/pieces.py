"""A long answer of what only grows in pieces, each through a door of its own: it fills no memory, and who reads it
slowly keeps nobody from writing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any

from oppcli.cli.context import Context
from oppcli.model.refs import number
from oppcli.reads import journal
from oppcli.reads.table import Read, Row, Table
from oppcli.store.doors import ReadDoor
from oppcli.store.journal import head

ROW_BY_ROW = ("csv", "tsv", "json", "jsonl", "ids")
"""Formats that tell a row before they know the next."""
Opened = Callable[[Context, Read, Mapping[str, Any]], AbstractContextManager[ReadDoor]]
Answered = Callable[[Context, Read, ReadDoor, dict[str, Any]], Table]


def may_be(opp: Context, typed: Mapping[str, Any]) -> bool:
    """Whether the rows may come one piece after the other: not where they are sorted or chosen, counted for who takes
    them away, or asked of a copy of the past."""
    whole = typed.get("where") or opp.given.get("sort") or opp.given.get("since_last") is not None
    return not whole and opp.given.get("output") in ROW_BY_ROW and opp.sight is None and opp.then is None


def in_pieces(
    opp: Context, read: Read, typed: dict[str, Any], door: ReadDoor, opened: Opened, answered: Answered
) -> Table:
    """The answer as of now, of which the first piece is read through the door that is open."""
    opp.after, last = 0, head(door).seq
    first = answered(opp, read, door, typed)

    def rows() -> Iterator[Row]:
        found = list(first.rows)
        while found:
            yield from (row for row in found if (number("entry", row[0]) or 0) <= last)
            opp.after = number("entry", found[-1][0]) or last
            if len(found) < journal.PIECE or opp.after >= last:
                return
            with opened(opp, read, typed) as again:
                found = list(answered(opp, read, again, typed).rows)

    return first._replace(rows=rows())
