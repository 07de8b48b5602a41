"""Both doors over psycopg 3: the engine for PostgreSQL.

A write first takes one advisory lock of the database, so that writers queue as they do on SQLite and each reads what
the one before it left. A read is a READ ONLY transaction on one snapshot.

A pooler in transaction mode gives each transaction another session, which it shares with other people. So nothing here
outlives its transaction: values stand in the statement's text (no statement is prepared), settings are SET LOCAL, the
lock is the transaction's, views stand in the statement or are rolled back.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

try:
    import psycopg
    from psycopg.adapt import Loader
    from psycopg.conninfo import conninfo_to_dict
except ModuleNotFoundError:
    from oppcli.errors import StoreError
    from oppcli.model.said import say

    raise StoreError(say("the driver for PostgreSQL is not installed"), hint="pip install 'oppcli[postgres]'") from None

from oppcli.errors import UsageError
from oppcli.model.journal import Stamp
from oppcli.model.records import ANY
from oppcli.model.said import say
from oppcli.store import lens, replica
from oppcli.store.doors import Row, View
from oppcli.store.locations import shown
from oppcli.store.reading import NOTHING_SAID, Reading
from oppcli.store.server_errors import errors_of, errors_of_a_commit
from oppcli.store.version import found, require
from oppcli.store.writing import Writing

if TYPE_CHECKING:
    from oppcli.store.then import Then

LOCK = 0x6F7070
"""The advisory lock of all writers: `opp` as a number."""
CONNECT_S = 10
FETCH = 1_000
BULK = 50
"""From how many rows on COPY is faster than INSERT."""

Connection = psycopg.Connection[Row]


@lru_cache(maxsize=512)
def _spelt(sql: str) -> str:
    """The statement with its `:name` placeholders as this driver spells them."""
    return re.sub(r"(?<![:\w]):(\w+)(?!:)", r"%(\1)s", sql.replace("%", "%%"))


class _Server(Reading):
    """What reading and writing share here: one connection, and errors translated where they arise."""

    dialect = "postgresql"

    def __init__(self, connection: Connection, url: str) -> None:
        super().__init__()
        self._connection, self._url, self._streams = connection, url, 0
        self._views: dict[str, str] = {}

    def _through(self, sql: str) -> str:
        """The statement, asked of the views that stand before the tables."""
        if not self._views:
            return sql
        from oppcli.store.put_before import through

        return through(self._views, sql)

    def rows(self, sql: str, /, **params: Any) -> list[Row]:
        with errors_of(self._url):
            cursor = self._connection.execute(_spelt(self._through(sql)), params)
            return cursor.fetchall() if cursor.description else []

    def stream(self, sql: str, /, **params: Any) -> Iterator[Row]:
        """Through a cursor on the server, which ends with the transaction at the latest."""
        self._streams += 1
        name = f"stream_{self._streams}"
        with errors_of(self._url):
            self._connection.execute(_spelt(f"DECLARE {name} NO SCROLL CURSOR FOR {self._through(sql)}"), params)
            fetch = _spelt(f"FETCH {FETCH} FROM {name}")
            while rows := self._connection.execute(fetch).fetchall():
                yield from rows
            self._connection.execute(_spelt(f"CLOSE {name}"))

    def afresh(self) -> None:
        """After a statement that failed nothing can be asked in the same transaction."""
        with errors_of(self._url):
            self._connection.rollback()


class ServerReadDoor(_Server):
    """SELECTs on one snapshot of the database."""

    def look_through(self, views: Sequence[View], said: Mapping[str, str] = NOTHING_SAID) -> None:
        """Views are written before what is asked; what they are told ends with the transaction."""
        self._views.update(views)
        self._tell(said, see=bool(said))

    def look_back(self, make: Callable[[], Sequence[str]], said: Mapping[str, str] = NOTHING_SAID) -> None:
        """A READ ONLY transaction makes nothing: copies and views are made in another, which is read-only from then on.
        Refused by a replica."""
        if self.one(replica.ASKED) == (1,):
            raise replica.not_as_of(self._connection, self._url)
        self.afresh()
        self._connection.read_only = False
        self._tell(said, see=False)
        made = make()
        self._tell(NOTHING_SAID, see=bool(said))
        for view in made:
            self.rows(view)
        self.rows("SET TRANSACTION READ ONLY")

    def _tell(self, said: Mapping[str, str], *, see: bool) -> None:
        """Settings that views ask for; whether what they see stands before the tables from here on."""
        told = [f"set_config('{name}', :{name.replace('.', '_')}, true)" for name in said]
        if see:
            told.insert(0, "set_config('search_path', 'scoped, ' || current_setting('search_path'), true)")
        if told:
            self.rows(f"SELECT {', '.join(told)}", **{name.replace(".", "_"): value for name, value in said.items()})

    def many(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Rows into what is this transaction's alone."""
        names = ", ".join(f'"{name}"' for name in columns)
        told = f"COPY {table} ({names}) FROM STDIN"
        with errors_of(self._url), self._connection.cursor() as cursor, cursor.copy(told) as copy:
            for row in rows:
                copy.write_row(row)

    def asked(self, sql: str, values: Mapping[str, Any], seconds: int) -> tuple[list[str], Iterator[Row]]:
        """Names and rows of a typed statement, in a READ ONLY transaction. Refused (`UsageError`) where the server
        refuses it, or it takes too long."""
        from oppcli.store.typed_on_server import Typed

        self._connection.execute("SET TRANSACTION READ ONLY")
        typed = Typed(self._connection, self._url, seconds)
        return typed.begun(self._through(sql), values), typed.rows()


class ServerWriteDoor(_Server, Writing):
    """One transaction that holds the writers' lock."""

    def _vouched(self, stamp: Stamp, role: str | None) -> Stamp:
        return stamp.on_server(self._connection.info.user, role)

    def _insert(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        names = ", ".join(f'"{name}"' for name in columns)
        with errors_of(self._url), self._connection.cursor() as cursor:
            if len(rows) > BULK:
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                marks = f"({', '.join(['%s'] * len(columns))})"
                sql = f"INSERT INTO {table} ({names}) VALUES {', '.join([marks] * len(rows))}"
                cursor.execute(sql, [value for row in rows for value in row])

    def _execute(self, sql: str, /, **params: Any) -> int:
        with errors_of(self._url):
            return self._connection.execute(_spelt(sql), params).rowcount

    def _execute_many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> int:
        if len(rows) == 1:
            return self._execute(sql, **rows[0])
        with errors_of(self._url), self._connection.cursor() as cursor:
            cursor.executemany(_spelt(sql), rows)
            return cursor.rowcount


def connected(url: str, *, makes: bool = False) -> Connection:
    """A connection, with its whole numbers as int and its truth values as 0 and 1, like SQLite gives them; `makes`: to
    the one that can be written, of an address that names several. Refuses an address that cannot be read."""
    address = re.sub(r"^(postgres(?:ql)?)\+psycopg:", r"\1:", url, flags=re.IGNORECASE)
    try:
        wanted = conninfo_to_dict(address)
        for port in filter(None, str(wanted.get("port") or "").split(",")):
            int(port)
    except (psycopg.ProgrammingError, ValueError):
        raise UsageError(say("{url} is not an address of a database", url=shown(url))) from None
    wait: dict[str, Any] = {} if "connect_timeout" in wanted else {"connect_timeout": CONNECT_S}
    if makes and "," in f"{wanted.get('host')}{wanted.get('hostaddr')}":
        wait["target_session_attrs"] = "read-write"
    with errors_of(url):
        connection: Connection = psycopg.connect(
            address, prepare_threshold=None, cursor_factory=psycopg.ClientCursor, **wait
        )
    plain_numbers(connection)
    return connection


def plain_numbers(connection: Any) -> None:
    """`sum` of bigint is numeric on PostgreSQL, and a comparison is a boolean."""
    connection.adapters.register_loader("numeric", _Number)
    connection.adapters.register_loader("bool", _Truth)


class _Number(Loader):
    def load(self, data: Any) -> int | float:
        said = bytes(data)
        return int(said) if said.lstrip(b"-").isdigit() else float(said)


class _Truth(Loader):
    def load(self, data: Any) -> int:
        return int(bytes(data) == b"t")


@contextmanager
def open_read(
    url: str,
    standings: Sequence[str] = ANY,
    me: str = "",
    sight: "lens.See | None" = None,
    then: "Then | None" = None,
) -> Iterator[ServerReadDoor]:
    with reading(url, makes=then is not None) as door:
        if then is None:
            lens.put(door, shown(url), standings, me, sight)
        else:
            from oppcli.store import then_server

            then_server.put(door, shown(url), standings, me, sight, then)
        yield door


@contextmanager
def reading(url: str, *, makes: bool = False) -> Iterator[ServerReadDoor]:
    """A read door on whatever is there."""
    connection = connected(url, makes=makes)
    try:
        connection.isolation_level, connection.read_only = psycopg.IsolationLevel.REPEATABLE_READ, True
        yield ServerReadDoor(connection, url)
    finally:
        _close(connection)


@contextmanager
def open_write(url: str, stamp: Stamp, wait_ms: int, *, dry_run: bool) -> Iterator[ServerWriteDoor]:
    connection = connected(url, makes=True)
    try:
        lock(connection, url, wait_ms)
        door = ServerWriteDoor(connection, url)
        require(door, shown(url))
        door.begin(stamp)
        yield door
        door.finish()
        if dry_run:
            with errors_of(url):
                connection.rollback()
        else:
            with errors_of_a_commit(connection, url):
                connection.commit()
    finally:
        _close(connection)


def version_found(connection: Any, url: str) -> str | None:
    """The schema version of what is there; None when no opp database is."""
    return found(ServerReadDoor(connection, url))


def lock(connection: Any, url: str, wait_ms: int) -> None:
    """Begin, and wait for the writers' lock. READ COMMITTED then shows all that was committed before. Refused by a
    replica."""
    with errors_of(url), psycopg.ClientCursor(connection) as cursor:
        patience = f"SET LOCAL lock_timeout = {max(1, int(wait_ms))}"
        cursor.execute(f"{patience}; {replica.ASKED}, pg_advisory_xact_lock({LOCK})")
        cursor.nextset()
        if (cursor.fetchone() or (0,))[0]:
            raise replica.not_written(connection, url)


def _close(connection: Connection) -> None:
    """Roll back what was not committed; a connection that broke meanwhile must not hide the error that says why."""
    try:
        connection.rollback()
    except psycopg.Error:
        pass
    finally:
        connection.close()
