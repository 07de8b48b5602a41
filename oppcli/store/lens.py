"""What lies before the tables while something is read: one view of a table's name, over one source, for each table that
needs it. Where all records count, nothing is put there, and nothing more is asked than which schema there is.

A view is made of conditions; standing gives the first of them. Whatever else decides what is seen adds its own by table
and lets another table be the source, and no read knows of either.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from oppcli.errors import OppError
from oppcli.model.nouns import NOUNS, Noun, class_of
from oppcli.model.records import LIVE, STANDINGS
from oppcli.store.mapping import shape_of
from oppcli.store.reading import Reading
from oppcli.store.version import compare, require

Conditions = Mapping[str, Sequence[str]]
"""Table → what its rows have to fulfil to be seen."""


def put(door: Reading, shown: str, wanted: Collection[str]) -> None:
    """Refuse a database that does not speak this schema, and let the door see only records of these standings. A child
    is seen as its parent is."""
    hidden = tuple(standing for standing in STANDINGS if standing not in wanted)
    if not hidden:
        require(door, shown)
        return
    asked = ", ".join(f"EXISTS (SELECT 1 FROM {noun.table} WHERE {_is(hidden)})" for noun in _standing())
    try:
        row = door.one(f"SELECT version_num, {asked} FROM alembic_version")
    except OppError:  # an older schema, or none: the careful way says which
        door.afresh()
        row = None
    if row is None:
        require(door, shown)
        return
    compare(str(row[0]), shown)
    concerned = [noun.word for noun, some in zip(_standing(), row[1:], strict=True) if some]
    if concerned:
        door.look_through(list(views(door.dialect, _standings(concerned, hidden, _own(door)))))


def views(dialect: str, conditions: Conditions) -> Iterator[str]:
    """The statements that make the views. On PostgreSQL a name in a view means what it meant when the view was made:
    whoever asks for a parent stands before the parent's own view."""
    own = "main." if dialect == "sqlite" else ""
    for table in sorted(conditions, key=_place):
        holds = " AND ".join(f"({condition})" for condition in conditions[table])
        yield f"CREATE TEMPORARY VIEW {table} AS SELECT * FROM {own}{table} WHERE {holds}"


def _place(table: str) -> int:
    """Children before parents."""
    return -_tables().index(table)


def _tables() -> list[str]:
    return [part.table for noun in NOUNS for part in shape_of(class_of(noun)).family]


def _standing() -> tuple[Noun, ...]:
    return tuple(noun for noun in NOUNS if noun.standing)


def _own(door: Reading) -> str:
    """How the tables themselves are called, past the views."""
    return "main." if door.dialect == "sqlite" else ""


def _is(hidden: Collection[str]) -> str:
    """In the words of the partial index, without which every row would be looked at."""
    listed = ", ".join(f"'{standing}'" for standing in hidden)
    return f"standing IN ({listed}) AND standing <> '{LIVE}'"


def _standings(concerned: Collection[str], hidden: Collection[str], own: str) -> dict[str, list[str]]:
    """What standing asks of each table: of a noun that has one, of what belongs to it, and of the parts of both."""
    found: dict[str, list[str]] = {}
    gone: dict[str, list[str]] = {}
    for noun in NOUNS:
        queries = []
        if noun.word in concerned:
            queries.append(f"SELECT {noun.key} FROM {own}{noun.table} WHERE {_is(hidden)}")
            found.setdefault(noun.table, []).append(f"NOT ({_is(hidden)})")
        above = noun.parent or noun.about
        for query in gone.get(above, ()):
            link = f"{above}_id"
            queries.append(f"SELECT {noun.key} FROM {own}{noun.table} WHERE {link} IN ({query})")
            found.setdefault(noun.table, []).append(f"{link} IS NULL OR {link} NOT IN ({query})")
        if not queries:
            continue
        gone[noun.word] = queries
        for part in shape_of(class_of(noun)).family[1:]:
            found[part.table] = [f"{part.links[0]} NOT IN ({query})" for query in queries]
    return found
