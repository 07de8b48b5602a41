"""Cells as the rows of a break-down: values that are one, the order of rows, gaps of periods, the rest in one row."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from oppcli.model.records import folded
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.reads.breakdown_cells import Cell
from oppcli.reads.breakdown_gathering import Found, Labels
from oppcli.reads.breakdown_keys import Key
from oppcli.tuples import NamedTuple

OTHERS = say("(others)")
Renames = Sequence[Mapping[Any, Any]]
"""Of each key, values that stand with another one."""


class Spread(NamedTuple):
    """Cells by the values of the keys, by those of each key alone, and the whole; each computed from the deals."""

    total: Cell
    cells: Mapping[Labels, Cell]
    margins: Sequence[Mapping[Any, Cell]]
    several: int
    """Deals that stand in several rows, for they have several values of a key."""


def spread(found: Found, keys: Sequence[Key], renames: Renames) -> Spread:
    """What was added up, by what it is called. A deal with several values of a list counts in the row of each, once in
    the total."""
    total, several = Cell(), 0
    cells: dict[Labels, Cell] = defaultdict(Cell)
    margins: list[dict[Any, Cell]] = [defaultdict(Cell) for _ in keys]
    for labels, cell in labelled(found, keys):
        named = [
            tuple(dict.fromkeys(renamed.get(label, label) for label in each))
            for renamed, each in zip(renames, labels, strict=True)
        ]
        total.add(cell)
        combined = list(product(*named))
        several += cell.population if len(combined) > 1 else 0
        for combination in combined:
            cells[combination].add(cell)
        for margin, each in zip(margins, named, strict=True):
            for label in each:
                margin[label].add(cell)
    return Spread(total, cells, margins, several)


def told_apart(founds: Sequence[Found], keys: Sequence[Key]) -> list[Found]:
    """The same, where several of a key that are called alike are told by their numbers, too."""
    names: list[dict[Any, Any]] = [{} for _ in keys]
    for known, key, of in zip(names, keys, zip(*(found.names for found in founds), strict=True), strict=False):
        if key.apart:
            called = {raw: name for each in of for raw, name in each.items() if raw is not None}
            often = Counter(called.values())
            known |= {raw: f"{name} ({ref(key.apart, raw)})" for raw, name in called.items() if often[name] > 1}
    if not any(names):
        return list(founds)
    return [
        found._replace(
            names=[
                {raw: known.get(raw, name) for raw, name in each.items()}
                for known, each in zip(names, found.names, strict=True)
            ]
        )
        for found in founds
    ]


def labelled(found: Found, keys: Sequence[Key]) -> Iterator[tuple[Sequence[Sequence[Any]], Cell]]:
    """Of each cell the values of its keys."""
    for raw, cell in found.cells.items():
        called = (names[value] for names, value in zip(found.names, raw, strict=True))
        yield [key.labels(value) for key, value in zip(keys, called, strict=True)], cell
    yield from found.beside


class Folded(NamedTuple):
    """Values that differ in case and width only."""

    renames: Sequence[dict[Any, Any]]
    deals: int
    """Of which the value is written otherwise than in most."""


def folding(founds: Iterable[Found], keys: Sequence[Key]) -> Folded:
    """Such values by the commonest spelling, of as common ones the first."""
    counts: list[Counter[Any]] = [Counter() for _ in keys]
    for found in founds:
        for labels, cell in labelled(found, keys):
            for count, key, each in zip(counts, keys, labels, strict=True):
                if key.folds:
                    count.update(dict.fromkeys(filter(None, each), cell.population))
    renames: list[dict[Any, Any]] = []
    deals = 0
    for count in counts:
        alike: dict[str, list[str]] = defaultdict(list)
        for label in sorted(count, key=lambda each: (-count[each], each)):
            alike[folded(label).strip()].append(label)
        renames.append({other: first for first, *others in alike.values() for other in others})
        deals += sum(count[other] for other in renames[-1])
    return Folded(renames, deals)


Worth = Callable[[Cell], Any]
"""The first measure of a cell."""


def ranked(margin: Mapping[Any, Cell], worth: Worth) -> list[Any]:
    """The values of a key by the first measure, the largest first, then by name; without one last. What has no value
    is not among them."""
    named = filter(_named, margin)
    return sorted(named, key=lambda label: _by_worth(label, worth(margin[label])))


def _by_worth(label: Any, value: Any) -> tuple[Any, ...]:
    return (value is None, -(value or 0), folded(str(label)), str(label))


def _named(label: Any) -> bool:
    return label is not None and label is not OTHERS


def ordered(key: Key, margin: Mapping[Any, Cell], worth: Worth) -> list[Any]:
    """The values of a key as their rows stand: in its own order, without gaps, else by the first measure; then the
    others, and last what has none."""
    labels = ranked(margin, worth)
    if key.place is not None:
        labels.sort(key=key.place)
    if key.filled is not None and labels:
        labels = key.filled(labels)
    return [*labels, *(each for each in (OTHERS, None) if each in margin)]


def top(margin: Mapping[Any, Cell], worth: Worth, most: int) -> dict[Any, Any]:
    """The values that stand among the others, behind so many of the largest."""
    return dict.fromkeys(ranked(margin, worth)[most:], OTHERS)


def among_others(renames: Mapping[Any, Any], margin: Mapping[Any, Cell], kept: Collection[Any]) -> dict[Any, Any]:
    """The renames of another time, by which all that is not `kept` there stands among the others as well."""
    found = {label: name if name in kept else OTHERS for label, name in renames.items()}
    return found | {label: OTHERS for label in margin if _named(label) and label not in kept and label not in found}


def places(labels: Sequence[Any], margin: Mapping[Any, Cell], worth: Worth) -> dict[Hashable, int]:
    """The rank of each value by the first measure: equal ones share it, the next is skipped."""
    values = {label: worth(margin[label]) for label in labels if _named(label) and label in margin}
    known = sorted((value for value in values.values() if value is not None), reverse=True)
    return {label: known.index(value) + 1 for label, value in values.items() if value is not None}
