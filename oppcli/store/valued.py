"""Which records hold a value in a field, whatever their standing."""

import json
from collections.abc import Collection

from oppcli.store.doors import ReadDoor
from oppcli.store.patterns import like

LISTS: Collection[str] = ("tags",)


def holding(door: ReadDoor, noun: str, field: str, value: str, *, own: bool) -> list[int]:
    """The numbers of the deals, customers or contacts that hold this text in a field, in one of the team's `own`, or in
    a list; of the latter two perhaps some that do not."""
    if not own and field not in LISTS:
        rows = door.rows(f"SELECT id FROM {noun} WHERE {field} = :value ORDER BY id", value=value)
    else:
        column = "extra" if own else field
        told = json.dumps(value, ensure_ascii=False)
        pattern = f"%{like(f'{json.dumps(field, ensure_ascii=False)}:{told}' if own else told)}%"
        sql = f"SELECT id FROM {noun} WHERE {column} LIKE :value ESCAPE '\\' ORDER BY id"
        rows = door.rows(sql, value=pattern)
    return [number for (number,) in rows]
