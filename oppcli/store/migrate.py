"""Running migrations, the only place that imports Alembic."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import oppcli
from oppcli.errors import StoreError
from oppcli.model.said import say
from oppcli.store import handover, locations, sqlite, version
from oppcli.store.locations import WAIT_MS

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from oppcli.model.journal import Stamp
    from oppcli.store.writing import Writing


def folder() -> Path:
    """The folder of the migrations: inside the installed package, or beside it in a checkout."""
    package = Path(oppcli.__file__).parent
    inside = package / "migrations"
    return inside if inside.is_dir() else package.parent / "migrations"


def config(connection: "Connection | None" = None) -> Any:
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(folder()).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def run(connection: "Connection", target: str = "head") -> None:
    """Run the missing migrations on a connection; the caller commits. On a server the views of `scoped`, which would
    keep tables from being altered, are dropped before and made again at the newest schema, and groups that have rights
    in it have those of the newest schema."""
    from alembic import command

    driver: Any = connection.connection.driver_connection
    if connection.dialect.name != "postgresql":
        command.upgrade(config(connection), target)
        _hand_over(connection)
        return
    from oppcli.store import grants, scoped_server

    given = grants.given(driver)
    driver.execute(scoped_server.DROPPED)
    command.upgrade(config(connection), target)
    _hand_over(connection)
    if target == "head":
        for statement in scoped_server.made(driver.info.server_version):
            driver.execute(statement)
        if given:
            driver.execute(grants.rights())


def _hand_over(connection: "Connection") -> None:
    """What an old schema kept otherwise is told to the journal."""
    from sqlalchemy import inspect

    if inspect(connection).has_table(handover.LEFT):
        handover.take(handover.of(connection))


def migrating(url: str, wait_ms: int = WAIT_MS) -> "AbstractContextManager[Connection]":
    """A connection of either engine that holds the write lock; committed when the block ends well. Raises `Busy` when
    the lock is not free within the wait."""
    return _on_server(url, wait_ms) if locations.is_server(url) else _on_file(locations.file_of(url), wait_ms)


@contextmanager
def _on_server(url: str, wait_ms: int) -> "Iterator[Connection]":
    from sqlalchemy.exc import DBAPIError

    from oppcli.store import server
    from oppcli.store.server_errors import errors_of

    try:
        with engine_of(url).connect() as connection:
            server.lock(connection.connection.driver_connection, url, wait_ms)
            # Begun here, so that migrations do not commit before what they leave is handed over.
            connection.begin()
            yield connection
            connection.commit()
    except DBAPIError as error:
        with errors_of(url):
            raise error.orig or error from None


def engine_of(url: str) -> "Engine":
    """An engine for Alembic on a server that keeps no connection open, nor anything in a session."""
    from sqlalchemy import NullPool, create_engine

    from oppcli.store import server

    options: dict[str, Any] = {"creator": lambda: server.connected(url, makes=True), "poolclass": NullPool}
    return create_engine("postgresql+psycopg://", use_native_hstore=False, **options)


@contextmanager
def _on_file(path: str, wait_ms: int = WAIT_MS) -> "Iterator[Connection]":
    """A table that is rebuilt is dropped first, which foreign keys would take for the loss of its rows: they are off
    meanwhile, and checked before the commit."""
    from sqlalchemy import NullPool, create_engine, event
    from sqlalchemy.exc import DBAPIError

    def connect() -> sqlite3.Connection:
        connection = sqlite.connect(path, "rw", wait_ms)
        connection.execute("PRAGMA foreign_keys = OFF")
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.connect() as connection:
            connection.begin()
            yield connection
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise StoreError(
                    say("{path}: the upgrade left rows that refer to nothing; nothing was changed", path=path)
                )
            connection.commit()
    except DBAPIError as error:
        with sqlite.errors_of(path):
            raise error.orig or error from None


def file_at(path: Path, target: str) -> None:
    """Make an empty file with the schema of this version."""
    with sqlite.errors_of(str(path)):
        connection = sqlite3.connect(locations.uri_of(path, "rwc"), uri=True)
        # A file without content counts as no database.
        connection.executescript("CREATE TABLE made (n); DROP TABLE made; VACUUM;")
        connection.close()
    with _on_file(str(path)) as opened:
        run(opened, target)


def version_at(url: str) -> str:
    """The schema version of the database there, old or new. Refuses what is no database of ours."""
    if locations.is_server(url):
        from oppcli.store import server

        with server.reading(url) as door:
            return version.known(door, locations.shown(url))
    with sqlite.reading(locations.file_of(url)) as found:
        return version.known(found, url)


def upgrade(
    url: str,
    keep: Callable[[], object] | None = None,
    note: "tuple[Stamp, Callable[[Writing], object]] | None" = None,
    *,
    wait_ms: int = WAIT_MS,
) -> tuple[str, str]:
    """Bring a database to the newest schema, after `keep` has put it away where it is given; what `note` writes with
    its stamp is of the same transaction. Returns the versions before and after; equal ones mean that nothing was done.
    Refuses a database that is newer than this program."""
    before = version_at(url)
    if before >= version.SCHEMA:
        version.compare(before, locations.shown(url))
        return before, before
    with migrating(url, wait_ms) as connection:
        if keep is not None:
            keep()
        run(connection)
        if note is not None:
            handover.note(connection, *note)
    return before, version.SCHEMA
