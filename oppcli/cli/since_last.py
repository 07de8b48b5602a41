"""`--since-last NAME`: of a list only what was not there when it was last asked for under this name.

What was shown is kept in a file of one's own, one for each database, person, list and name: reads write no database. It
is replaced once all is told, so that a line that broke off is told again.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oppcli.cli.context import Context
from oppcli.config.machine import put_own, state_folder
from oppcli.errors import UsageError
from oppcli.model.digest import sha256
from oppcli.model.said import say
from oppcli.reads.table import Column, Footnote, Kind, Row, Table
from oppcli.store import knowing
from oppcli.store.locations import file_of, is_server, shown
from oppcli.words.shown import show_instant

if TYPE_CHECKING:
    from oppcli.store.doors import ReadDoor

FOLDER = "seen"


class Cursor:
    """What was there when a list was last told under a name, and what is told now."""

    def __init__(self, path: Path, now: int, place: int) -> None:
        self._path, self._now, self._place = path, now, place
        self.at, self.known = _read(path)
        self.there: set[str] = set()
        self.told: set[str] = set()

    def id(self, row: Row) -> str:
        """What tells this row from others."""
        return str(row[self._place])

    def hear(self, row: Row) -> None:
        """This row is told."""
        self.told.add(self.id(row))

    def keep(self) -> None:
        """Write down what was there before and still is, and what was told."""
        keep(self._path, self._now, sorted(self.told | (self.known & self.there)))


def keep(path: Path, at: int, ids: list[str]) -> None:
    """Put a cursor in place of the one before, whole or not at all."""
    put_own(path, "\n".join([str(at), *ids, ""]))


def place(opp: Context, door: "ReadDoor", *what: str) -> Path:
    """The file of this database, this person and what is asked."""
    where = shown(opp.db) if is_server(opp.db) else str(Path(file_of(opp.db)).resolve())
    name = sha256("\n".join([where, knowing.database_id(door), opp.actor, *what]).encode("utf-8", "surrogateescape"))
    return state_folder(os.environ) / FOLDER / name[:32]


def when(path: Path) -> int | None:
    """When something was last told whole; None where it never was."""
    return _read(path)[0]


def only_new(opp: Context, table: Table, title: str, flags: Mapping[str, Any]) -> tuple[Table, Cursor]:
    """The rows that were not there, and the cursor, which notes what is told of them. Refused where nothing tells rows
    apart, and while they are watched."""
    if flags["watch"] or flags["interval"] is not None:
        raise UsageError(say("{one} and {other} are not for one line", one="--since-last", other="--watch"))
    column = id_column(table)
    if column is None:
        raise UsageError(say("--since-last compares ids, and {read} has none", read=title or "opp"))
    with opp.read() as door:
        cursor = Cursor(place(opp, door, title, flags["since_last"]), opp.now, table.columns.index(column))
    rows = list(table.rows)
    cursor.there = set(map(cursor.id, rows))
    notes = tuple(_notes(cursor, flags["since_last"], opp))
    new = [row for row in rows if cursor.id(row) not in cursor.known]
    # What stands around the rows is about all of them.
    bare = table._replace(prose="", above=(), below=(), summed=(), total=None, last=None, chart=None, footer=())
    return bare._replace(rows=new, notes=(*table.notes, *notes)), cursor


def id_column(table: Table) -> Column | None:
    """What tells the rows apart."""
    if table.single or table.cross is not None:
        return None
    named = [column for column in table.columns if column.name == "id"]
    return next(iter((*named, *(column for column in table.columns if column.kind is Kind.REF))), None)


def _notes(cursor: Cursor, name: str, opp: Context) -> Iterator[Footnote]:
    if cursor.at is None:
        yield Footnote("state", None, say("{name} was never asked for before: all is new", name=name))
        return
    yield Footnote("state", None, say("since {at}", at=show_instant(cursor.at, opp.tz, opp.now)))
    if gone := len(cursor.known - cursor.there):
        yield Footnote("gone", gone, say("{n:,} {n:is|are} no longer there", n=gone))


def _read(path: Path) -> tuple[int | None, set[str]]:
    """When, and which; nothing where there is no cursor, or one that is none."""
    try:
        at, *ids = path.read_text("utf-8", "surrogateescape").splitlines()
        return int(at), set(ids)
    except (OSError, ValueError):
        return None, set()
