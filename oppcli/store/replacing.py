"""What is known of a database that a backup is to replace, whatever its schema: its people, its journal, its owner."""

import os
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, closing
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from oppcli.errors import OppError
from oppcli.model.people import User
from oppcli.model.records import ERASED
from oppcli.store import journal, locations, sqlite, version
from oppcli.store.erasing import Erasure, erasures
from oppcli.store.mapping import parsed
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from oppcli.store.server import ServerReadDoor
    from oppcli.store.sqlite import SqliteReadDoor

_OWNED = "SELECT pg_get_userbyid(relowner) = session_user FROM pg_class WHERE oid = 'alembic_version'::regclass"
_ID = "SELECT value FROM meta WHERE key = 'id'"
_CHAIN = "SELECT seq, hash FROM journal ORDER BY seq"


class History(NamedTuple):
    """The journal of what is replaced, against that of the backup."""

    head: journal.Head
    parts_at: int | None
    """The first entry of the backup that is not one of the database; None where its journal is a beginning of it."""

    erased: tuple[Erasure, ...] = ()
    """Customers that were erased there: they are erased again."""

    def dropped(self, backup: journal.Head) -> int:
        """How many entries are there and not in the backup."""
        return self.head.seq - (backup.seq if self.parts_at is None else self.parts_at - 1)


def people(url: str) -> dict[str, User]:
    """Everybody in a database of any schema, with their roles. Raises `StoreError` where it cannot be read."""
    with reading(url) as door:
        version.known(door, locations.shown(url))
        rows = door.rows("SELECT login, name, roles, active FROM user_account")
        return {
            row[0]: User(login=row[0], name=row[1], roles=tuple(parsed(row[2])), active=row[3] == 1) for row in rows
        }


def history(url: str, backup: Path) -> History:
    """How the backup's journal fits the one that it would replace. Raises `StoreError` where that cannot be read."""
    with reading(url) as door, closing(sqlite.readable(str(backup))) as opened:
        version.known(door, locations.shown(url))
        kept = sqlite.SqliteReadDoor(opened, str(backup))
        head, end = journal.head(door), journal.head(kept)
        same = end.seq == 0 or door.value("SELECT hash FROM journal WHERE seq = :seq", seq=end.seq) == end.hash
        parts_at = None if same else _parting(door.stream(_CHAIN), kept.stream(_CHAIN))
        return History(head, parts_at, tuple(erasures(door)))


def _parting(here: Iterator[tuple[int, str]], there: Iterator[tuple[int, str]]) -> int:
    """The number of the first entry that is not the same."""
    pairs = zip_longest(here, there)
    return next((seq for seq, (mine, theirs) in enumerate(pairs, 1) if mine != theirs), 1)


def keeps(file: Path, customers: Collection[int]) -> bool:
    """Whether one of these customers is in a database file and was not erased there. What cannot be read may be one."""
    try:
        with sqlite.reading(str(file)) as door:
            condition, bound = door.any_of("id", "ids", list(customers))
            names = door.rows(f"SELECT name FROM customer WHERE {condition}", ids=bound)
            return any(name != ERASED for (name,) in names)
    except OppError:
        return True


def copies(folder: Path, identity: str) -> Iterator[Path]:
    """The database files in a folder that have this id, as backups have, whatever they are called. Read as they lie
    there: what another program keeps beside them is left alone."""
    for file in filter(Path.is_file, sorted(folder.glob("*"))):
        try:
            with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
                if connection.execute(_ID).fetchone() == (identity,):
                    yield file
        except sqlite3.Error:  # no database, or none of ours
            continue


def owned(url: str) -> bool:
    """Whether the file of a database is this process's own, and not lent to whoever came by `sudo`; on a server,
    whether the tables are those of the role that is logged in."""
    if locations.is_server(url):
        with reading(url) as door:
            return door.one(_OWNED) == (1,)
    owner = Path(locations.file_of(url)).stat().st_uid
    return owner == os.geteuid() and os.environ.get("SUDO_UID", str(owner)) == str(owner)


def reading(url: str) -> "AbstractContextManager[SqliteReadDoor | ServerReadDoor]":
    """A read door on whatever is there, of whichever schema."""
    if locations.is_server(url):
        from oppcli.store import server

        return server.reading(url)
    return sqlite.reading(locations.file_of(url))
