"""Making and migrating databases. Imports Alembic only where a migration runs; a new SQLite file needs none."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import oppcli
from oppcli.errors import Exists, StoreError
from oppcli.store import locations
from oppcli.store.version import SCHEMA

if TYPE_CHECKING:
    from sqlalchemy import Connection

SCRIPT = Path(__file__).with_name("schema.sql")
"""The newest schema for SQLite, as the migrations make it: they take 0.5 s, this script 15 ms. A test compares."""


def migrations() -> Path:
    """The folder of the migrations: inside the installed package, or beside it in a checkout."""
    package = Path(oppcli.__file__).parent
    inside = package / "migrations"
    return inside if inside.is_dir() else package.parent / "migrations"


def create(url: str) -> None:
    """Make a new empty database at the newest schema, folders included. Refuses one that is there already."""
    if locations.is_server(url):
        _create_on_server(url)
    else:
        _create_file(locations.file_of(url))


def _create_file(path: str) -> None:
    file = Path(path)
    if file.is_dir():
        raise StoreError(f"{path} is a folder, not a database")
    if file.exists() and file.stat().st_size:
        raise Exists(f"there is a file at {path} already", hint="opp db info")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(locations.uri_of(file, "rwc"), uri=True, isolation_level=None, timeout=10)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{path} cannot be made: {error}") from None
    try:
        _fill(connection, path)
    except sqlite3.Error as error:
        raise StoreError(f"{path} cannot be made: {error}") from None
    finally:
        connection.close()


def _fill(connection: sqlite3.Connection, path: str) -> None:
    """All or nothing: a program that is killed half-way leaves an empty file, which counts as no database."""
    connection.execute("BEGIN EXCLUSIVE")
    if connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        connection.execute("ROLLBACK")
        raise Exists(f"there is a database at {path} already", hint="opp db info")
    for statement in statements(SCRIPT.read_text("utf-8")):
        connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES ('id', ?)", [os.urandom(16).hex()])
    connection.execute("COMMIT")


def statements(script: str) -> Iterator[str]:
    """The statements of a script whose statements are parted by an empty line."""
    return (part.strip().rstrip(";") for part in script.split("\n\n") if part.strip())


def _create_on_server(url: str) -> None:
    from sqlalchemy import text

    from oppcli.store import server

    with migrating(url) as connection:
        if server.version_found(connection, url) is not None:
            raise Exists(f"there is a database at {locations.shown(url)} already", hint="opp db info")
        upgrade_connection(connection)
        connection.execute(text("INSERT INTO meta VALUES ('id', :id)"), {"id": os.urandom(16).hex()})


def remove(url: str) -> None:
    """Take away a database that was just made and is of no use to anybody."""
    if not locations.is_server(url):
        Path(locations.file_of(url)).unlink(missing_ok=True)
        return
    from sqlalchemy import text

    from oppcli.store.tables import metadata

    with migrating(url) as connection:
        metadata.drop_all(connection)
        for statement in ("DROP TABLE alembic_version", "DROP FUNCTION journal_kept", "DROP FUNCTION decision_kept"):
            connection.execute(text(statement))


def discard(url: str) -> None:
    """Take back a database that was just made and could not be filled."""
    if not locations.is_server(url):
        Path(locations.file_of(url)).unlink(missing_ok=True)
        return
    from alembic import command

    with migrating(url) as connection:
        command.downgrade(alembic_config(connection), "base")


@contextmanager
def migrating(url: str) -> "Iterator[Connection]":
    """A connection of either engine that holds the write lock; committed when the block ends well."""
    if locations.is_server(url):
        from oppcli.store import server

        connection = server.connected(url)
        with server.errors_of(url), connection:
            server.lock(connection, url, 10_000)
            yield connection
            connection.commit()
    else:
        yield from _migrating_file(locations.file_of(url))


def _migrating_file(path: str) -> "Iterator[Connection]":
    from sqlalchemy import NullPool, create_engine, event
    from sqlalchemy.exc import DBAPIError

    from oppcli.store import sqlite

    engine = create_engine("sqlite://", creator=lambda: sqlite.connect(path, "rw", 10_000), poolclass=NullPool)

    @event.listens_for(engine, "begin")
    def begin(connection: "Connection") -> None:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    try:
        with engine.connect() as connection:
            yield connection
            connection.commit()
    except DBAPIError as error:
        raise sqlite.translated(error.orig or error, path) from None


def upgrade_connection(connection: "Connection", target: str = "head") -> None:
    """Run the missing migrations on a connection; the caller commits."""
    from alembic import command

    command.upgrade(alembic_config(connection), target)


def alembic_config(connection: "Connection | None" = None) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations()).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def script_of(connection: sqlite3.Connection) -> str:
    """The script that makes a database like this one: what `schema.sql` holds."""
    made = [sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")]
    tidy = ["\n".join(line.strip() for line in sql.splitlines() if line.strip()) for sql in made]
    return "\n\n".join([*(f"{sql};" for sql in tidy), f"INSERT INTO alembic_version VALUES ('{SCHEMA}');\n"])
