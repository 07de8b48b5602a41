"""The read door over the standard sqlite3 driver, and what both doors share: opening a file, and its errors.

A read opens the file read-only, twice over: `mode=ro` and `query_only`.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oppcli.errors import Busy, Conflict, NoDatabase, OppError, StoreError, UsageError
from oppcli.model.command import command
from oppcli.model.records import ANY
from oppcli.model.said import of_system, say, told
from oppcli.store.doors import Row, View
from oppcli.store.locations import WAIT_MS, uri_of
from oppcli.store.reading import NOTHING_SAID, Reading
from oppcli.store.version import SPOKEN, require

if TYPE_CHECKING:
    from oppcli.store.lens import See
    from oppcli.store.stopwatch import Stopwatch
    from oppcli.store.then import Then

FETCH = 1_000


def translated(error: Exception, path: str) -> Exception:
    """What is raised in place of a driver's error."""
    if isinstance(error, OverflowError):
        return UsageError(say("a number is too large to be stored (more than 18 digits)"))
    if isinstance(error, UnicodeEncodeError):
        return UsageError(say("a text is not valid Unicode (it contains half a character)"))
    if isinstance(error, sqlite3.IntegrityError):
        return _integrity(str(error))
    code = getattr(error, "sqlite_errorcode", 0) or 0
    message = of_system(error) if isinstance(error, OSError) else str(error)
    primary = code & 0xFF
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Busy(
            say("another program is writing to {path}; nothing was written", path=path), hint="--wait 60 waits longer"
        )
    if primary == sqlite3.SQLITE_NOTADB:
        return StoreError(say("{path} is not a database", path=path), hint=command("db", "path"))
    if primary == sqlite3.SQLITE_CORRUPT:
        return StoreError(
            say("the database {path} is damaged: {message}", path=path, message=message),
            hint=say("a backup takes its place: {restore}", restore=command("db", "restore", "FILE", ready=False)),
        )
    if primary == sqlite3.SQLITE_FULL:
        return StoreError(say("the disk is full; nothing was written to {path}", path=path))
    if primary == sqlite3.SQLITE_READONLY:
        from oppcli.store.modes import unwritten

        return unwritten(path)
    if primary == sqlite3.SQLITE_CANTOPEN or isinstance(error, PermissionError):
        from oppcli.store.modes import unopened

        return unopened(path, message)
    if primary == sqlite3.SQLITE_IOERR:
        return StoreError(
            say("{path} cannot be read or written: {message}; nothing was written", path=path, message=message)
        )
    return StoreError(say("{path}: {message}", path=path, message=message))


def _integrity(message: str) -> Exception:
    kind, _, rest = message.partition(" constraint failed")
    if kind in ("UNIQUE", "PRIMARY KEY"):
        from oppcli.store.refusals import Taken

        return Taken([name.rpartition(".")[2].strip() for name in rest.removeprefix(": ").split(",")])
    if kind == "FOREIGN KEY":
        return Conflict(say("it refers to something that does not exist (a user, customer, deal or stage)"))
    if kind in ("CHECK", "NOT NULL"):
        return UsageError(say("the database refuses this value{rest} ({kind})", rest=rest, kind=kind.lower()))
    return Conflict(message)


def connect(path: str, mode: str, wait_ms: int) -> sqlite3.Connection:
    """A connection in autocommit mode with foreign keys on. Refuses what is missing or cannot be opened."""
    file = Path(path)
    try:
        if file.is_dir():
            raise StoreError(say("{path} is a folder, not a database", path=path))
        if not file.exists() or not file.stat().st_size:
            raise NoDatabase(say("no database at {path}", path=path), hint=command("init"))
        connection = sqlite3.connect(uri_of(path, mode), uri=True, isolation_level=None, timeout=wait_ms / 1000)
        connection.execute("PRAGMA foreign_keys = ON")
        return connection
    except (sqlite3.Error, OSError) as error:
        raise translated(error, path) from None


class Connected(Reading):
    """What reading and writing share here: one connection, and errors translated where they arise."""

    dialect = "sqlite"

    def __init__(self, connection: sqlite3.Connection, path: str) -> None:
        super().__init__()
        self._connection, self._path = connection, path

    def rows(self, sql: str, /, **params: Any) -> list[Row]:
        """All rows of a query. Raises one of our errors for the driver's."""
        try:
            return self._connection.execute(sql, params).fetchall()
        except (sqlite3.Error, OverflowError, UnicodeEncodeError) as error:
            raise translated(error, self._path) from None

    def stream(self, sql: str, /, **params: Any) -> Iterator[Row]:
        """The rows of a query, one by one. Raises one of our errors for the driver's."""
        try:
            cursor = self._connection.execute(sql, params)
            while chunk := cursor.fetchmany(FETCH):
                yield from chunk
        except (sqlite3.Error, OverflowError, UnicodeEncodeError) as error:
            raise translated(error, self._path) from None


ALLOWED = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
SECRET = ("credential",)  # tables that nobody reads by a statement of their own: what PINs are checked against
DANGEROUS = ("load_extension", "writefile", "readfile", "edit", "fts3_tokenizer")


def _only_reading(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    if action == sqlite3.SQLITE_FUNCTION and second in DANGEROUS:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_READ and first in SECRET:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in ALLOWED else sqlite3.SQLITE_DENY


class SqliteReadDoor(Connected):
    """SELECTs on one unchanging state of the file."""

    _typed: sqlite3.Cursor | None = None

    def close(self) -> None:
        """Let go of the file, also where a typed statement was not read to its end: a writer waits for that."""
        if self._typed is not None:
            self._typed.close()
        self._connection.close()

    def look_through(self, views: Sequence[View], said: Mapping[str, str] = NOTHING_SAID) -> None:
        """Views of this connection alone; the file is open read-only all the while."""
        self.look_back(lambda: [view.statement for view in views])

    def look_back(self, make: Callable[[], Sequence[str]], said: Mapping[str, str] = NOTHING_SAID) -> None:
        """Likewise, and copies."""
        self.rows("PRAGMA query_only = OFF")
        for statement in (*make(), "PRAGMA query_only = ON"):
            self.rows(statement)

    def many(self, sql: str, rows: Sequence[Row]) -> None:
        """The statement for each of the rows."""
        with errors_of(self._path):
            self._connection.executemany(sql, rows)

    def asked(self, sql: str, values: Mapping[str, Any], seconds: int) -> tuple[list[str], Iterator[Row]]:
        """Names and rows of a typed statement; nothing but reading is authorized. Refused (`UsageError`) where the
        database refuses it, or it takes too long."""
        from oppcli.store.stopwatch import Stopwatch

        watch = Stopwatch(seconds)
        with self._working(watch):
            self._connection.set_authorizer(_only_reading)
            try:
                cursor = self._typed = self._connection.execute(sql, dict(values))
                first = cursor.fetchmany(FETCH)
            finally:
                self._connection.set_authorizer(None)
        return [each[0] for each in cursor.description or ()], self._fetched(cursor, first, watch)

    def _fetched(self, cursor: sqlite3.Cursor, rows: list[Row], watch: "Stopwatch") -> Iterator[Row]:
        while rows:
            yield from rows
            with self._working(watch):
                rows = cursor.fetchmany(FETCH)

    @contextmanager
    def _working(self, watch: "Stopwatch") -> Iterator[None]:
        """A typed statement is at work: it is stopped when its time is over, and what is wrong with it is told."""
        self._connection.set_progress_handler(watch.over, 10_000)
        try:
            with watch.running():
                yield
        except UnicodeEncodeError as error:
            raise translated(error, self._path) from None
        except (sqlite3.Error, sqlite3.Warning, OverflowError) as error:
            code = getattr(error, "sqlite_errorcode", None)
            if code == sqlite3.SQLITE_INTERRUPT:
                raise watch.refusal from None
            if code is not None and code & 0xFF not in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_AUTH):
                raise translated(error, self._path) from None
            raise UsageError(say("the database says: {message}", message=str(error))) from None
        finally:
            self._connection.set_progress_handler(None, 0)

    def teach(self, name: str, arguments: int, function: Callable[..., Any]) -> None:
        """Let statements of this connection call a function that always gives the same for the same."""
        self._connection.create_function(name, arguments, function, deterministic=True)


@contextmanager
def errors_of(path: str) -> Iterator[None]:
    """For work on a bare connection: a driver's error becomes one of ours. Raises that."""
    try:
        yield
    except sqlite3.Error as error:
        found = translated(error, path)
        raise (
            found if isinstance(found, OppError) else StoreError(say("{path}: {error}", path=path, error=told(error)))
        ) from None


def language_of(path: str) -> str:
    """The language of the policy in a file; empty where none is said, and of whatever cannot be read at once."""
    try:
        if not Path(path).is_file():
            return ""
        connection = sqlite3.connect(uri_of(path, "ro"), uri=True, timeout=0)
        try:
            row = connection.execute(f"SELECT {SPOKEN}").fetchone()
        finally:
            connection.close()
    except (sqlite3.Error, OSError):
        return ""
    return str(row[0] or "") if row else ""


@contextmanager
def open_read(
    path: str, standings: Sequence[str] = ANY, me: str = "", sight: "See | None" = None, then: "Then | None" = None
) -> Iterator[SqliteReadDoor]:
    with reading(path) as door:
        if len(standings) == len(ANY):
            require(door, path, me)
        if then is not None:
            from oppcli.store import then_file

            then_file.put(door, path, standings, me, sight, then)
        elif len(standings) < len(ANY) or (sight and door.scope is not None):
            from oppcli.store import lens

            lens.put(door, path, standings, me, sight)
        yield door


@contextmanager
def reading(path: str) -> Iterator[SqliteReadDoor]:
    """A read door on whatever is there."""
    door = SqliteReadDoor(readable(path), path)
    try:
        yield door
    finally:
        door.close()


def readable(path: str) -> sqlite3.Connection:
    """A read-only connection inside a transaction, so that all its statements see the same state. A journal left by
    a writer that was killed has to be rolled back first, which takes a connection that may write. Raises one of
    our errors where it cannot be had."""
    connection = connect(path, "ro", WAIT_MS)
    try:
        _begin_reading(connection)
        return connection
    except sqlite3.Error as error:
        connection.close()
        code = getattr(error, "sqlite_errorcode", 0)
        if code not in (sqlite3.SQLITE_READONLY_ROLLBACK, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY_RECOVERY):
            raise translated(error, path) from None
    _recover(path)
    connection = connect(path, "ro", WAIT_MS)
    try:
        with errors_of(path):
            _begin_reading(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _begin_reading(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA query_only = ON")
    connection.execute("BEGIN")
    connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()


def _recover(path: str) -> None:
    """Let SQLite roll back what a killed writer left half-written."""
    connection = connect(path, "rw", WAIT_MS)
    try:
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
    except sqlite3.Error as error:
        if not Path(f"{path}-journal").exists():
            raise translated(error, path) from None
        said = say("a write to it was cut off, and has to be rolled back by somebody who may write there")
        raise StoreError(
            say("{path} cannot be read: {said} ({error})", path=path, said=said, error=told(error)),
            hint=command("db", "check"),
        ) from None
    finally:
        connection.close()
