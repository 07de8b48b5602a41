"""What is dated later than now, which a machine with a wrong clock leaves behind."""

from collections.abc import Iterator

from oppcli.model.nouns import NOUNS, class_of
from oppcli.model.requests import OPEN, PENDING
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import Shape, shape_of
from oppcli.store.reading import named
from oppcli.tuples import NamedTuple

TO_COME = ("due_at", "wake_at", "next_try_at", "starts_at", "ends_at")
"""Instants that are meant to lie ahead; all others say when something happened."""


class Ahead(NamedTuple):
    """One thing, and which of its instants are later than now."""

    thing: str
    fields: tuple[str, ...]


def steps_ahead(door: ReadDoor, now: int) -> list[int]:
    """Ids of the pending requests with an open step of the current revision that opened later than now."""
    sql = f"""
    SELECT DISTINCT r.id FROM request r JOIN step p ON p.request_id = r.id AND p.revision = r.revision
    WHERE r.state = '{PENDING}' AND p.state = '{OPEN}' AND p.opened_at > :now ORDER BY r.id
    """
    return door.column(sql, now=now)


def entries_ahead(door: ReadDoor, now: int) -> int:
    """How many entries of the journal are dated later than now."""
    return int(door.value("SELECT count(*) FROM journal WHERE at > :now", now=now) or 0)


def things_ahead(door: ReadDoor, now: int) -> Iterator[Ahead]:
    """Every thing with an instant later than now, by kind and id."""
    for noun in NOUNS:
        root = shape_of(class_of(noun))
        found: dict[object, list[str]] = {}
        for part in root.family:
            for name in _instants(part):
                sql = f'SELECT DISTINCT "{part.key[0]}" FROM {part.table} WHERE "{name}" > :now'
                for key in door.column(sql, now=now):
                    found.setdefault(key, []).append(name if part is root else f"{part.table} {name}")
        for key in sorted(found, key=lambda key: (str(type(key)), key)):
            yield Ahead(named(root, key), tuple(found[key]))


def _instants(part: Shape) -> list[str]:
    names = [column.column for column in part.parts if column.kind == "plain"]
    return [name for name in names if (name == "at" or name.endswith("_at")) and name not in TO_COME]
