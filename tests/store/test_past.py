"""What the program of each past schema wrote comes to the newest one with all that is in it, on both engines."""

import csv
import io
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import past
import psycopg
import pytest
from command_line import InProcess

from oppcli.store import backup, migrate
from oppcli.store.version import SCHEMA

SCHEMAS = sorted(path.name[:4] for path in migrate.folder().glob("versions/[0-9]*.py"))
ON_SERVERS = SCHEMAS if os.environ.get("OPP_TEST_PAST") == "all" else ["0001", "0008", "0012", "0017", "0026"]
"""Every schema on PostgreSQL takes two minutes: OPP_TEST_PAST=all."""
Rows = dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]]
"""Table → its columns and rows."""
OTHERWISE = {
    "alembic_version": ("version_num",),
    "deal": ("version", "next_step", "next_step_on"),  # 0013: the next step is a task
    "meta": ("value",),  # what is kept of the policy is kept by the program
    "notice": ("attempts", "next_try_at"),  # 0002: letters are tried
    "visit": ("system",),  # 0007: from where an imported stay came
}
"""What an upgrade may change of rows that were there."""

EMPTY = {"0009": ["credential"]}
"""Tables that the program of a schema could not fill yet."""


def on_file(path: Path) -> Rows:
    with closing(sqlite3.connect(path)) as file:
        return {
            table: (tuple(columns), file.execute(f'SELECT {_named(columns)} FROM "{table}"').fetchall())
            for table, columns in backup.tables_of(file).items()
        }


def _named(columns: Any) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def onto_server(rows: Rows, schema: str, url: str) -> None:
    """The same rows in a database of that schema on a server, as its program would have written them there."""
    with migrate.migrating(url) as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
        migrate.run(connection, schema)
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        for table, (columns, held) in rows.items():
            driver.execute(f'DELETE FROM "{table}"')
            marks = ", ".join(["%s"] * len(columns))
            with driver.cursor() as cursor:
                cursor.executemany(f'INSERT INTO "{table}" ({_named(columns)}) VALUES ({marks})', held)


def on_server(url: str, like: Rows) -> Rows:
    with psycopg.connect(url) as server:
        found = {}
        for table, (columns, _) in like.items():
            known = {
                name
                for (name,) in server.execute(
                    "SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table]
                )
            }
            kept = tuple(name for name in columns if name in known)
            found[table] = (kept, server.execute(f'SELECT {_named(kept)} FROM "{table}"').fetchall())
        return found


def lost(before: Rows, after: Rows) -> list[str]:
    """Rows that are not there any more as they were, but for what the upgrade changes."""
    found = []
    for table, (columns, rows) in before.items():
        there, now = after[table]
        same = [name for name in columns if name in there and name not in OTHERWISE.get(table, ())]
        gone = [name for name in columns if name not in there and name not in OTHERWISE.get(table, ())]
        found += [f"{table}.{name}" for name in gone]
        found += [f"{table}: {row}" for row in _of(columns, rows, same) - _of(there, now, same)]
    return found


def _of(columns: tuple[str, ...], rows: list[tuple[Any, ...]], names: list[str]) -> set[str]:
    places = [columns.index(name) for name in names]
    return {repr([_plain(row[place]) for place in places]) for row in rows}


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


def figures(text: str, like: str) -> list[list[str]]:
    """The rows of a CSV in the columns of another one, which was there before some were added."""
    names = next(csv.reader(io.StringIO(like)))
    return [[row[name] for name in names] for row in csv.DictReader(io.StringIO(text))]


def test_the_database_of_each_schema_is_kept() -> None:
    """For a new one: python tests/store/past.py"""
    assert sorted(path.name[:4] for path in past.HERE.glob("*.sql.xz")) == SCHEMAS


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_database_of_each_schema_keeps_all_that_is_in_it_and_says_the_same(opp: InProcess, schema: str) -> None:
    before = on_file(past.load(schema, opp.db))
    assert [table for table, (_, rows) in before.items() if not rows] == EMPTY.get(schema, [])
    upgraded(opp, schema)
    assert lost(before, on_file(opp.db)) == []


@pytest.mark.parametrize("schema", ON_SERVERS)
def test_a_database_of_an_old_schema_on_a_server_does_so_too(
    opp: InProcess, pg_url: str, tmp_path: Path, schema: str
) -> None:
    before = on_file(past.load(schema, tmp_path / "old.db"))
    onto_server(before, schema, pg_url)
    opp.env["OPP_DB"] = pg_url
    upgraded(opp, schema)
    assert lost(before, on_server(pg_url, before)) == []


def upgraded(opp: InProcess, schema: str) -> None:
    """Bring it to the newest schema as people do, and look at it as they do."""
    asked: dict[str, Any] = {"user": "root", "now": past.LATER}
    if schema != SCHEMA:
        assert opp("ls", **asked).code == 6
    opp.ok("db upgrade", user="root", env={"OPP_NOW": None})
    opp.ok("db check", **asked)
    assert opp.ok("audit verify --json", **asked).json["clean"] is True
    told = dict(past.figures(schema))
    assert {line: figures(opp.ok(line, **asked).out, old) for line, old in told.items()} == {
        line: figures(old, old) for line, old in told.items()
    }
    for line in ("show D-1", "show D-2", "show R-1", "log D-2", "show X-1", "gate D-2", "inbox", "due", "tick -n"):
        opp.ok(line, **asked)
    (titled,) = [row["seq"] for row in opp.ok("log D-2 --json", **asked).json if "Line 2b" in str(row["changes"])]
    opp.ok(f"undo {titled} -n", **asked)
