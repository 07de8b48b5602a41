"""Making new databases, and taking them away again. A new SQLite file is made without the migrations."""

import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from oppcli.errors import Exists, StoreError, UsageError
from oppcli.model.command import command
from oppcli.model.said import say, told
from oppcli.store import locations, migrate, modes
from oppcli.store.fingerprint import statements
from oppcli.store.version import SCHEMA

if TYPE_CHECKING:
    from sqlalchemy import Connection


def create(url: str, group: str | None = None) -> None:
    """Make a new empty database at the newest schema, folders included: a file is its owner's alone, or shared with a
    group. Refuses one that is there already, and a group for a server."""
    _require_file(url, group)
    if locations.is_server(url):
        _create_on_server(url)
    else:
        _create_file(locations.file_of(url), group)


def share(url: str, group: str) -> None:
    """Share a database in which nobody wrote yet with a group. Refused for a server, and as a new file is."""
    _require_file(url, group)
    modes.make(Path(locations.file_of(url)), group)


def _require_file(url: str, group: str | None) -> None:
    if group is not None and locations.is_server(url):
        raise UsageError(say("a server knows no groups of this machine: --group is for a file"))


def _create_file(path: str, group: str | None) -> None:
    file = Path(path)
    try:
        if file.is_dir():
            raise StoreError(say("{path} is a folder, not a database", path=path))
        if file.exists() and file.stat().st_size:
            raise Exists(say("there is a file at {path} already", path=path), hint=command("db", "info"))
        modes.make(file, group)
        connection = sqlite3.connect(locations.uri_of(file, "rwc"), uri=True, isolation_level=None, timeout=10)
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise modes.unmade(path, reason.lower()) from None
    try:
        _fill(connection, path)
    except sqlite3.Error as error:
        raise StoreError(say("{path} cannot be made: {error}", path=path, error=told(error))) from None
    finally:
        connection.close()


def _fill(connection: sqlite3.Connection, path: str) -> None:
    """All or nothing: a program that is killed half-way leaves an empty file, which counts as no database."""
    connection.execute("BEGIN EXCLUSIVE")
    if connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        connection.execute("ROLLBACK")
        raise Exists(say("there is a database at {path} already", path=path), hint=command("db", "info"))
    for statement in statements():
        connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES ('id', ?)", [os.urandom(16).hex()])
    connection.execute("COMMIT")


def _create_on_server(url: str) -> None:
    from sqlalchemy import text

    from oppcli.store import server

    with migrate.migrating(url) as connection:
        if server.version_found(connection.connection.driver_connection, url) is not None:
            raise Exists(
                say("there is a database at {path} already", path=locations.shown(url)), hint=command("db", "info")
            )
        migrate.run(connection)
        connection.execute(text("INSERT INTO meta VALUES ('id', :id)"), {"id": os.urandom(16).hex()})


def remove(url: str) -> None:
    """Take away a database that was just made and is of no use to anybody."""
    if not locations.is_server(url):
        Path(locations.file_of(url)).unlink(missing_ok=True)
        return
    with migrate.migrating(url) as connection:
        drop_all(connection)


def drop_all(connection: "Connection") -> None:
    """Drop everything of ours on a server, whatever the version of its schema."""
    from sqlalchemy import MetaData, text

    from oppcli.store.scoped_server import DROPPED
    from oppcli.store.tables import metadata

    connection.execute(text(DROPPED))
    ours = {*metadata.tables, "alembic_version"}
    found = MetaData()
    found.reflect(connection, only=lambda name, _: name in ours)
    found.drop_all(connection)
    for function in (
        "journal_kept",
        "decision_kept",
        "journal_role",
        "point_kept",
        "forecast_kept",
        "forecastline_kept",
        "forecastline_no_more",
    ):
        connection.execute(text(f"DROP FUNCTION IF EXISTS {function}"))


def script_of(connection: sqlite3.Connection) -> str:
    """The script that makes a database like this one: what `schema.sql` holds."""
    made = [sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")]
    tidy = ["\n".join(line.strip() for line in sql.splitlines() if line.strip()) for sql in made]
    return "\n\n".join([*(f"{sql};" for sql in tidy), f"INSERT INTO alembic_version VALUES ('{SCHEMA}');\n"])
