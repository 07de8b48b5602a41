"""What lies before the tables while something is read: one view of a table's name, over one source, for each table that
needs it. Where all records count, nothing is put there, and nothing more is asked than which schema there is.

A view is made of conditions; standing gives the first of them. Whatever else decides what is seen adds its own by table
and lets another table be the source, and no read knows of either.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from oppcli.model.nouns import NOUNS, RECORDS, Noun, class_of
from oppcli.model.records import LIVE, STANDINGS
from oppcli.store.doors import View
from oppcli.store.mapping import shape_of
from oppcli.store.patterns import quoted
from oppcli.store.reading import Reading
from oppcli.store.version import ask, compare, require

if TYPE_CHECKING:
    from oppcli.model.sight import Sight

See = Callable[[Reading], "Sight | None"]
"""What is seen through a door by whoever asks; None for everything."""
EVERY: Mapping[str, str] = {}
Conditions = Mapping[str, Sequence[str]]
"""Table → what its rows have to fulfil to be seen."""


def put(door: Reading, shown: str, wanted: Collection[str], me: str = "", sight: See | None = None) -> None:
    """Refuse a database that does not speak this schema, and let the door see only records of these standings, and of
    them what `sight` says that `me` sees. A child is seen as its parent is."""
    hidden, gone, seen = known(door, shown, wanted, me, sight)
    standing = standings(gone, hidden, lambda table: own(door) + table) if gone else {}
    if door.dialect == "sqlite" and seen is not None:
        from oppcli.store.scoped_file import prepared, scoped

        near = not hidden
        conditions, columns = scoped(door, seen, near=near)
        joined = {table: [*standing.get(table, ()), *conditions.get(table, ())] for table in (*standing, *conditions)}
        made = [view.statement for view in views(joined, columns, _as_it_is)]
        door.look_back(lambda: [*prepared(seen, near=near), *made])
        return
    if seen is not None:
        from oppcli.store.scoped_server import told

        door.look_through(list(views(standing, EVERY, str)), told(seen))
    elif standing:
        door.look_through(list(views(standing, EVERY, lambda table: own(door) + table)))


def known(
    door: Reading, shown: str, wanted: Collection[str], me: str, sight: See | None
) -> "tuple[tuple[str, ...], list[str], Sight | None]":
    """What the door learns before anything is put there: the standings that are hidden, the nouns of which some records
    have one of them, and what is seen where that is not everything."""
    hidden = tuple(standing for standing in STANDINGS if standing not in wanted)
    gone = _gone(door, shown, hidden, me)
    door.sight = sight(door) if sight and door.scope is not None else None
    return hidden, gone, None if door.sight is None or door.sight.everything else door.sight


SEVERAL = ", EXISTS (SELECT 1 FROM stage WHERE pipeline IS NOT NULL AND position IS NOT NULL)"


def _gone(door: Reading, shown: str, hidden: Collection[str], me: str) -> list[str]:
    """The nouns of which some records have one of these standings; the door learns whether there are pipelines."""
    asked = "".join(f", EXISTS (SELECT 1 FROM {noun.table} WHERE {having(hidden)})" for noun in _standing())
    answers = ask(door, me, asked + SEVERAL) if hidden else None
    if answers is None:
        if not door.version:
            require(door, shown, me)
        return []
    compare(door.version, shown)
    door.several = bool(answers[-1])
    return [noun.word for noun, some in zip(_standing(), answers[:-1], strict=True) if some]


def views(
    conditions: Conditions, columns: Mapping[str, str], source: Callable[[str], str], suffix: str = ""
) -> Iterator[View]:
    """The views; `columns` are what is selected of a table, where that is not all, `source`
    what stands behind FROM. On PostgreSQL a name in a view means what it meant when the view was made: whoever asks for
    a parent stands before the parent's own view."""
    for table in sorted({*conditions, *columns}, key=_place):
        holds = " AND ".join(f"({condition})" for condition in conditions.get(table, ())) or "1 = 1"
        told = columns.get(table, "*")
        yield View(f"{table}{suffix}", f"SELECT {told} FROM {source(table)} WHERE {holds}")


def _as_it_is(table: str) -> str:
    return f"main.{table}"


def _place(table: str) -> int:
    """Children before parents."""
    return -_tables().index(table)


@cache
def _tables() -> list[str]:
    return [part.table for noun in RECORDS for part in shape_of(class_of(noun)).family]


def _standing() -> tuple[Noun, ...]:
    return tuple(noun for noun in NOUNS if noun.standing)


def own(door: Reading) -> str:
    """How the tables themselves are called, past the views."""
    return "main." if door.dialect == "sqlite" else ""


def having(hidden: Collection[str]) -> str:
    """In the words of the partial index, without which every row would be looked at."""
    return f"standing IN ({quoted(hidden)}) AND standing <> '{LIVE}'"


def standings(
    concerned: Collection[str], hidden: Collection[str], source: Callable[[str], str]
) -> dict[str, list[str]]:
    """What standing asks of each table: of a noun that has one, of what belongs to it, and of the parts of both."""
    found: dict[str, list[str]] = {}
    gone: dict[str, list[str]] = {}
    for noun in NOUNS:
        queries = []
        if noun.word in concerned:
            queries.append(f"SELECT {noun.key} FROM {source(noun.table)} WHERE {having(hidden)}")
            found.setdefault(noun.table, []).append(f"NOT ({having(hidden)})")
        for above in filter(None, (noun.parent, noun.about)):
            for query in gone.get(above, ()):
                link = f"{above}_id"
                queries.append(f"SELECT {noun.key} FROM {source(noun.table)} WHERE {link} IN ({query})")
                found.setdefault(noun.table, []).append(f"{link} IS NULL OR {link} NOT IN ({query})")
        if not queries:
            continue
        gone[noun.word] = queries
        for part in shape_of(class_of(noun)).family[1:]:
            found[part.table] = [f"{part.links[0]} NOT IN ({query})" for query in queries]
    return found
