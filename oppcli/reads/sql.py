"""SQL of one's own over the documented views: what a statement answers, as a table; which views there are."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from math import isfinite
from typing import Any

from oppcli.model.records import COUNTED
from oppcli.model.said import say
from oppcli.reads import own
from oppcli.reads.sql_views import SqlView, views
from oppcli.reads.table import Column, Kind, Param, Read, Row, Table
from oppcli.store.doors import ReadDoor, SqlDoor

VIEWS = (Column("view"), Column("column"), Column("type", title=say("TYPE")))
KINDS = {int: Kind.COUNT, float: Kind.NUMBER, Decimal: Kind.NUMBER}
SECONDS = 60
"""How long a statement may take."""


def _views(door: ReadDoor, currency: str) -> Iterator[SqlView]:
    return views(door.dialect, own.fields(door), currency)


def listed(door: ReadDoor, currency: str) -> Table:
    """Every column of every view."""
    rows = [(view.name, each.name, each.kind) for view in _views(door, currency) for each in view.columns]
    return Table(VIEWS, rows, title=say("Views"))


def answered(door: SqlDoor, statement: str, values: dict[str, Any], currency: str) -> Table:
    """What the statement answers over the views, which are made for it. Refused with what the database says of it, and
    where it takes longer than a minute."""
    door.look_through([view.statement for view in _views(door, currency)])
    names, rows = door.asked(statement, values, SECONDS)
    rows = [tuple(map(_whole, row)) for row in rows]
    return Table(_columns(names, rows), rows, title=say("SQL"))


def _whole(value: Any) -> Any:
    """A decimal that is a whole number is told as one, and one that is no number as a text."""
    if isinstance(value, float | Decimal) and not isfinite(value):
        return str(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _columns(names: Sequence[str], rows: Sequence[Row]) -> tuple[Column, ...]:
    """A column for each, told apart where two are called alike, of the kind of its values."""
    seen: dict[str, int] = {}
    made = []
    for place, name in enumerate(names):
        seen[name] = seen.get(name, 0) + 1
        told = name if seen[name] == 1 else f"{name}_{seen[name]}"
        made.append(Column(told, _kind(row[place] for row in rows)))
    return tuple(made)


def _kind(values: Iterable[Any]) -> Kind:
    kinds = {KINDS.get(type(value), Kind.TEXT) for value in values if value is not None}
    return kinds.pop() if len(kinds) == 1 else Kind.NUMBER if kinds == {Kind.COUNT, Kind.NUMBER} else Kind.TEXT


READ = Read(
    path="sql",
    title=say("SQL"),
    help="Ask the documented views in SQL: one statement that reads, in a minute at most",
    columns=(),
    standing=COUNTED,
    narrows=False,
    params=(
        Param("query", "a SELECT, or - to read it from standard input", place=True, metavar="QUERY|-"),
        Param("param", "a value for :NAME in it; :now and :me are there", many=True, short="-p", metavar="NAME=VALUE"),
        Param("views", "what can be asked: every view with its columns", "flag"),
    ),
    whole=say("ask in SQL"),
    examples=(
        "opp sql 'select stage, count(*), sum(amount) from deals group by 1'",
        "opp sql -p since=2026-01-01 'select * from stays where entered_at >= :since' --csv",
        "opp sql --views",
    ),
)
READS = (READ,)
