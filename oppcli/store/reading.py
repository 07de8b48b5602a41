"""Reading nouns through any engine: get and find with their children, on top of the engine's `rows`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from oppcli.errors import NotFound
from oppcli.model import refs
from oppcli.model.command import command
from oppcli.model.json_text import array
from oppcli.model.nouns import BY_WORD, ENTRY, PREFIXES
from oppcli.model.records import KEPT, WITHDRAWN
from oppcli.model.said import Word, say
from oppcli.store.doors import ReadDoor, Row, View
from oppcli.store.mapping import ENCODE, PARTS, Key, Shape, looked_up, parsed, shape_of

if TYPE_CHECKING:
    from oppcli.model.sight import Sight

Noun = TypeVar("Noun")
NOTHING_SAID: Mapping[str, str] = {}
TAKEN = f"standing <> '{WITHDRAWN}'"


def named(shape: Shape, key: Any) -> str:
    """How people call it: `D-142`, `user wang`."""
    return refs.named(shape.word, key)


ENDS = ", ".join(
    f"(SELECT {of} LIMIT 1)"
    for of in ("at FROM journal ORDER BY seq DESC", "at FROM journal ORDER BY seq", "meta FROM journal ORDER BY seq")
)
"""Of the journal, what `Reading.ends` says."""
LISTED = {
    "sqlite": "(SELECT nullif(json_group_array(json_array({columns})), '[]') FROM {rows})",
    "postgresql": "(SELECT json_agg(json_build_array({columns}))::text FROM {rows})",
}


def gathered(dialect: str, columns: Iterable[str], rows: str) -> str:
    """SQL for the rows of a table (`visit WHERE …`) as one text, to stand beside others in one statement; `rows_in`
    reads it. NULL where there are none."""
    return LISTED[dialect].format(columns=", ".join(f'"{column}"' for column in columns), rows=rows)


def rows_in(text: str | None) -> list[Row]:
    """The rows of such a text, in the order of their keys, which stand first."""
    return in_order(parsed(text)) if text else []


def in_order(rows: Iterable[Iterable[Any]]) -> list[Row]:
    return sorted(map(tuple, rows))


@cache
def select(shape: Shape, dialect: str, *, stages: bool = False) -> str:
    """What a noun is built from: its columns, as one text each all rows of a table below it, and last, where they are
    asked for, the stages. Texts cost less than another statement does, even where no network lies between."""
    columns = [f'"{column}"' for column in shape.stored]
    columns += [looked_up(shape.noun.__name__, name, f"{shape.table}.id") for name in shape.elsewhere]
    for below in shape.family[1:]:
        of_it = f'{below.table} WHERE "{below.links[0]}" = {shape.table}."{shape.key[0]}"'
        rows = gathered(dialect, below.stored, of_it)
        columns.append(f"CASE WHEN {PARTS} <> '' THEN {rows} END" if below.field in shape.seldom else rows)
    columns += [gathered(dialect, ("id", "name"), "stage")] if stages else []
    return f"SELECT {', '.join(columns)} FROM {shape.table}"


@cache
def order(shape: Shape) -> str:
    return " ORDER BY " + ", ".join(f'"{column}"' for column in shape.key)


def brood(shape: Shape, rows: Mapping[Shape, list[Row]], names: Mapping[int, str]) -> dict[Key, tuple[Any, ...]]:
    """All children of a shape, with theirs, by their parent's key."""
    inner = [(child.field, brood(child, rows, names) if child in rows else {}) for child in shape.children]
    width, outer = len(shape.key), len(shape.links)
    grouped: dict[Key, list[Any]] = {}
    for row in rows[shape]:
        children = {field: below.get(row[:width], ()) for field, below in inner}
        grouped.setdefault(row[:outer], []).append(shape.build(row, names, children))
    return {key: tuple(items) for key, items in grouped.items()}


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
        self.several = False
        """Whether the stages are in more than one pipeline, as far as it was asked."""
        self.sight: Sight | None = None
        """What who asks sees; None where everybody sees everything."""
        self.came_later = 0
        """Of a door on another time: deals that came later by an import, with earlier dates."""

    def rows(self, sql: str, /, **params: Any) -> list[Row]:
        raise NotImplementedError

    def stream(self, sql: str, /, **params: Any) -> Iterator[Row]:
        raise NotImplementedError

    def afresh(self) -> None:
        """Make the door fit for use after a statement that failed."""

    def look_through(self, views: Sequence[View], said: Mapping[str, str] = NOTHING_SAID) -> None:
        """Put these views before the tables, before anything is read. `said` are settings that views ask for."""
        raise NotImplementedError

    def look_back(self, make: Callable[[], Sequence[str]], said: Mapping[str, str] = NOTHING_SAID) -> None:
        """Let the connection make copies of its own before anything is read, and then the views that `make` returns.
        `said` are settings that views ask for."""
        raise NotImplementedError

    def forget_stages(self) -> None:
        """The stages were others then."""
        self._stages = None

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

    def column(self, sql: str, /, **params: Any) -> list[Any]:
        """The first value of every row."""
        return [row[0] for row in self.rows(sql, **params)]

    def value(self, sql: str, /, **params: Any) -> Any | None:
        """The first value of the first row; None where there is no row."""
        row = self.one(sql, **params)
        return row[0] if row else None

    @cached_property
    def ends(self) -> Row:
        """When the newest journal entry was written, when the first one, and the meta of that, as it was when the door
        was opened; None each in an empty journal."""
        return self.one(f"SELECT {ENDS}") or (None, None, None)

    @property
    def last_at(self) -> int:
        """When the newest entry of then was written; 0 in an empty journal."""
        return int(self.ends[0] or 0)

    @property
    def stages(self) -> dict[str, int]:
        """Stage name → id."""
        if self._stages is None:
            self._stages = {name: number for number, name in self.rows("SELECT id, name FROM stage ORDER BY id")}
        return self._stages

    def any_of(self, column: str, name: str, values: Sequence[Any]) -> tuple[str, Any]:
        """A condition that is true for any of the values, and what to bind to `:name` for it."""
        if self.dialect == "sqlite":
            return f"{column} IN (SELECT value FROM json_each(:{name}))", array(values)
        return f"{column} = ANY(:{name})", list(values)

    def get(self, noun: type[Noun], key: int | str) -> Noun:
        """The noun of this key, with its children. Refused (`NotFound`) where there is none."""
        shape = shape_of(noun)
        unknown = shape.stages_below and self._stages is None
        sql = select(shape, self.dialect, stages=unknown)
        row = self.one(f'{sql} WHERE "{shape.key[0]}" = :key', key=key)
        if row is None:
            raise absent(self, shape.word, key)
        if unknown:
            self._stages = {name: number for number, name in rows_in(row[-1])}
        found: Noun = self._built(shape, row, self._names(shape))
        return found

    def find(self, noun: type[Noun], /, **equals: Any) -> list[Noun]:
        shape = shape_of(noun)
        where, params = self._where(shape, equals)
        rows = self.rows(select(shape, self.dialect) + where + order(shape), **params)
        names = self._names(shape) if rows else {}
        return [self._built(shape, row, names) for row in rows]

    def things_in(self, noun: type[Noun], text: str | None) -> list[Noun]:
        """The things without children whose rows stand in a text of `gathered`, by key."""
        shape = shape_of(noun)
        rows = rows_in(text)
        names = self._names(shape) if rows else {}
        return [shape.build(row, names, {}) for row in rows]

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

    def _built(self, shape: Shape, row: Row, names: Mapping[int, str]) -> Any:
        """The noun of a row of `select`, with its children."""
        texts = row[len(shape.stored) + len(shape.elsewhere) :]
        some = [below for below, text in zip(shape.family[1:], texts, strict=False) if text]
        found = parsed(f"[{','.join(filter(None, texts[: len(shape.family) - 1]))}]") if some else ()
        rows = dict(zip(some, map(in_order, found), strict=True))
        key = row[: len(shape.key)]
        children = {kid.field: brood(kid, rows, names).get(key, ()) if kid in rows else () for kid in shape.children}
        return shape.build(row, names, children)

    def _names(self, shape: Shape) -> dict[int, str]:
        if not shape.stages_below:
            return {}
        return {number: name for name, number in self.stages.items()}
