"""Rows of one kind that never become nouns: what of them goes to which table, and the text of their journal entries.

For imports. A noun of forty fields takes longer to make, read and take apart again than its dozen values take to store.
Rows are turned into columns: what a value becomes is worked out once for all rows of a chunk that have it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import chain, islice, repeat, zip_longest
from json.encoder import encode_basestring as quoted
from typing import Any, Protocol

from oppcli.model.digest import expect_much
from oppcli.model.noun import MISSING, default
from oppcli.model.records import LIVE
from oppcli.store.doors import Row
from oppcli.store.mapping import ENCODE, Part, Shape, Stages, compact
from oppcli.store.seals import NOTHING, Sealing, fields_of, inside, objects_of

Column = Sequence[Any]
"""The values of one field in all rows."""
Reader = Callable[[Sequence[Column]], list[Iterable[Any]]]


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
            columns = list(zip(*rows, strict=True))
            door._insert(plan.shape.table, plan.columns, plan.stored(keys, columns))
            for child in plan.children:
                below = child.stored(keys, columns[child.place], plan.stages)
                if below:
                    door._insert(child.shape.table, child.columns, below)
            told = zip(keys, plan.told(columns), map(plan.personal, rows), strict=True)
            door.tell_many("create", plan.shape.word, told)
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
        self.scalars = [(part, places[part.field]) for part in scalars]
        self.others = [(part, places[part.field]) for part in parts if part not in scalars]
        self.children = [Child(child, places[child.field]) for child in shape.children if child.field in places]
        common = [
            (part, _common(shape, part, same)) for part in shape.parts if part not in parts and part.field != "id"
        ]
        common = [(part, value) for part, value in common if value is not None]
        self.common = tuple(_encoded(part, value, stages) for part, value in common)
        self.said_common = ",".join(
            f'"{p.field}":[null,{compact(v)}]'
            for p, v in common
            if p in shape.told and v not in ((), {}) and (p.kind, v) != ("standing", LIVE)
        )
        kept = (*scalars, *(part for part, _ in self.others), *(part for part, _ in common))
        self.columns = ("id", *(part.column for part in kept), *shape.derived)
        self.own = own if "extra" in places else ()
        self.extra = places.get("extra", 0)
        fixed = {part.field: value for part, value in common}
        self.sealed = [(name, places.get(name), fixed.get(name)) for name in fields_of(shape)]
        self.objects = [(name, places[name]) for name in objects_of(shape) if name in places]
        self.deriving = [(derive, _values_of(of, places, same)) for derive, of in shape.derived.values()]

    def stored(self, keys: range, columns: Sequence[Column]) -> list[Row]:
        """The rows of the noun's own table, in the order of `columns`."""
        stages, found = self.stages, list[Iterable[Any]]([keys])
        for part, place in self.scalars:
            found.append(_staged(columns[place], stages) if part.kind == "stage" else columns[place])
        for part, place in self.others:
            found.append(map(ENCODE[part.kind], columns[place]) if part.kind in ENCODE else columns[place])
        found += map(repeat, self.common)
        found += [map(derive, *of(columns)) for derive, of in self.deriving]
        return list(zip(*found))  # noqa: B905 - what all rows have in common has no end

    def told(self, columns: Sequence[Column]) -> Iterator[str]:
        """The changes of the entries that add them, as JSON texts."""
        said: list[Iterable[str]] = [
            _each(f'"{part.field}":[null,', columns[place], "]") for part, place in self.scalars
        ]
        said += [[_pieces(part, value) for value in columns[place]] for part, place in self.others]
        said.append(repeat(self.said_common))
        said += [child.told(columns[child.place]) for child in self.children]
        return ("{" + ",".join(filter(None, pieces)) + "}" for pieces in zip(*said))  # noqa: B905 - the same

    def personal(self, row: Sequence[Any]) -> Sealing | None:
        """What is personal in the entry that adds it; None for nothing."""
        made = {
            name: [None, list(value) if isinstance(value, tuple) else value]
            for name, place, fixed in self.sealed
            if (value := fixed if place is None else row[place]) not in NOTHING
        }
        for name, place in self.objects:
            made |= inside(name, row[place])
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
        self.said = tuple(f'"{part.field}":' for part in shape.told)
        self.kinds = tuple(part.kind for part in shape.told)

    def stored(self, keys: Iterable[int], rows: Sequence[Sequence[Row]], stages: Stages) -> list[Row]:
        """The rows of its table, of all parents."""
        of = [(key, number) for key, items in zip(keys, rows, strict=True) for number in range(1, len(items) + 1)]
        found = [
            _staged(values, stages) if kind == "stage" else values
            for kind, values in zip(self.kinds, self._columns(rows), strict=True)
        ]
        return [(*one, *values) for one, values in zip(of, zip(*found, strict=True), strict=True)]

    def told(self, rows: Sequence[Sequence[Row]]) -> Iterator[str]:
        """What of its parents' entries tells it; nothing where there are none."""
        said = [_each(name, values, "") for name, values in zip(self.said, self._columns(rows), strict=True)]
        wholes = ("{" + ",".join(filter(None, pieces)) + "}" for pieces in zip(*said, strict=True))
        name = self.shape.field
        for items in rows:
            numbered = enumerate(islice(wholes, len(items)), 1)
            yield ",".join([f'"{name}.{number}":[null,{whole}]' for number, whole in numbered])

    def _columns(self, rows: Sequence[Sequence[Row]]) -> list[Column]:
        """All items of all parents, by field."""
        blank = (None,) * len(self.said)
        return [values[1:] for values in zip_longest(blank, *chain.from_iterable(rows))]


def _each(before: str, values: Column, after: str) -> Iterator[str]:
    """What each text or number of a column is told as, between the same two; nothing for one that is blank."""
    said = {
        value: f"{before}{quoted(value) if isinstance(value, str) else value}{after}" if value is not None else ""
        for value in set(values)
    }
    return map(said.__getitem__, values)


def _staged(values: Column, stages: Stages) -> Iterator[int | None]:
    """The numbers of the stages of a column."""
    numbers = {name: None if name is None else stages[name] for name in set(values)}
    return map(numbers.__getitem__, values)


def _values_of(names: Sequence[str], places: Mapping[str, int], same: Mapping[str, Any]) -> Reader:
    """Reads these fields of all rows, or of what is the same for all; those in neither are blank."""
    fixed = [same.get(name) for name in names]
    at = [places.get(name) for name in names]
    return lambda columns: [repeat(fixed[n]) if place is None else columns[place] for n, place in enumerate(at)]


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


def _pieces(part: Part, value: Any) -> str:
    """A list, object or yes/no as the journal says it; nothing where it is empty."""
    if part.kind == "object":
        return ",".join([f"{quoted(f'{part.field}.{name}')}:[null,{compact(item)}]" for name, item in value.items()])
    if value is None or value == () or (part.kind, value) == ("standing", LIVE):
        return ""
    return f'"{part.field}":[null,{compact(value)}]'
