"""What a database was at an instant, put there before a read sees it: copies of the tables that later entries touched,
with the old values in them, and views named like the tables that read the copies through the lens.

Standing is that of then. What somebody may see is that of today, asked of the tables as they are. A copy never has the
name of its table: both engines take a temporary thing before the schema that hides what is not theirs.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Protocol

from oppcli.model.nouns import ENTRY, NOUNS, RECORDS, Noun, class_of
from oppcli.model.records import WITHDRAWN
from oppcli.store import lens
from oppcli.store.doors import Row
from oppcli.store.mapping import shape_of
from oppcli.store.reading import Reading
from oppcli.store.rows_then import affected, rows_then
from oppcli.store.undone import Key, Undone, shapes, undone
from oppcli.store.version import SPOKEN
from oppcli.tuples import NamedTuple

META, POLICY, DEAL = "meta", "policy", "deal"
IMPORT = "import"


class Then(NamedTuple):
    """An instant that is asked about."""

    at: int
    kept: Callable[[str | None], Mapping[str, str | None]]
    """What is kept beside a policy of this text (None: while there was none); a value None is not there."""
    shown: Callable[[int], str]
    """An instant as who asks reads it."""


class Engine(Protocol):
    """How an engine keeps copies, while its connection may make things of its own."""

    said: Mapping[str, str]
    """Settings that its views ask for."""

    def make(self, table: str, key: str, without: Collection[Key]) -> None:
        """A copy of a table, but for the rows of these things."""
        ...

    def put(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Rows into a copy."""
        ...

    def finish(self, table: str) -> None:
        """What makes a copy as fast to read as the table is."""
        ...

    def absent(self, table: str, keys: Collection[Key]) -> str:
        """Keep the keys of what was not there; returns a SELECT of them."""
        ...

    def views(self, world: "World") -> tuple[list[str], list[str]]:
        """The statements that make the views: those that see the tables as they are, and what comes last."""
        ...

    def visible(self, table: str) -> str:
        """What stands for a table in a FROM, with nothing in it that who asks does not see today."""
        ...


class World(NamedTuple):
    """What there was, and how it is told from what is."""

    last: int
    """The last entry of then."""
    copied: Collection[str]
    """The tables of which there is a copy."""
    conditions: Mapping[str, Sequence[str]]
    """Table → what holds of its rows that were there then, and of this standing."""


@cache
def root_of(table: str) -> tuple[str, Noun]:
    """The column of a table that names the thing which its rows are of, and the noun of that."""
    shapes = ((noun, part) for noun in RECORDS for part in shape_of(class_of(noun)).family)
    return next((part.key[0], noun) for noun, part in shapes if part.table == table)


def copy_of(table: str) -> str:
    """What the copy of a table is called."""
    return f"{table}_then"


def look_back(door: Reading, engine: Engine, then: Then, hidden: Collection[str]) -> None:
    """Let the door see what was there at an instant, but for what had one of the `hidden` standings. Refused (2) where
    nothing was known yet, (5) for a chain that is broken since."""

    def make() -> list[str]:
        found = undone(door, then.at, then.shown)
        world = _world(door, engine, found, then, hidden)
        early, late = engine.views(world)
        for statement in early:
            door.rows(statement)
        door.came_later = _came_later(door, engine, found, then.at)
        door.ends = (found.last.at, *door.ends[1:])
        return late

    door.look_back(make, engine.said)
    door.forget_stages()
    language, door.several = _known(door)
    door.language = language or ""


def _known(door: Reading) -> tuple[str | None, bool]:
    row = door.one(f"SELECT {SPOKEN}{lens.SEVERAL}") or (None, False)
    return row[0], bool(row[1])


def _world(door: Reading, engine: Engine, found: Undone, then: Then, hidden: Collection[str]) -> World:
    copied: list[str] = []
    conditions: dict[str, list[str]] = {}
    for shape in shapes().values():
        made = found.made.get(shape, set())
        parts = affected(shape, found)
        for part, keys in parts.items():
            engine.make(part.table, part.key[0], keys | made)
        for part, rows in rows_then(door, shape, found) if parts else ():
            engine.put(part.table, part.columns, rows)
        for part in parts:
            engine.finish(part.table)
            copied.append(part.table)
        if made:
            absent = engine.absent(shape.table, made)
            for part in shape.family:
                if part not in parts:
                    conditions[part.table] = [f'{part.table}."{part.key[0]}" NOT IN ({absent})']
    if found.touched(POLICY):
        _copy_meta(door, engine, then, copied, conditions)
    conditions[ENTRY.table] = [f"{ENTRY.table}.seq <= {found.last.seq}"]
    for table, holds in _standing(door, copied, hidden).items():
        conditions.setdefault(table, []).extend(holds)
    return World(found.last.seq, copied, conditions)


def _copy_meta(
    door: Reading, engine: Engine, then: Then, copied: list[str], conditions: Mapping[str, Sequence[str]]
) -> None:
    """What is kept beside the policy of then."""
    policies = copy_of(POLICY) if POLICY in copied else POLICY
    there = " AND ".join(conditions.get(POLICY, ())) or "1 = 1"
    kept = then.kept(door.value(f"SELECT text FROM {policies} AS {POLICY} WHERE {there} ORDER BY number DESC LIMIT 1"))
    engine.make(META, "key", set(kept))
    engine.put(META, ("key", "value"), [(key, value) for key, value in kept.items() if value is not None])
    copied.append(META)


def _standing(door: Reading, copied: Collection[str], hidden: Collection[str]) -> Mapping[str, list[str]]:
    """What standing, as of then, asks of each table."""
    if not hidden:
        return {}

    def source(table: str) -> str:
        return copy_of(table) if table in copied else lens.own(door) + table

    nouns = [noun for noun in NOUNS if noun.standing]
    asked = ", ".join(f"EXISTS (SELECT 1 FROM {source(noun.table)} WHERE {lens.having(hidden)})" for noun in nouns)
    answers = door.one(f"SELECT {asked}") or ()
    some = [noun.word for noun, answer in zip(nouns, answers, strict=True) if answer]
    return lens.standings(some, hidden, source)


def _came_later(door: Reading, engine: Engine, found: Undone, at: int) -> int:
    """How many deals came later by an import, with earlier dates."""
    shape = shapes()[DEAL]
    made = found.made.get(shape)
    if not made:
        return 0
    condition, bound = door.any_of(f"{DEAL}.id", "keys", sorted(made, key=int))
    sql = f"SELECT count(*) FROM {engine.visible(DEAL)} WHERE {condition}"
    came = f"{DEAL}.channel = '{IMPORT}' AND {DEAL}.created_at <= :at AND {DEAL}.standing <> '{WITHDRAWN}'"
    return int(door.value(f"{sql} AND {came}", keys=bound, at=at) or 0)
