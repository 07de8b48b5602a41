"""What completion sees of a database whose policy has a scope: what the person sees who types."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from oppcli.actions.sights import sight_of
from oppcli.store import open_read
from oppcli.store.doors import ReadDoor, Row

NOTHING: Mapping[str, Any] = {}


class Answer:
    """The rows of a statement, as a connection gives them."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = list(rows)

    def fetchall(self) -> list[Row]:
        return self._rows

    def fetchone(self) -> Row | None:
        return self._rows[0] if self._rows else None


class Through:
    """A door in the place of a connection."""

    def __init__(self, door: ReadDoor) -> None:
        self._door = door

    def execute(self, sql: str, values: Mapping[str, Any] = NOTHING) -> Answer:
        return Answer(self._door.rows(sql, **values))


@contextmanager
def seen(db: str, me: str) -> Iterator[Any]:
    """What completion asks, through the views of this person. Refused for who is no user."""
    now = time.time_ns() // 1_000_000
    with open_read(db, me=me, sight=lambda door: sight_of(door, me, now)) as door:
        yield Through(door)
