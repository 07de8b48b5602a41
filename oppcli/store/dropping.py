"""Taking a thing away for good: what a new database was begun with, before another takes its place."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from oppcli.store.changes import created
from oppcli.store.mapping import Shape, compact, parsed

DROP = "drop"
"""The action of the entry."""


class Dropping(Protocol):
    """The part of a write door that is needed here."""

    _stages: dict[str, int] | None

    def _execute(self, sql: str, /, **params: Any) -> int: ...

    def tell_many(
        self, action: str, noun: str, told: Iterable[tuple[str, str, None]], meta: Mapping[str, Any] | None = None
    ) -> None: ...


def drop(door: Dropping, shape: Shape, noun: Any) -> None:
    """Take it away, with an entry of all that it was. It is nothing that tells of a person in a sealed field."""
    was = {path: [new, None] for path, (_, new) in parsed(created(shape, noun)).items()}
    key = getattr(noun, shape.own[0])
    door._execute(f'DELETE FROM {shape.table} WHERE "{shape.key[0]}" = :key', key=key)
    door._stages = None
    door.tell_many(DROP, shape.word, [(str(key), compact(was), None)])
