"""Copies of the tables of a server as they were at an instant, in the temporary schema of one transaction.

A server makes nothing in a READ ONLY transaction: all of it is made before the transaction becomes one.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from oppcli.model.nouns import ENTRY
from oppcli.model.sight import Sight
from oppcli.store import lens, scope, scoped_server
from oppcli.store.doors import Row
from oppcli.store.reading import NOTHING_SAID
from oppcli.store.scoped_server import SCHEMA
from oppcli.store.then import META, Then, World, copy_of, look_back, root_of
from oppcli.store.undone import Key

_INDEX = re.compile(r"CREATE (UNIQUE )?INDEX (\S+) ON \S+ (.*)", re.DOTALL)
MANY = 1_000
"""Rows from which on an index is worth making, besides that of the key."""
SEEN = "_seen"
"""Behind the name of a view until all of them are made: a name in a view means what it meant when that was made."""


def put(door: Any, url: str, standings: Collection[str], me: str, sight: lens.See | None, then: Then) -> None:
    """What `lens.put` does, with all as it was then."""
    hidden, _, seen = lens.known(door, url, standings, me, sight)
    look_back(door, Server(door, seen), then, hidden)


class Server:
    """See `then.Engine`."""

    def __init__(self, door: Any, sight: Sight | None) -> None:
        self.door, self.sight = door, sight
        self.said: Mapping[str, str] = NOTHING_SAID if sight is None else scoped_server.told(sight)

    def make(self, table: str, key: str, without: Collection[Key]) -> None:
        """A copy, but for these rows."""
        self.door.rows(f"CREATE TEMPORARY TABLE {copy_of(table)} (LIKE {table}) ON COMMIT DROP")
        others = f'"{key}" NOT IN (SELECT unnest(CAST(:keys AS {_type(without)}[])))'
        self.door.rows(f"INSERT INTO {copy_of(table)} SELECT * FROM {table} WHERE {others}", keys=list(without))

    def put(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Rows into a copy."""
        self.door.many(copy_of(table), columns, rows)

    def finish(self, table: str) -> None:
        """The indexes that the table has, none but its key refusing a thing, and what a plan is made by."""
        sql = "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = CAST(:name AS regclass)"
        few = self.door.one(f"SELECT count(*) FROM {copy_of(table)}")[0] < MANY
        for (made,) in self.door.rows(sql, name=table):
            found = _INDEX.fullmatch(made)
            key = found is not None and found[2].endswith("_pkey")
            if found and (key or not few):
                self.door.rows(f"CREATE {'UNIQUE ' if key else ''}INDEX ON {copy_of(table)} {found[3]}")
        if not few:
            self.door.rows(f"ANALYZE {copy_of(table)}")

    def absent(self, table: str, keys: Collection[Key]) -> str:
        """Keep the keys of what was not there."""
        type_ = _type(keys)
        self.door.rows(f"CREATE TEMPORARY TABLE {table}_absent (key {type_} PRIMARY KEY) ON COMMIT DROP")
        self.door.rows(
            f"INSERT INTO {table}_absent SELECT unnest(CAST(:keys AS {type_}[]))", keys=sorted(keys, key=str)
        )
        self.door.rows(f"ANALYZE {table}_absent")
        return f"SELECT key FROM {table}_absent"

    def views(self, world: World) -> tuple[list[str], list[str]]:
        """First those of what was changed since, which see the tables as they are; those that only standing puts there
        lie over what is seen."""
        tables = {*world.copied, *world.conditions} - {META}
        since = {table for table in tables if table in world.copied or _made_since(world, table)} | {ENTRY.table}
        seen, columns = self._scoped()
        conditions: dict[str, list[str]] = {table: list(world.conditions.get(table, ())) for table in since}
        for table in since & set(world.copied) & set(seen):
            conditions[table].append(seen[table])

        def source(table: str) -> str:
            if table in world.copied:
                return f"{copy_of(table)} AS {table}"
            return f"{SCHEMA}.{table}" if table in seen or table in columns else table

        masks = {table: told for table, told in columns.items() if table in world.copied}
        early = [view.statement for view in lens.views(conditions, masks, source, SEEN)]
        standing = {table: world.conditions[table] for table in tables - since}
        late = [view.statement for view in lens.views(standing, {}, str)]
        late += [f"ALTER VIEW {table}{SEEN} RENAME TO {table}" for table in sorted(since)]
        if META in world.copied:
            late.append(f"CREATE TEMPORARY VIEW {META} AS SELECT * FROM {copy_of(META)}")
        return early, late

    def _scoped(self) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """What holds today of the rows of each table, and what is selected of it."""
        if self.sight is None:
            return {}, {}
        asker = scoped_server.ASKER._replace(then=True)
        holds: dict[str, str] = {}
        for table, _ in scope.conditions(scoped_server.ASKER):
            key, root = root_of(table)
            holds[table] = f'{table}."{key}" IN (SELECT "{root.key}" FROM {SCHEMA}.{root.table})'
        return holds, dict(scope.columns(asker, scoped_server.VEIL))

    def visible(self, table: str) -> str:
        """The table of today, with what they see of it."""
        return f"{SCHEMA}.{table}" if self.sight is not None else table


def _made_since(world: World, table: str) -> bool:
    return any("_absent" in each for each in world.conditions.get(table, ()))


def _type(keys: Collection[Key]) -> str:
    return "text" if any(isinstance(key, str) for key in keys) else "bigint"
