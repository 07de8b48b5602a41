"""A database of a file brought to a server as it is, row by row, the journal with it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
from psycopg import sql


def raised(file: Path, url: str) -> None:
    """Copy every table of a file into the empty database of the same schema at this address."""
    with closing(sqlite3.connect(file)) as source, psycopg.connect(url, autocommit=True) as target:
        target.execute("SET session_replication_role = replica")
        told = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        for (table,) in source.execute(f"{told} AND name <> 'alembic_version'").fetchall():
            rows = source.execute(f'SELECT * FROM "{table}"')
            columns = sql.SQL(", ").join(sql.Identifier(each[0]) for each in rows.description)
            target.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns)
            with target.cursor().copy(into) as copy:
                for row in rows:
                    copy.write_row(row)
        target.execute("ANALYZE")
