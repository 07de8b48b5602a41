"""Rows of one kind that never become nouns: what of them goes to which table, and the text of their journal entries.

For imports. A noun of forty fields takes longer to make, read and take apart again than its dozen values take to store.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from json.encoder import encode_basestring as quoted
from operator import itemgetter
from typing import Any, Protocol

from oppcli.model.digest import expect_much
from oppcli.model.noun import MISSING, default
from oppcli.model.records import LIVE
from oppcli.store.doors import Row
from oppcli.store.mapping import ENCODE, Part, Shape, Stages, compact
from oppcli.store.seals import Sealing, fields_of

Reader = Callable[[Sequence[Any]], list[Any]]


class Inserting(Protocol):
    """The part of a write door that is needed here."""

    def or_nothing(self, shape: Shape) -> AbstractContextManager[None]: ...

    def _take(self, shape: Shape, count: int) -> int: ...

    def _insert(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None: ...

    def tell_many(self, action: str, noun: str, told: Iterable[tuple[Any, str, Sealing | None]]) -> None: ...


class Bulk:
    """Inserts rows of one plan through a door."""

    def __init__(self, door: Inserting, plan: "Plan") -> None:
        expect_much()
        self._door, self._plan = door, plan

    def add(self, rows: Sequence[Sequence[Any]]) -> range:
        """Insert the rows with their children and entries. A failure spoils the transaction: a savepoint for each
        chunk takes as long on SQLite as the rows themselves, since it copies every page they touch."""
        if not rows:
            return range(0)
        door, plan = self._door, self._plan
        with door.or_nothing(plan.shape):
            first = door._take(plan.shape, len(rows))
            keys = range(first, first + len(rows))
            door._insert(plan.shape.table, plan.columns, list(map(plan.stored, keys, rows)))
            for child in plan.children:
                below = plan.below(child, keys, rows)
                if below:
                    door._insert(child.shape.table, child.columns, below)
            door.tell_many(
                "create", plan.shape.word, zip(keys, map(plan.told, rows), map(plan.personal, rows), strict=True)
            )
        return keys


class Plan:
    """Compiled for a noun, the fields that differ from row to row, and the values all rows have in common."""

    def __init__(
        self, shape: Shape, varying: Sequence[str], same: Mapping[str, Any], stages: Stages, own: Collection[str] = ()
    ) -> None:
        """Fields in neither take the noun's defaults. Children are tuples of the fields that the journal tells. `own`:
        the team's own fields that are personal."""
        self.shape, self.stages = shape, stages
        places = {name: place for place, name in enumerate(varying)}
        parts = [part for part in shape.parts if part.field in places]
        scalars = [part for part in parts if part.kind in ("plain", "stage")]
        self.scalars = _picker([places[part.field] for part in scalars])
        self.said = tuple(f'"{part.field}":[null,' for part in scalars)
        self.staged = [1 + n for n, part in enumerate(scalars) if part.kind == "stage"]
        self.others = [(part, places[part.field]) for part in parts if part not in scalars]
        self.children = [Child(child, places[child.field]) for child in shape.children if child.field in places]
        common = [
            (part, _common(shape, part, same)) for part in shape.parts if part not in parts and part.field != "id"
        ]
        common = [(part, value) for part, value in common if value is not None]
        self.common = tuple(_encoded(part, value, stages) for part, value in common)
        self.said_common = [
            f'"{p.field}":[null,{compact(v)}]'
            for p, v in common
            if p in shape.told and v not in ((), {}) and (p.kind, v) != ("standing", LIVE)
        ]
        kept = (*scalars, *(part for part, _ in self.others), *(part for part, _ in common))
        self.columns = ("id", *(part.column for part in kept), *shape.derived)
        self.own = own if "extra" in places else ()
        self.extra = places.get("extra", 0)
        fixed = {part.field: value for part, value in common}
        self.sealed = [(name, places.get(name), fixed.get(name)) for name in fields_of(shape)]
        self.deriving = [(derive, _values_of(of, places, same)) for derive, of in shape.derived.values()]

    def stored(self, key: int, row: Sequence[Any]) -> Row:
        """The row of the noun's own table, in the order of `columns`."""
        values = [key, *self.scalars(row)]
        for place in self.staged:
            if values[place] is not None:
                values[place] = self.stages[values[place]]
        for part, place in self.others:
            values.append(ENCODE[part.kind](row[place]) if part.kind in ENCODE else row[place])
        return (*values, *self.common, *[derive(*of(row)) for derive, of in self.deriving])

    def below(self, child: "Child", keys: Iterable[int], rows: Iterable[Sequence[Any]]) -> list[Row]:
        """The rows of a child's table, of all parents."""
        place, stages = child.place, self.stages
        return [item for key, row in zip(keys, rows, strict=True) for item in child.stored(key, row[place], stages)]

    def told(self, row: Sequence[Any]) -> str:
        """The changes of the entry that adds it, as JSON text."""
        said = [
            f"{name}{quoted(value) if isinstance(value, str) else value}]"
            for name, value in zip(self.said, self.scalars(row), strict=True)
            if value is not None
        ]
        for part, place in self.others:
            said += _pieces(part, row[place])
        said += self.said_common
        for child in self.children:
            said += child.told(row[child.place])
        return "{" + ",".join(said) + "}"

    def personal(self, row: Sequence[Any]) -> Sealing | None:
        """What is personal in the entry that adds it; None for nothing."""
        made = {
            name: [None, value]
            for name, place, fixed in self.sealed
            if (value := fixed if place is None else row[place]) is not None
        }
        for name in self.own:
            if (value := row[self.extra].get(name)) is not None:
                made[f"extra.{name}"] = [None, value]
        return (list(made), made) if made else None


class Child:
    """Children that are numbered by their place and hold plain values and stages only, such as visits. What an item
    leaves out at its end is blank."""

    def __init__(self, shape: Shape, place: int) -> None:
        self.shape, self.place = shape, place
        self.columns = (shape.links[0], "number", *(part.column for part in shape.told))
        self.staged = [n for n, part in enumerate(shape.told) if part.kind == "stage"]
        self.said = tuple(f'"{part.field}":' for part in shape.told)
        self.blank = (None,) * len(self.said)

    def stored(self, key: int, items: Iterable[Row], stages: Stages) -> list[Row]:
        found = []
        for number, item in enumerate(items, 1):
            values = list(item)
            for place in self.staged:
                values[place] = stages[values[place]]
            found.append((key, number, *values, *self.blank[len(values) :]))
        return found

    def told(self, items: Iterable[Row]) -> list[str]:
        return [f'"{self.shape.field}.{number}":[null,{self._whole(item)}]' for number, item in enumerate(items, 1)]

    def _whole(self, item: Row) -> str:
        pieces = [
            f"{name}{quoted(value) if isinstance(value, str) else value}"
            for name, value in zip(self.said, item, strict=False)
            if value is not None
        ]
        return "{" + ",".join(pieces) + "}"


def _picker(places: list[int]) -> "itemgetter[Any]":
    # With a single place it would give the value itself.
    return itemgetter(*places) if len(places) > 1 else itemgetter(slice(places[0], places[0] + 1))


def _values_of(names: Sequence[str], places: Mapping[str, int], same: Mapping[str, Any]) -> Reader:
    """Reads these fields of a row, or of what is the same for all; those in neither are blank."""
    fixed = [same.get(name) for name in names]
    at = [places.get(name) for name in names]
    return lambda row: [fixed[n] if place is None else row[place] for n, place in enumerate(at)]


def _common(shape: Shape, part: Part, same: Mapping[str, Any]) -> Any:
    if part.field in same:
        return same[part.field]
    blank = default(shape.noun, part.field)
    if blank is MISSING:
        raise TypeError(f"{shape.word} needs {part.field}")
    return blank


def _encoded(part: Part, value: Any, stages: Stages) -> Any:
    if part.kind == "stage":
        return stages[value]
    return ENCODE[part.kind](value) if part.kind in ENCODE else value


def _pieces(part: Part, value: Any) -> list[str]:
    """A list, object or yes/no as the journal says it; nothing where it is empty."""
    if part.kind == "object":
        return [f"{quoted(f'{part.field}.{name}')}:[null,{compact(item)}]" for name, item in value.items()]
    if value is None or value == () or (part.kind, value) == ("standing", LIVE):
        return []
    return [f'"{part.field}":[null,{compact(value)}]']
