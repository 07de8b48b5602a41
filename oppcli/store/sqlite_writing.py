"""The write door over the standard sqlite3 driver. Apart from the read door because a read needs no hashing.

The write lock is taken with BEGIN IMMEDIATE, before anything is read.
"""

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from oppcli.errors import StoreError
from oppcli.model.journal import Stamp
from oppcli.model.said import say
from oppcli.store.doors import Row
from oppcli.store.sqlite import Connected, connect, errors_of, translated
from oppcli.store.version import require
from oppcli.store.writing import Writing

CACHE_KIB = 16_384
"""Pages a writer may keep in memory; taken only as far as a write needs them. An import is a tenth faster than with the
2 MB that SQLite takes unless told, and no faster with more, which a file that comes again would fill."""
SLICE_MS = 100
"""How long a wait for the lock goes on without looking up."""


class SqliteWriteDoor(Connected, Writing):
    """One transaction that holds the file's write lock."""

    def _insert(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"
        self._alive()
        try:
            if len(rows) == 1:
                self._connection.execute(sql, rows[0])
            else:
                self._connection.executemany(sql, rows)
        except (sqlite3.Error, OverflowError, UnicodeEncodeError) as error:
            raise translated(error, self._path) from None

    def _alive(self) -> None:
        """SQLite gives up a transaction by itself when the disk is full; what came after would be committed at once."""
        if not self._connection.in_transaction:
            raise StoreError(say("the transaction is over; nothing was written to {path}", path=self._path))

    def _execute(self, sql: str, /, **params: Any) -> int:
        self._alive()
        try:
            return self._connection.execute(sql, params).rowcount
        except (sqlite3.Error, OverflowError, UnicodeEncodeError) as error:
            raise translated(error, self._path) from None

    def _execute_many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> int:
        self._alive()
        try:
            return self._connection.executemany(sql, rows).rowcount
        except (sqlite3.Error, OverflowError, UnicodeEncodeError) as error:
            raise translated(error, self._path) from None


def _lock(connection: sqlite3.Connection, wait_ms: int) -> None:
    """BEGIN IMMEDIATE, waiting for another writer. SQLite does not look at signals while it waits: in slices, Ctrl-C is
    answered at once and not after the whole wait."""
    until = time.monotonic() + wait_ms / 1000
    while True:
        left_ms = max(0, int((until - time.monotonic()) * 1000))
        connection.execute(f"PRAGMA busy_timeout = {min(SLICE_MS, left_ms)}")
        try:
            connection.execute("BEGIN IMMEDIATE")
            break
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or not left_ms:
                raise
    connection.execute(f"PRAGMA busy_timeout = {wait_ms}")  # for the commit, which waits for readers


@contextmanager
def open_write(path: str, stamp: Stamp, wait_ms: int, *, dry_run: bool) -> Iterator[SqliteWriteDoor]:
    connection = connect(path, "rw", wait_ms)
    try:
        with errors_of(path):
            _lock(connection, wait_ms)
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        door = SqliteWriteDoor(connection, path)
        require(door, path)
        door.begin(stamp)
        yield door
        door.finish()
        with errors_of(path):
            connection.execute("ROLLBACK" if dry_run else "COMMIT")
    finally:
        if connection.in_transaction:
            connection.rollback()
        connection.close()


def vacuum(path: str, wait_ms: int) -> None:
    """Write the file anew without its free pages, which keep what was erased from rows; a log beside it goes, too."""
    connection = connect(path, "rw", wait_ms)
    try:
        with errors_of(path):
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
