"""`match_key`: under what a record is looked up when another may be the same. The keys follow from the record, and are
brought up to date by the door that has written it."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, cast

from oppcli.model.nouns import BY_WORD, class_of
from oppcli.model.records import LIVE, MERGED
from oppcli.store.doors import ReadDoor, Row, WriteDoor
from oppcli.store.queries import MATCHING, derived

if TYPE_CHECKING:
    from oppcli.words.matching import Plan

NEWS, COMPARED = "match_news", "match_compared"
"""The entry by which something last got a key, and that up to which all were compared with all; beside the policy."""
CHUNK = 2_000
COLUMNS = ("noun", "kind", "key", "id")
HELD = (LIVE, MERGED)
"""A merged record's keys lead to the one that stands for it; what was withdrawn has none."""
ALWAYS = frozenset(("standing", "extra"))
ENDS = frozenset(("stage",))
"""What gives no other keys, and ends what two deals are in conflict about."""
_DELETE = "DELETE FROM match_key WHERE noun = :noun AND kind = :kind AND key = :key AND id = :id"
_COLUMN = {"customer": "customer_id"}
_LISTS = frozenset(("phone", "email"))


class Keeping(ReadDoor, Protocol):
    """The part of a write door that is needed here."""

    matching: Mapping[str, Any] | None
    dirty: list[tuple[str, Any, Iterable[str] | None]]
    """(noun, key, what was changed of it; None for all) of what was written since the keys were kept last."""
    gained: dict[str, list[int]]
    """By noun, the numbers of what has a key more since that was asked last."""

    _chain: Any

    def derive(self, key: str, value: str) -> None: ...

    def _execute(self, sql: str, /, **params: Any) -> int: ...

    def _execute_many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> int: ...

    def _insert(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None: ...


def plan(matching: Mapping[str, Any], word: str) -> "Plan":
    """What is compared of a noun, from what is kept beside the policy."""
    from oppcli.words.matching import Plan

    said = matching["nouns"][word]
    return Plan(said["kinds"], tuple(map(tuple, said["sets"])), matching["country"], tuple(matching["public"]))


def written(door: Keeping, word: str, keys: Iterable[Any], paths: Iterable[str] | None) -> None:
    """Remember of these records what was written of them, where it matters to their keys or to a conflict of theirs."""
    assert door.matching is not None
    if _touches(door.matching, word, paths, ENDS):
        door.dirty += ((word, key, paths) for key in keys)


def pending(writing: WriteDoor) -> bool:
    """Whether anything was written whose keys matter, and nobody has asked since."""
    door = cast(Keeping, writing)
    return bool(door.dirty or door.gained)


def matched(writing: WriteDoor) -> dict[str, list[int]]:
    """What was written since this was asked last and may be the same as another: numbers by noun."""
    door = cast(Keeping, writing)
    keep(door)
    gained, door.gained = door.gained, {}
    return gained


def match_by(writing: WriteDoor, value: str) -> None:
    """Keep other keys from here on, for all there is: JSON of what is compared, or nothing. Nobody is told of that."""
    door = cast(Keeping, writing)
    door.derive(MATCHING, value)
    door._execute("DELETE FROM match_key")
    door.matching = json.loads(value) if value else None
    nouns = door.matching["nouns"] if door.matching else ()
    gained = door.gained
    door.gained, door.dirty = (
        {},
        [
            (word, number, None)
            for word in nouns
            for number in door.column(f"SELECT id FROM {BY_WORD[word].table} ORDER BY id")
        ],
    )
    keep(door)
    door.gained = gained


def stale(door: ReadDoor) -> bool:
    """Whether something has got a key since all were compared with all."""
    sql = f"SELECT key, value FROM meta WHERE key IN ('{NEWS}', '{COMPARED}')"
    told: dict[str, str] = dict(door.rows(sql))
    return told.get(NEWS) != told.get(COMPARED)


def compared(door: WriteDoor) -> None:
    """All have been compared with all, as they are now."""
    door.derive(COMPARED, derived(door, NEWS) or "")


def keep(door: Keeping) -> None:
    """Bring the keys of everything up to date that was written since, and note in `gained` what has a key more."""
    dirty, door.dirty = door.dirty, []
    changed: dict[str, dict[int, None]] = {}
    for word, key, paths in dirty:
        if door.matching and _touches(door.matching, word, paths):
            changed.setdefault(word, {})[int(key)] = None
    for word, numbers in changed.items():
        ids = list(numbers)
        for at in range(0, len(ids), CHUNK):
            _bring(door, word, ids[at : at + CHUNK])


def _touches(matching: Mapping[str, Any], word: str, paths: Iterable[str] | None, more: Collection[str] = ()) -> bool:
    """Whether a change of these paths of a record may give it other keys, or is of those besides."""
    known = {*ALWAYS, *matching["nouns"][word]["kinds"], *more}
    return paths is None or any(_field(path) in known for path in paths)


def _field(path: str) -> str:
    """The field that a path of an entry is of: `amount`, `customer` of `customer_id`, `region` of `extra.region`."""
    first, _, own = path.partition(".")
    return own if own and first == "extra" else first.removesuffix("_id")


def _bring(door: Keeping, word: str, ids: Sequence[int]) -> None:
    assert door.matching is not None
    wanted = dict(held(door, plan(door.matching, word), word, ids))
    condition, bound = door.any_of("id", "ids", ids)
    rows = door.rows(f"SELECT id, kind, key FROM match_key WHERE noun = :noun AND {condition}", noun=word, ids=bound)
    had = {(number, kind, key) for number, kind, key in rows}
    want = {(number, kind, key) for number, found in wanted.items() for kind, key in found}
    gone, fresh = sorted(had - want), sorted(want - had)
    if gone:
        door._execute_many(_DELETE, [{"noun": word, "kind": kind, "key": key, "id": n} for n, kind, key in gone])
    if fresh:
        door._insert("match_key", COLUMNS, [(word, kind, key, number) for number, kind, key in fresh])
        door.derive(NEWS, str(door._chain.head.seq))
        door.gained.setdefault(word, []).extend(dict.fromkeys(number for number, _, _ in fresh))


def held(door: ReadDoor, plan: "Plan", word: str, ids: Sequence[int]) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """(number, its keys) of the records that have any."""
    for number, standing, values in values_of(door, plan, word, ids):
        if standing in HELD:
            yield number, plan.keys(plan.forms(values))


def values_of(
    door: ReadDoor, plan: "Plan", word: str, ids: Sequence[int] | None = None
) -> Iterator[tuple[int, str, dict[str, list[Any]]]]:
    """(number, standing, values by field) of these records, else of all, of the fields that are compared."""
    table = BY_WORD[word].table
    columns = columns_of(word)
    names = [_COLUMN.get(field, field) for field in plan.kinds]
    own = [name not in columns for name in names]
    stored = ", ".join("extra" if mine else f'"{name}"' for name, mine in zip(names, own, strict=True))
    condition, bound = door.any_of("id", "ids", ids) if ids is not None else ("1 = 1", None)
    given = {} if ids is None else {"ids": bound}
    for number, standing, *found in door.rows(
        f"SELECT id, standing, {stored} FROM {table} WHERE {condition} ORDER BY id", **given
    ):
        cells = zip(plan.kinds, found, own, strict=True)
        yield number, standing, {field: _values(field, cell, mine=mine) for field, cell, mine in cells}


def columns_of(word: str) -> frozenset[str]:
    """The columns of a noun's own table."""
    from oppcli.store.mapping import shape_of

    return frozenset(shape_of(class_of(BY_WORD[word])).stored)


def _values(field: str, cell: Any, *, mine: bool) -> list[Any]:
    """What a column holds of a field; `mine`: a field of the team's own, in `extra`."""
    if mine:
        return [json.loads(cell).get(field)] if cell and cell != "{}" else []
    if field in _LISTS:
        return list(json.loads(cell)) if cell and cell != "[]" else []
    return [] if cell is None else [cell]
