"""Reading nouns through any engine: get and find with their children, on top of the engine's `rows`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, groupby
from typing import TYPE_CHECKING, Any, TypeVar

from oppcli.errors import NotFound
from oppcli.model import refs
from oppcli.model.command import command
from oppcli.model.nouns import BY_WORD, ENTRY, PREFIXES
from oppcli.model.records import KEPT, WITHDRAWN
from oppcli.model.said import Word, say
from oppcli.store.doors import ReadDoor, Row
from oppcli.store.mapping import ENCODE, PARTS, Key, Shape, looked_up, shape_of

if TYPE_CHECKING:
    from oppcli.model.sight import Sight

Noun = TypeVar("Noun")
NOTHING_SAID: Mapping[str, str] = {}
TAKEN = f"standing <> '{WITHDRAWN}'"
Brood = dict[Key, tuple[Any, ...]]


def named(shape: Shape, key: Any) -> str:
    """How people call it: `D-142`, `user wang`."""
    return refs.named(shape.word, key)


@cache
def select(shape: Shape) -> str:
    """What a noun is built from; last, where it has children that are seldom there, which of them are."""
    columns = [f'"{column}"' for column in shape.stored]
    columns += [looked_up(shape.noun.__name__, name, f"{shape.table}.id") for name in shape.elsewhere]
    columns += [PARTS] if shape.seldom else []
    return f"SELECT {', '.join(columns)} FROM {shape.table}"


@cache
def order(shape: Shape) -> str:
    return " ORDER BY " + ", ".join(f'"{column}"' for column in shape.key)


@cache
def lineage(shape: Shape) -> tuple[Shape, ...]:
    """A shape, its only kind of children, theirs …"""
    return (shape, *(lineage(shape.children[0]) if len(shape.children) == 1 else ()))


@cache
def joined(line: tuple[Shape, ...]) -> str:
    """Every parent beside each of its children, or beside nothing."""
    columns = ", ".join(f't{place}."{column}"' for place, shape in enumerate(line) for column in shape.columns)
    tables = [f"{line[0].table} t0"]
    for place, shape in enumerate(line[1:], 1):
        pairs = zip(shape.links, line[place - 1].key, strict=True)
        same = " AND ".join(f't{place}."{mine}" = t{place - 1}."{theirs}"' for mine, theirs in pairs)
        tables.append(f"LEFT JOIN {shape.table} t{place} ON {same}")
    return f"SELECT {columns} FROM {' '.join(tables)}"


@cache
def joined_order(line: tuple[Shape, ...]) -> str:
    first = [f't0."{column}"' for column in line[0].key]
    own = [
        f't{place}."{column}"' for place, shape in enumerate(line) if place for column in shape.key[len(shape.links) :]
    ]
    return " ORDER BY " + ", ".join([*first, *own])


def nested(
    line: tuple[Shape, ...], rows: Iterable[Row], start: int, names: Mapping[int, str]
) -> Iterator[tuple[Key, Any]]:
    """(key, noun) of the first shape of the line, with its children: from rows of `joined` in which its columns begin
    at `start`."""
    shape, below = line[0], line[1:]
    end, keyed = start + len(shape.columns), start + len(shape.key)
    for key, group in groupby(rows, key=lambda row: row[start:keyed]):
        if key[-1] is None:
            continue
        first, *rest = group
        children = {}
        if below:
            inner = nested(below, chain((first,), rest), end, names)
            children[below[0].field] = tuple(item for _, item in inner)
        yield key, shape.build(first[start:end], names, children)


def absent(door: ReadDoor, word: str, key: Any) -> NotFound:
    """What is said of a thing that is not there; under a scope the same as of one that is not theirs to see."""
    name, noun = refs.named(word, key), BY_WORD.get(word, ENTRY)
    hint = command(*noun.listing.split())
    if door.sight is None or word not in PREFIXES:
        return NotFound(say("there is no {named}", named=name), hint=hint)
    said = say("no such {noun}: {text}, or it is not yours to see", noun=Word("noun", word), text=name)
    return NotFound(said, hint=hint)


class Reading:
    """What both doors of both engines can do. An engine gives `rows` and `stream`."""

    dialect = ""
    true = False
    """Whether it sees what is there, whatever who asks may see."""

    def __init__(self) -> None:
        self._stages: dict[str, int] | None = None
        self.version = ""
        """The schema's."""
        self.scope: str | None = None
        """What the applied policy says of who sees what, and of proof; None where it says nothing."""
        self.language = ""
        self.active: bool | None = None
        """Whether who asks is active; None for who is no user."""
        self.sight: Sight | None = None
        """What who asks sees; None where everybody sees everything."""

    def rows(self, sql: str, /, **params: Any) -> list[Row]:
        raise NotImplementedError

    def stream(self, sql: str, /, **params: Any) -> Iterator[Row]:
        raise NotImplementedError

    def afresh(self) -> None:
        """Make the door fit for use after a statement that failed."""

    def look_through(self, views: Sequence[str], said: Mapping[str, str] = NOTHING_SAID) -> None:
        """Put these views before the tables, before anything is read. `said` are settings that views ask for."""
        raise NotImplementedError

    def teach(self, name: str, arguments: int, function: Callable[..., Any]) -> None:
        """Let statements call a function, where the engine has it not."""
        raise NotImplementedError

    @property
    def hidden(self) -> tuple[str, ...]:
        """The fields of deals that who asks does not have."""
        return self.sight.hidden if self.sight else ()

    def one(self, sql: str, /, **params: Any) -> Row | None:
        """The first row, or None."""
        rows = self.rows(sql, **params)
        return rows[0] if rows else None

    @property
    def last_at(self) -> int:
        """When the newest journal entry was written; 0 in an empty journal."""
        row = self.one("SELECT at FROM journal ORDER BY seq DESC LIMIT 1")
        return int(row[0]) if row else 0

    @property
    def stages(self) -> dict[str, int]:
        """Stage name → id."""
        if self._stages is None:
            self._stages = {name: number for number, name in self.rows("SELECT id, name FROM stage ORDER BY id")}
        return self._stages

    def any_of(self, column: str, name: str, values: Sequence[Any]) -> tuple[str, Any]:
        """A condition that is true for any of the values, and what to bind to `:name` for it."""
        if self.dialect == "sqlite":
            import json

            return f"{column} IN (SELECT value FROM json_each(:{name}))", json.dumps(list(values))
        return f"{column} = ANY(:{name})", list(values)

    def get(self, noun: type[Noun], key: int | str, *, alone: bool = False) -> Noun:
        """The noun of this key; `alone`: without its children, to be read and never saved. Refused (`NotFound`) where
        there is none."""
        shape = shape_of(noun)
        rows = self.rows(f'{select(shape)} WHERE "{shape.key[0]}" = :key', key=key)
        if not rows:
            raise absent(self, shape.word, key)
        found: Noun = shape.build(rows[0], self._names(shape), {}) if alone else self._built(shape, rows, [key])[0]
        return found

    def find(self, noun: type[Noun], /, **equals: Any) -> list[Noun]:
        shape = shape_of(noun)
        where, params = self._where(shape, equals)
        rows = self.rows(select(shape) + where + order(shape), **params)
        return self._built(shape, rows, [row[0] for row in rows] if equals else None)

    def _where(self, shape: Shape, equals: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        conditions, params = [], {}
        for field, wanted in equals.items():
            part = shape.column(field)
            column = f'"{part.column}"'
            if part.kind == "standing" and wanted == KEPT:
                conditions.append(TAKEN)  # as the partial indexes say it, or they are not used
                continue
            values = [self._stored(part.kind, v) for v in wanted] if isinstance(wanted, list | tuple) else None
            if wanted is None:
                conditions.append(f"{column} IS NULL")
            elif values is None:
                conditions.append(f"{column} = :{field}")
                params[field] = self._stored(part.kind, wanted)
            else:
                condition, params[field] = self.any_of(column, field, [v for v in values if v is not None])
                conditions.append(f"({condition} OR {column} IS NULL)" if None in values else condition)
        return (" WHERE " + " AND ".join(conditions) if conditions else ""), params

    def _stored(self, kind: str, value: Any) -> Any:
        if kind == "stage" and value is not None:
            return self.stages.get(value, -1)
        return ENCODE[kind](value) if kind in ENCODE else value

    def _built(self, shape: Shape, rows: list[Row], roots: list[Any] | None) -> list[Any]:
        if not rows:
            return []
        width = len(shape.key)
        names = self._names(shape)
        broods = {
            child.field: self._brood(child, roots, names) for child in shape.children if child.field not in shape.seldom
        }
        if shape.seldom and any(row[-1] for row in rows):
            broods |= self._seldom(shape, rows, names)
        return [
            shape.build(row, names, {field: brood.get(row[:width], ()) for field, brood in broods.items()})
            for row in rows
        ]

    def _seldom(self, shape: Shape, rows: list[Row], names: Mapping[int, str]) -> dict[str, Brood]:
        """The children that these rows say they have, by field."""
        having = {
            child: [row[0] for row in rows if row[-1] and child.field in row[-1].split()]
            for child in shape.children
            if child.field in shape.seldom
        }
        return {child.field: self._brood(child, roots, names) for child, roots in having.items() if roots}

    def _names(self, shape: Shape) -> dict[int, str]:
        if not shape.stages_below:
            return {}
        return {number: name for name, number in self.stages.items()}

    def _brood(self, shape: Shape, roots: list[Any] | None, names: Mapping[int, str]) -> Brood:
        """All children of this shape below the roots (None: of all), by their parent's key."""
        if roots is not None and len(shape.children) == 1:
            return self._line(shape, roots, names)
        inner = {child.field: self._brood(child, roots, names) for child in shape.children}
        width, outer = len(shape.key), len(shape.links)
        grouped: dict[Key, list[Any]] = {}
        for row in self._below(shape, roots):
            children = {field: brood.get(row[:width], ()) for field, brood in inner.items()}
            grouped.setdefault(row[:outer], []).append(shape.build(row, names, children))
        return {key: tuple(items) for key, items in grouped.items()}

    def _line(self, shape: Shape, roots: Sequence[Any], names: Mapping[int, str]) -> Brood:
        """The same for a shape with one kind of children, which have one at most: steps, seats and holders are read in
        one statement, for a round trip costs more than the few columns that come again."""
        line = lineage(shape)
        condition, bound = self.any_of(f't0."{shape.links[0]}"', "roots", roots)
        if len(roots) == 1:
            condition, bound = f't0."{shape.links[0]}" = :roots', roots[0]
        rows = self.rows(f"{joined(line)} WHERE {condition}{joined_order(line)}", roots=bound)
        outer = len(shape.links)
        grouped: dict[Key, list[Any]] = {}
        for key, item in nested(line, rows, 0, names):
            grouped.setdefault(key[:outer], []).append(item)
        return {key: tuple(items) for key, items in grouped.items()}

    def _below(self, shape: Shape, roots: list[Any] | None) -> Iterable[Row]:
        root = f'"{shape.links[0]}"'
        if roots is None:
            return self.rows(select(shape) + order(shape))
        if len(roots) == 1:
            return self.rows(f"{select(shape)} WHERE {root} = :root{order(shape)}", root=roots[0])
        condition, bound = self.any_of(root, "roots", roots)
        return self.rows(f"{select(shape)} WHERE {condition}{order(shape)}", roots=bound)
