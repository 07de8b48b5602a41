"""Copies of the tables of a file as they were at an instant, in the temporary database of one connection."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, cast

from oppcli.model.json_text import array
from oppcli.model.sight import Sight
from oppcli.store import lens, scoped_file
from oppcli.store.doors import Row
from oppcli.store.reading import NOTHING_SAID
from oppcli.store.then import META, Then, World, copy_of, look_back, root_of
from oppcli.store.undone import Key

_INDEX = re.compile(r'CREATE (?:UNIQUE )?INDEX "?(\w+)"? ON "?\w+"? (.*)', re.DOTALL)


def put(door: Any, path: str, standings: Collection[str], me: str, sight: lens.See | None, then: Then) -> None:
    """What `lens.put` does, with all as it was then."""
    hidden, _, seen = lens.known(door, path, standings, me, sight)
    look_back(door, File(door, seen), then, hidden)


class File:
    """See `then.Engine`."""

    said = NOTHING_SAID

    def __init__(self, door: Any, sight: Sight | None) -> None:
        self.door, self.sight = door, sight
        self._seen: tuple[Mapping[str, Sequence[str]], Mapping[str, str]] | None = None

    def make(self, table: str, key: str, without: Collection[Key]) -> None:
        """A copy, but for these rows."""
        door = self.door
        told = door.rows(f"PRAGMA main.table_info({table})")
        (sql,) = door.one("SELECT sql FROM main.sqlite_master WHERE type = 'table' AND name = :name", name=table)
        columns = [f'"{name}" {type_}' for _, name, type_, *_ in told]
        primary = [f'"{name}"' for *_, name, place in sorted((row[5], row[1], row[5]) for row in told) if place]
        rowid = " WITHOUT ROWID" if "WITHOUT ROWID" in sql else ""
        columns.append(f"PRIMARY KEY ({', '.join(primary)})")
        door.rows(f"CREATE TEMPORARY TABLE {copy_of(table)} ({', '.join(columns)}){rowid}")
        others = f'"{key}" NOT IN (SELECT value FROM json_each(:keys))'
        door.rows(f"INSERT INTO {copy_of(table)} SELECT * FROM main.{table} WHERE {others}", keys=_listed(without))

    def put(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Rows into a copy."""
        names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
        self.door.many(f"INSERT INTO {copy_of(table)} ({names}) VALUES ({marks})", rows)

    def finish(self, table: str) -> None:
        """The indexes that the table has, none of which refuses a thing."""
        sql = "SELECT sql FROM main.sqlite_master WHERE type = 'index' AND tbl_name = :name AND sql IS NOT NULL"
        for (made,) in self.door.rows(sql, name=table):
            found = _INDEX.fullmatch(made)
            if found:
                self.door.rows(f"CREATE INDEX temp.{found[1]}_then ON {copy_of(table)} {found[2]}")

    def absent(self, table: str, keys: Collection[Key]) -> str:
        """Keep the keys of what was not there."""
        self.door.rows(f"CREATE TEMPORARY TABLE {table}_absent (key PRIMARY KEY) WITHOUT ROWID")
        self.door.rows(f"INSERT INTO {table}_absent SELECT value FROM json_each(:keys)", keys=_listed(keys))
        return f"SELECT key FROM temp.{table}_absent"

    def views(self, world: World) -> tuple[list[str], list[str]]:
        """One view of each table that needs it, in whatever order: what they ask is named with its database."""
        conditions: dict[str, list[str]] = {table: list(holds) for table, holds in world.conditions.items()}
        conditions |= {table: [] for table in world.copied if table not in conditions and table != META}
        columns: Mapping[str, str] = {}
        if self.sight is not None:
            seen, columns = self._scoped()
            for table, holds in seen.items():
                told = _of_today(table, holds) if table in world.copied else holds
                conditions.setdefault(table, []).extend(told)

        def source(table: str) -> str:
            return f"temp.{copy_of(table)} AS {table}" if table in world.copied else f"main.{table}"

        made = [view.statement for view in lens.views(conditions, columns, source)]
        if META in world.copied:
            made.append(f"CREATE TEMPORARY VIEW {META} AS SELECT * FROM temp.{copy_of(META)}")
        return [], made

    def _scoped(self) -> tuple[Mapping[str, Sequence[str]], Mapping[str, str]]:
        if self._seen is None and self.sight is not None:
            for statement in scoped_file.prepared(self.sight):
                self.door.rows(statement)
            self._seen = scoped_file.scoped(self.door, self.sight, then=True)
        assert self._seen is not None
        return self._seen

    def visible(self, table: str) -> str:
        """The table of today, with what they see of it."""
        if self.sight is None:
            return f"main.{table}"
        holds = " AND ".join(f"({each})" for each in self._scoped()[0].get(table, ())) or "1 = 1"
        return f"(SELECT * FROM main.{table} WHERE {holds}) AS {table}"


def _listed(keys: Collection[Key]) -> str:
    return array(cast("list[str]", list(keys)))


def _of_today(table: str, holds: Sequence[str]) -> Iterator[str]:
    """The conditions asked of the row that a thing has today; a part follows its thing, which never changes."""
    column, noun = root_of(table)
    for condition in holds:
        if noun.table != table:
            yield condition
        else:
            yield f'{table}."{column}" IN (SELECT {table}."{column}" FROM main.{table} WHERE {condition})'
