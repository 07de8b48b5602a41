"""What completion sees of a database whose policy has a scope: what the person sees who types."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from oppcli.cli.context import Context
from oppcli.model.records import SHOWN
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
        self.hidden = door.hidden
        """The fields of deals that this person does not have."""

    def execute(self, sql: str, values: Mapping[str, Any] = NOTHING) -> Answer:
        return Answer(self._door.rows(sql, **values))


@contextmanager
def seen(db: str) -> Iterator[Any]:
    """What completion asks, through the views of this person: lists of what is live. Refused for who may not read."""
    with Context({"db": db, "quiet": True}).read(SHOWN) as door:
        yield Through(door)
