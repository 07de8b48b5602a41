"""What people read of one thing in place of its fields line by line: a card, and the command that shows any thing."""

from collections.abc import Mapping, Sequence
from typing import Any

from oppcli.model.deals import DECIDERS
from oppcli.model.policy import Policy
from oppcli.model.records import ANY
from oppcli.model.said import say
from oppcli.reads.table import NEEDED, Column, Param, Picture, Read, Table
from oppcli.tuples import NamedTuple

THINGS = say("Things")


class Block(NamedTuple):
    """Lines that belong together, each in cells that stand below one another where there is room."""

    title: str
    """Above them; nothing where none is needed."""
    rows: tuple[tuple[str, ...], ...]
    texts: bool = False
    """Each row is one text, and stands at the margin."""


class Card(NamedTuple):
    """How one row is told: some of its columns in groups, and blocks of what belongs to it."""

    head: str
    groups: tuple[tuple[str, ...], ...] = ()
    """Names of columns; each group is a block, of those that have a value."""
    left_out: frozenset[str] = frozenset()
    """Columns that are not told; all others are told behind the groups."""
    said: tuple[tuple[str, str], ...] = ()
    """Column → what is told in place of its value."""
    blocks: tuple[Block, ...] = ()


def told_on(given: Mapping[str, Any]) -> bool:
    """Whether one thing is told as a card under the flags that were typed: not to programs, nor where columns are asked
    for."""
    return given.get("output") in ("table", "plain") and not given.get("columns")


def carded(table: Table, *cards: Card) -> Table:
    """The table as people read it, a card for each of its rows."""
    return table._replace(picture=Picture("card", {"cards": cards}, ("table", "plain")))


def cards(table: Table) -> tuple[Card, ...]:
    """The cards of a table that has some."""
    found: tuple[Card, ...] = table.picture.asked["cards"] if table.picture is not None else ()
    return found


def together(tables: Sequence[Table], title: str = THINGS) -> Table:
    """Several things as one table: the columns of all, those that a thing does not have without a value, and the lines
    around them; people read their cards."""
    columns: dict[str, Column] = {}
    for column in (column for table in tables for column in table.columns):
        columns.setdefault(column.name, column)
    rows = []
    for table in tables:
        names = [column.name for column in table.columns]
        for row in table.rows:
            values = dict(zip(names, row, strict=True))
            rows.append(tuple(values.get(name) for name in columns))
    made = Table(
        tuple(columns.values()),
        rows,
        title=title,
        notes=tuple(note for table in tables for note in table.notes),
        above=tuple(line for table in tables for line in table.above),
        below=tuple(line for table in tables for line in table.below),
        exact=any(table.exact for table in tables),
        records=any(table.records for table in tables),
    )
    found = [card for table in tables for card in cards(table)]
    return carded(made, *found) if found else made


READS = (
    Read(
        path="show",
        narrows=False,
        title=THINGS,
        help="Whatever a reference names: what is set of it, what it needs to go on, what belongs to it",
        columns=(),
        params=(
            Param(
                "ref",
                "D-142, R-31, C-9, X-4, e311, user:wang, or the words of a deal; several; - for those on stdin",
                default=NEEDED,
                place=True,
                many=True,
                metavar="REF...",
                key="refs",
            ),
        ),
        standing=ANY,
        examples=(
            "opp show D-142",
            "opp show R-31 C-9",
            "opp show D-142 -o json | jq .visits",
            "opp deal list --stage Quote --ids | opp show -",
        ),
    ),
)


def nobody_decides(policy: Policy) -> str:
    """`no 决策人 yet`, in the words of the team's language."""
    return say("no {role} yet", role=DECIDERS[0] if policy.spoken == "zh" else DECIDERS[1])
