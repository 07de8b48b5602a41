"""Another standing for many things at once: what `save` does one by one, in a statement for thousands of them."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from oppcli.store.doors import Row
from oppcli.store.mapping import Shape, compact

CHUNK = 2_000
"""Things per statement."""


class Marking(Protocol):
    """The part of a write door that is needed here."""

    def rows(self, sql: str, /, **params: Any) -> list[Row]: ...

    def any_of(self, column: str, name: str, values: Sequence[Any]) -> tuple[str, Any]: ...

    def or_nothing(self, shape: Shape) -> AbstractContextManager[None]: ...

    def _execute(self, sql: str, /, **params: Any) -> int: ...

    def tell_many(
        self, action: str, noun: str, told: Iterable[tuple[str, str, None]], meta: Mapping[str, Any] | None
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
