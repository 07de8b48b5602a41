"""What a write is refused by: a key that is taken, another version than the one read, a stage there is none of."""

from collections.abc import Sequence
from typing import Any

from oppcli.errors import Conflict, NotFound
from oppcli.model.command import command
from oppcli.model.records import WITHDRAWN
from oppcli.model.said import Word, listed, say
from oppcli.store.mapping import Shape
from oppcli.store.reading import Reading, named


class Taken(Exception):
    """A unique constraint was broken; the columns it is on."""

    def __init__(self, columns: Sequence[str]) -> None:
        super().__init__(listed(columns))
        self.columns = tuple(columns)


def stale(door: Reading, shape: Shape, before: Any) -> Conflict | NotFound:
    """Why an update found no row of the version that was read."""
    key = getattr(before, shape.own[0]) if not shape.links else None
    name = named(shape, key)
    found = door.one(f'SELECT version FROM {shape.table} WHERE "{shape.key[0]}" = :key', key=key) if key else None
    if not found:
        return NotFound(say("there is no {named}", named=name))
    return Conflict(
        say(
            "{name} was changed since it was read: version {version} then, {found} now",
            name=name,
            version=before.version,
            found=found[0],
        )
    )


class StageIds(dict[str, int]):
    """Stage ids by name; an unknown name is the caller's mistake and says so."""

    def __missing__(self, name: str) -> int:
        raise NotFound(say("there is no stage {name}", name=name), hint=command("policy", "show"))


def told_taken(shape: Shape, noun: Any, columns: Sequence[str], door: Reading | None = None) -> str:
    """`a deal with external_id 7, system crm exists already`. Where not everybody sees everything, it is said whose."""
    said = [f"{name} {value}" for name in columns if (value := getattr(noun, name, None)) is not None]
    if door is not None and door.sight is not None and shape.word == "deal":
        found: list[Any] = door.find(shape.noun, **{name: getattr(noun, name) for name in columns})
        owners = listed(each.owner or say("nobody") for each in found if each.standing != WITHDRAWN)
        return say("a deal of {owner} with {said} exists already", owner=owners, said=listed(said or columns))
    return say("a {word} with {said} exists already", word=Word("noun", shape.word), said=listed(said or columns))
