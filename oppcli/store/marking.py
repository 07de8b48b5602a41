"""Many things changed at once, as `save` does one by one: another standing in a statement for thousands of them."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from oppcli.store.changes import next_version
from oppcli.store.doors import Row
from oppcli.store.journal import Told
from oppcli.store.mapping import Shape, compact, shape_of
from oppcli.store.seals import Sealing

CHUNK = 2_000
"""Things per statement."""


class Marking(Protocol):
    """The part of a write door that is needed here."""

    def rows(self, sql: str, /, **params: Any) -> list[Row]: ...

    def any_of(self, column: str, name: str, values: Sequence[Any]) -> tuple[str, Any]: ...

    def or_nothing(self, shape: Shape) -> AbstractContextManager[None]: ...

    def _execute(self, sql: str, /, **params: Any) -> int: ...

    def _write(self, shape: Shape, pairs: Sequence[tuple[Any, Any]]) -> None: ...

    def _sealing(self, noun: str, changes: Mapping[str, Any]) -> Sealing | None: ...

    def tell_many(
        self, action: str, noun: str, told: Iterable[Told], meta: Mapping[str, Any] | None = None
    ) -> None: ...


def mark(
    door: Marking, shape: Shape, keys: Sequence[int], standing: str, action: str, meta: Mapping[str, Any] | None
) -> int:
    """Give these things the standing; returns how many had another."""
    return sum(_some(door, shape, keys[at : at + CHUNK], standing, action, meta) for at in range(0, len(keys), CHUNK))


def _some(
    door: Marking, shape: Shape, keys: Sequence[int], standing: str, action: str, meta: Mapping[str, Any] | None
) -> int:
    condition, bound = door.any_of("id", "keys", list(keys))
    where = f"{condition} AND standing <> :standing"
    found = door.rows(
        f"SELECT id, standing FROM {shape.table} WHERE {where} ORDER BY id", keys=bound, standing=standing
    )
    told = [(str(key), compact({"standing": [was, standing]}), None) for key, was in found]
    with door.or_nothing(shape):
        door._execute(
            f"UPDATE {shape.table} SET standing = :standing, version = version + 1 WHERE {where}",
            keys=bound,
            standing=standing,
        )
        door.tell_many(action, shape.word, told, meta)
    return len(found)


def save(door: Marking, pairs: Sequence[tuple[Any, Any]], action: str, meta: Mapping[str, Any] | None) -> int:
    """Changed versions of things of one kind; returns how many differ."""
    if not pairs:
        return 0
    shape = shape_of(type(pairs[0][0]))
    versions = [(before, *next_version(shape, before, after)) for before, after in pairs]
    found = [each for each in versions if each[2]]
    with door.or_nothing(shape):
        door._write(shape, [(before, new) for before, new, _ in found])
        told = [
            (getattr(new, shape.own[0]), compact(changes), door._sealing(shape.word, changes))
            for _, new, changes in found
        ]
        if told:
            door.tell_many(action, shape.word, told, meta)
    return len(found)
