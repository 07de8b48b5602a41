"""A database as the program of an older schema had it: the columns that there were, and a journal without seals."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from oppcli.model.deals import NEXT
from oppcli.model.digest import sha256
from oppcli.store import backup, migrate
from oppcli.store.journal import COLUMNS, GENESIS, text_of
from oppcli.store.mapping import PLANNED as PLAN
from oppcli.store.mapping import compact

PLANNED = "0013"
"""The schema since which the next step of a deal is a task."""


def aged(url: str, version: str, target: Path) -> Path:
    """The same database as the program of that version had it, in a new file."""
    migrate.file_at(target, version)
    with closing(sqlite3.connect(target)) as old:
        old.execute("ATTACH ? AS new", [url])
        old.execute("DELETE FROM alembic_version")
        for table, columns in backup.tables_of(old).items():
            have = {row[1] for row in old.execute(f"PRAGMA new.table_info({table})")}
            names = ", ".join(f'"{name}"' for name in columns if name in have)
            if table == "alembic_version":
                old.execute("INSERT INTO alembic_version VALUES (?)", [version])
            elif table == "journal":
                rows = [dict(zip(COLUMNS, row, strict=True)) for row in unsealed(old, version < PLANNED)]
                marks = ", ".join(f":{name}" for name in columns)
                old.executemany(f"INSERT INTO journal ({names}) VALUES ({marks})", rows)
            elif names:
                needed = [row[1] for row in old.execute(f"PRAGMA table_info({table})") if row[3] and row[1] not in have]
                more = "".join(f', "{name}"' for name in needed)
                zeros = ", 0" * len(needed)
                old.execute(f"INSERT INTO {table} ({names}{more}) SELECT {names}{zeros} FROM new.{table}")
        if version < PLANNED:
            old.execute(
                "UPDATE deal SET (next_step, next_step_on) = (SELECT nullif(title, ''), due_on FROM new.task t "
                f"WHERE t.deal_id = deal.id AND {PLAN}), version = version + (SELECT count(*) FROM new.journal j "
                "JOIN new.task t ON t.id = j.noun_id WHERE j.noun = 'task' AND t.deal_id = deal.id)"
            )
        old.commit()
    return target


def of_deals(file: sqlite3.Connection, row: tuple[Any, ...]) -> tuple[Any, ...]:
    """An entry of a next step as it was while that was two fields of its deal."""
    if row[COLUMNS.index("noun")] != "task":
        return row
    told = dict(zip(COLUMNS, row, strict=True))
    ((deal,),) = file.execute("SELECT deal_id FROM new.task WHERE id = ?", [told["noun_id"]]).fetchall()
    changes = json.loads(told["changes"])
    kept = {name: changes[path] for name, path in zip(NEXT, ("title", "due_on"), strict=True) if path in changes}
    told |= {"noun": "deal", "noun_id": str(deal), "action": "edit", "changes": compact(kept)}
    return tuple(told.values())


def unsealed(file: sqlite3.Connection, unplanned: bool) -> Iterator[tuple[Any, ...]]:
    """The entries of `new`, each hashed as a whole, in a chain of their own."""
    before = GENESIS
    for stored in file.execute(f"SELECT {', '.join(COLUMNS)} FROM new.journal ORDER BY seq").fetchall():
        row = of_deals(file, stored) if unplanned else stored
        meta = {name: value for name, value in json.loads(row[10]).items() if name not in ("sealed", "by")}
        bare = (*row[:10], compact(meta), before, "", None)
        before = sha256(text_of(bare).encode())
        yield (*bare[:12], before, None)
