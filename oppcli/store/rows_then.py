"""The rows that things had at an instant: those of today, with what later entries changed put back."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from oppcli.model.records import LIVE
from oppcli.store.changes import revived
from oppcli.store.doors import Row
from oppcli.store.mapping import DECODE, ENCODE, PARTS, Shape
from oppcli.store.reading import Reading
from oppcli.store.undone import WHOLE, Key, Old, Spot, Undone, is_erased, spot_of

CHUNK = 2_000
"""Things that are put back at once."""
Rows = dict[Shape, dict[tuple[Any, ...], list[Any]]]
"""By part and by its whole key: the rows of one thing."""


def affected(shape: Shape, found: Undone) -> dict[Shape, set[Key]]:
    """Part → the things of which rows in its table are to be written anew."""
    touched: dict[Shape, set[Key]] = {}
    parts: dict[str, tuple[Shape, ...]] = {}
    for key, olds in found.olds.get(shape, {}).items():
        if shape.versioned:
            touched.setdefault(shape, set()).add(key)
        for path in olds:
            if path not in parts:
                parts[path] = _parts(shape, path)
            for part in parts[path]:
                touched.setdefault(part, set()).add(key)
    return touched


def _parts(shape: Shape, path: str) -> tuple[Shape, ...]:
    """The tables that a path of an entry is about."""
    spot = _spot(shape, path)
    if spot is None:
        return ()
    below = spot.part.family if not spot.field else (spot.part,)
    if path and path.partition(".")[0] in shape.seldom:  # the noun's own row says which of them there are
        seldom = tuple(child for child in shape.children if child.field in shape.seldom)
        return tuple(dict.fromkeys((shape, *seldom, *below)))
    return below


def _spot(shape: Shape, path: str) -> Spot | None:
    return Spot(shape, (), "", "", ()) if path == WHOLE else spot_of(shape, path)


def rows_then(door: Reading, shape: Shape, found: Undone) -> Iterator[tuple[Shape, list[Row]]]:
    """The rows that are to be written anew, in portions of many."""
    touched, olds = affected(shape, found), found.olds.get(shape, {})
    keys = sorted(olds, key=lambda key: (str(type(key)), key))
    for at in range(0, len(keys), CHUNK):
        some = keys[at : at + CHUNK]
        things: dict[Key, Rows] = {key: {part: {} for part, of in touched.items() if key in of} for key in some}
        for part, of in touched.items():
            for row in _today(door, part, [key for key in some if key in of]):
                things[row[0]][part][tuple(row[: len(part.key)])] = list(row)
        for key, rows in things.items():
            _put_back(shape, key, rows, olds[key], found.counts[shape][key])
        for part, of in touched.items():
            yield part, [tuple(row) for key in some if key in of for row in things[key][part].values()]


def _today(door: Reading, part: Shape, keys: Sequence[Key]) -> list[Row]:
    if not keys:
        return []
    condition, bound = door.any_of(f'"{part.key[0]}"', "keys", keys)
    return door.rows(f"SELECT {named(part)} FROM {part.table} WHERE {condition}", keys=bound)


def named(part: Shape) -> str:
    """The columns of a table."""
    return ", ".join(f'"{name}"' for name in part.columns)


def _put_back(shape: Shape, key: Key, rows: Rows, olds: Mapping[str, Old], count: int) -> None:
    """Put the old values back, the newest first."""
    for path in reversed(list(olds)):
        spot, old = _spot(shape, path), olds[path]
        if spot is None or is_erased(old.value):
            continue
        if not spot.field:
            _whole(spot, key, rows, old)
        elif (row := rows[spot.part].get((key, *spot.key))) is not None:
            _field(spot, row, old)
    for row in rows.get(shape, {}).values():
        if shape.versioned and WHOLE not in olds:
            row[_place(shape, "version")] -= count
        if shape.derived:
            _derive(shape, {path.partition(".")[0] for path in olds}, row, rows)


def _whole(spot: Spot, key: Key, rows: Rows, old: Old) -> None:
    """A row with all below it: gone, or there again."""
    part, place = spot.part, (key, *spot.key)
    for below in part.family:
        kept = rows[below]
        for each in [each for each in kept if each[: len(place)] == place]:
            del kept[each]
    if old.value is None:
        return
    own = [key] if part.own and not part.links else list(spot.key[-len(part.own) :]) if part.own else []
    if part.number_field:
        own = [spot.key[-1]]
    thing = revived(part, own, old.value)
    prefix = () if not part.links else place if part.counted else place[: len(part.links)]
    for below, row in part.walk(thing, prefix, old.stages):
        rows[below][tuple(row[: len(below.key)])] = list(row)


def _field(spot: Spot, row: list[Any], old: Old) -> None:
    """One value of a row."""
    part, kind = spot.part, spot.part.kinds[spot.field]
    place = _place(part, spot.field)
    if kind == "object" and spot.name:
        held = dict(DECODE["object"](row[place]))
        held.pop(spot.name, None)
        if old.value is not None:
            held[spot.name] = old.value
        row[place] = ENCODE["object"](held)
    else:
        row[place] = _stored(kind, old)


@cache
def _place(part: Shape, field: str) -> int:
    return part.columns.index(part.column(field).column)


def _stored(kind: str, old: Old) -> Any:
    value = old.value
    if kind == "stage":
        return None if value is None else old.stages[value]
    if kind == "standing":
        return value or LIVE
    if kind in ("list", "object"):
        return ENCODE[kind](value or ())
    return ENCODE[kind](value) if kind in ENCODE and value is not None else value


def _derive(shape: Shape, touched: set[str], row: list[Any], rows: Rows) -> None:
    """The columns that follow from others, after these."""
    for column, (derive, of) in shape.derived.items():
        if touched.isdisjoint(of) and WHOLE not in touched:
            continue
        if column == PARTS:
            held = {child.field: rows[child] for child in shape.children if child.field in of}
            values = [list(held[field]) for field in of]
        else:
            values = [row[_place(shape, field)] for field in of]
        row[shape.columns.index(column)] = derive(*values)
