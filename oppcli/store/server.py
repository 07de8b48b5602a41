"""Both doors over SQLModel, SQLAlchemy and psycopg 3: the engine for PostgreSQL.

A write first takes one advisory lock of the database, so that writers queue as they do on SQLite and each reads what
the one before it left. A read is a READ ONLY transaction on one snapshot.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, NoSuchModuleError
from sqlmodel import create_engine

from oppcli.errors import Busy, Conflict, NoDatabase, OppError, StoreError, UsageError
from oppcli.model.command import command
from oppcli.model.journal import Stamp
from oppcli.model.said import say
from oppcli.store.locations import shown
from oppcli.store.reading import Reading, Row
from oppcli.store.version import found, require
from oppcli.store.writing import Taken, Writing

LOCK = 0x6F7070
"""The advisory lock of all writers: `opp` as a number."""
CONNECT_S = 10
FETCH = 1_000


@cache
def engine_of(url: str) -> Engine:
    """An engine that keeps no connection open. Refuses an address that cannot be read and a missing driver."""
    try:
        address = make_url(re.sub(r"^postgres(ql)?(\+psycopg)?:", "postgresql+psycopg:", url, flags=re.IGNORECASE))
        return create_engine(_with_timeout(address), poolclass=NullPool)
    except ModuleNotFoundError:
        raise StoreError(
            say("the driver for PostgreSQL is not installed"), hint="pip install 'oppcli[postgres]'"
        ) from None
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise UsageError(say("{shown} is not an address of a database", shown=shown(url))) from None


def _with_timeout(address: URL) -> URL:
    if "connect_timeout" in address.query:
        return address
    return address.update_query_dict({"connect_timeout": str(CONNECT_S)})


def translated(error: DBAPIError, url: str) -> Exception:
    """What is raised in place of a driver's error, told apart by SQLSTATE."""
    cause: Any = error.orig
    state = getattr(cause, "sqlstate", None) or ""
    message = str(cause).strip().partition("\n")[0].rstrip(".")
    where = shown(url)
    if state in ("23505", "23P01"):
        return Taken(_columns(cause))
    if state == "23503":
        return Conflict(say("it refers to something that does not exist (a user, customer, deal or stage)"))
    if state in ("23514", "23502", "22003", "22021") or isinstance(error, DataError):
        return UsageError(say("the database refuses this value: {message}", message=message))
    if state == "23001":
        return Conflict(message)
    if state in ("55P03", "57014", "40001", "40P01"):
        return Busy(
            say("another program is writing to {where}; nothing was written", where=where),
            hint="--wait 60 waits longer",
        )
    if state in ("25006", "42501"):
        return StoreError(say("{where} cannot be written: {message}", where=where, message=message))
    if state == "53100":
        return StoreError(say("the disk of the server is full; nothing was written to {where}", where=where))
    if state == "3D000" or ("does not exist" in message and not state):
        return NoDatabase(say("no database at {where}: {message}", where=where, message=message), hint=command("init"))
    if state.startswith("28"):
        return StoreError(say("{where} does not let you in: {message}", where=where, message=message))
    if error.connection_invalidated or not state or state.startswith(("08", "57")):
        return StoreError(
            say("the server of {where} cannot be reached: {message}", where=where, message=message),
            hint=command("db", "path"),
        )
    return StoreError(say("{where}: {message}", where=where, message=message))


def _columns(cause: Any) -> list[str]:
    match = re.match(r"Key \(([^)]*)\)=", cause.diag.message_detail or "")
    return [name.strip(' "') for name in match[1].split(",")] if match else [cause.diag.constraint_name or "key"]


@contextmanager
def errors_of(url: str) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise translated(error, url) from None
    except UnicodeEncodeError:
        raise UsageError(say("a text is not valid Unicode (it contains half a character)")) from None


class _Engine(Reading):
    """What reading and writing share here: one connection, and errors translated where they arise."""

    dialect = "postgresql"

    def __init__(self, connection: Connection, url: str) -> None:
        super().__init__()
        self._connection, self._url = connection, url

    def rows(self, sql: str, /, **params: Any) -> list[Row]:
        with errors_of(self._url):
            return [tuple(row) for row in self._connection.execute(text(sql), params)]

    def stream(self, sql: str, /, **params: Any) -> Iterator[Row]:
        with errors_of(self._url):
            for row in self._connection.execute(text(sql), params, execution_options={"yield_per": FETCH}):
                yield tuple(row)


class ServerReadDoor(_Engine):
    """SELECTs on one snapshot of the database."""


class ServerWriteDoor(_Engine, Writing):
    """One transaction that holds the writers' lock."""

    def _insert(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        names = ", ".join(f'"{name}"' for name in columns)
        with errors_of(self._url):
            if len(rows) > BULK:
                self._copy(f"COPY {table} ({names}) FROM STDIN", rows)
            else:
                marks = ", ".join(["%s"] * len(columns))
                sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"
                self._connection.exec_driver_sql(sql, rows[0] if len(rows) == 1 else list(rows))

    def _copy(self, sql: str, rows: Sequence[Row]) -> None:
        with self._connection.connection.cursor() as cursor:  # type: ignore[attr-defined]
            try:
                with cursor.copy(sql) as copy:
                    for row in rows:
                        copy.write_row(row)
            except self._connection.dialect.dbapi.Error as error:  # type: ignore[union-attr]
                raise DBAPIError(sql, None, error) from None

    def _execute(self, sql: str, /, **params: Any) -> int:
        with errors_of(self._url):
            return self._connection.execute(text(sql), params).rowcount


BULK = 50
"""From how many rows on COPY is faster than INSERT."""


def connected(url: str, **options: Any) -> Connection:
    """A connection, with its whole numbers as int and its truth values as 0 and 1, like SQLite gives them."""
    with errors_of(url):
        connection = engine_of(url).connect().execution_options(**options)
        _plain_numbers(connection)
        return connection


def _plain_numbers(connection: Connection) -> None:
    """`sum` of bigint is numeric on PostgreSQL, and a comparison is a boolean."""
    from psycopg.adapt import Loader

    class Number(Loader):
        def load(self, data: Any) -> int | float:
            said = bytes(data)
            return int(said) if said.lstrip(b"-").isdigit() else float(said)

    class Truth(Loader):
        def load(self, data: Any) -> int:
            return int(bytes(data) == b"t")

    driver: Any = connection.connection.driver_connection
    driver.adapters.register_loader("numeric", Number)
    driver.adapters.register_loader("bool", Truth)


@contextmanager
def open_read(url: str) -> Iterator[ServerReadDoor]:
    with reading(url) as door:
        require(door, shown(url))
        yield door


@contextmanager
def reading(url: str) -> Iterator[ServerReadDoor]:
    """A read door on whatever is there."""
    connection = connected(url, isolation_level="REPEATABLE READ", postgresql_readonly=True)
    try:
        yield ServerReadDoor(connection, url)
    finally:
        _close(connection)


@contextmanager
def open_write(url: str, stamp: Stamp, wait_ms: int, *, dry_run: bool) -> Iterator[ServerWriteDoor]:
    connection = connected(url)
    try:
        lock(connection, url, wait_ms)
        door = ServerWriteDoor(connection, url)
        require(door, shown(url))
        door.begin(stamp)
        yield door
        door.finish()
        with errors_of(url):
            if dry_run:
                connection.rollback()
            else:
                connection.commit()
    finally:
        _close(connection)


def version_found(connection: Connection, url: str) -> str | None:
    """The schema version of what is there; None when no opp database is."""
    return found(ServerReadDoor(connection, url))


def lock(connection: Connection, url: str, wait_ms: int) -> None:
    """Begin, and wait for the writers' lock. READ COMMITTED then shows all that was committed before."""
    with errors_of(url):
        connection.execute(text(f"SET LOCAL lock_timeout = {max(1, int(wait_ms))}"))
        connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))


def _close(connection: Connection) -> None:
    """Roll back what was not committed; a connection that broke meanwhile must not hide the error that says why."""
    try:
        connection.close()
    except (DBAPIError, OppError):
        connection.invalidate()
