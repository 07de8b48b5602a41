"""Rows that cannot be read back as what they should be, each named with its field: JSON that is none, a yes or no other
than 1 and 0, a stage that is gone, bytes where a text should be, a text where a number should be."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from oppcli.errors import OppError
from oppcli.model.nouns import NOUNS, class_of
from oppcli.model.said import say
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import DECODE, Part, Shape, parsed, shape_of
from oppcli.store.reading import named

WRONG = (ValueError, TypeError, KeyError, AttributeError, OppError)
"""What reading a row raises that another tool has spoilt."""


def faults(door: ReadDoor, shape: Shape, keys: Iterable[Any]) -> Iterator[str]:
    """One line for each of these records with a field that cannot be read."""
    stages = set(door.column("SELECT id FROM stage"))
    for key in keys:
        field = next((name for part in shape.family for name in _fields(door, shape, part, key, stages)), None)
        if field is not None:
            yield say("{thing}: {field} cannot be read", thing=named(shape, key), field=field)


def unsound(door: ReadDoor, shape: Shape) -> set[Any]:
    """Keys of the records with a yes or no that is neither 1 nor 0, which would be read as a yes, or with something
    else where a whole number should be."""
    found: set[Any] = set()
    for part in shape.family:
        wrong = [f'"{column.column}" NOT IN (0, 1)' for column in part.parts if column.kind == "bool"]
        wrong += [f"typeof(\"{name}\") NOT IN ('integer', 'null')" for name in _whole(door, part)]
        if wrong:
            sql = f'SELECT "{part.key[0]}" FROM {part.table} WHERE {" OR ".join(wrong)}'
            found |= set(door.column(sql))
    return found


def _whole(door: ReadDoor, part: Shape) -> set[str]:
    """Columns that hold whole numbers, where the engine would take anything else too."""
    if door.dialect != "sqlite":
        return set()
    return {row[1] for row in door.rows(f'PRAGMA table_info("{part.table}")') if row[2] == "INTEGER"}


def first(door: ReadDoor) -> str | None:
    """A line for the first record found that cannot be read; None where every record can."""
    for shape in map(shape_of, map(class_of, NOUNS)):
        if said := next(faults(door, shape, sorted(unsound(door, shape), key=str)), None):
            return said
    return None


def _fields(door: ReadDoor, root: Shape, part: Shape, key: Any, stages: set[int]) -> Iterator[str]:
    """The fields of one record, in its own table or in that of a part, that cannot be read."""
    before, whole = f"{part.table} " if part is not root else "", _whole(door, part)
    for column in part.parts:
        sql = f'SELECT "{column.column}" FROM {part.table} WHERE "{part.key[0]}" = :key'
        try:
            values = door.column(sql, key=key)
        except OppError:
            yield before + column.field
            continue
        number = column.column in whole and column.kind == "plain"
        readable = _is_number if number else partial(_readable, column, stages)
        if not all(map(readable, values)):
            yield before + column.field


def _is_number(value: Any) -> bool:
    return value is None or isinstance(value, int)


def _readable(column: Part, stages: set[int], value: Any) -> bool:
    if column.kind == "stage":
        return value is None or value in stages
    if column.kind == "bool":
        return value in (0, 1)
    try:
        decoded = DECODE[column.kind](value) if column.kind in DECODE else value
    except WRONG:
        return False
    if column.kind == "list":
        return isinstance(decoded, tuple) and isinstance(parsed(value), list)
    return isinstance(decoded, dict) if column.kind == "object" else not isinstance(decoded, bytes)


def sound(door: ReadDoor, shape: Shape, keys: Sequence[Any]) -> tuple[list[Any], list[str]]:
    """The records of these keys that can be read, and the faults of the others."""
    try:
        return door.find(shape.noun, **{shape.own[0]: list(keys)}), []
    except WRONG:
        pass
    found: list[Any] = []
    spoilt: list[Any] = []
    for key in keys:
        try:
            found += door.find(shape.noun, **{shape.own[0]: key})
        except WRONG:
            spoilt.append(key)
    return found, list(faults(door, shape, spoilt))
