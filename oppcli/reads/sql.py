"""SQL of one's own over the documented views: what a statement answers, as a table; which views there are."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, count, islice, repeat
from math import isfinite
from typing import Any, Self

from oppcli.errors import Reason, UsageError
from oppcli.model.command import command
from oppcli.model.records import COUNTED
from oppcli.model.said import listed, say
from oppcli.reads import own
from oppcli.reads.sql_views import SqlView, views
from oppcli.reads.table import Column, Kind, Param, Read, Row, Table
from oppcli.store.doors import ReadDoor, SqlDoor
from oppcli.words.spelling import near_words


class Exact(float):
    """A decimal with more digits than a float has: as a text it is told with all of them."""

    digits: str

    def __new__(cls, value: Decimal) -> Self:
        self = super().__new__(cls, value)
        self.digits = f"{value:f}"
        return self

    def __str__(self) -> str:
        return self.digits


VIEWS = (Column("view"), Column("column"), Column("type", title=say("TYPE")))
KINDS = {int: Kind.COUNT, float: Kind.NUMBER, Exact: Kind.NUMBER}
_UNKNOWN = re.compile(r"no such (?:column|table): (\S+)|(?:column|relation) (\S+) does not exist")
"""How either engine says that a name is not there."""
SECONDS = 60
"""How long a statement may take."""
HELD = 100_000
"""Rows of an answer that is told as a whole: a table, a page, a workbook, in an order."""


def _views(door: ReadDoor, currency: str) -> Iterator[SqlView]:
    return views(door.dialect, own.fields(door), currency)


def catalogue(door: ReadDoor, currency: str) -> Table:
    """Every column of every view."""
    rows = [(view.name, each.name, each.kind) for view in _views(door, currency) for each in view.columns]
    return Table(VIEWS, rows, title=say("Views"))


def asked(door: SqlDoor, statement: str, values: dict[str, Any], currency: str) -> Table:
    """What the statement answers over the views, which are made for it: its rows come while they are told. Refused with
    what the database says of it, and where it takes longer than a minute."""
    known = list(_views(door, currency))
    door.look_through([view.made for view in known])
    try:
        names, rows = door.asked(statement, values, SECONDS)
    except UsageError as error:
        _mend(error, known)
        raise
    return Table(_columns(names, ()), (tuple(map(_told, row)) for row in rows), title=say("SQL"))


def _mend(error: UsageError, known: Sequence[SqlView]) -> None:
    """Tell the near name of a column or view that is not there, and where all of them are told."""
    found = _UNKNOWN.search(str(error.message))
    if found is None:
        return
    name = next(filter(None, found.groups())).rpartition(".")[2].strip('"')
    of_a_column = "column" in found[0]
    names = {each.name for view in known for each in (view.columns if of_a_column else (view,))}
    if near := near_words(name, sorted(names)):
        error.reasons = (Reason(name, say("did you mean {near}?", near=near[0])),)
    error.hint = command("sql", "--views")


STREAMED = ("csv", "tsv", "json", "jsonl", "ids")
"""Formats that are told row by row, whatever is in a column."""


def held(table: Table, wanted: int | None) -> Table:
    """The same for a format that has to know what is in a column, or in what order: the rows that are `wanted`, or all.
    Refused for more than `HELD`."""
    most = HELD if wanted is None or wanted > HELD else wanted
    rows = iter(table.rows)
    kept = list(islice(rows, most))
    columns = _columns([column.name for column in table.columns], kept)
    if most == wanted:
        # The others are counted, and never looked at.
        left = sum(1 for _ in rows)
        return table._replace(columns=columns, rows=chain(kept, repeat((None,) * len(columns), left)))
    if next(rows, None) is not None:
        said = say("the answer has more than {n:,} rows; only {formats} tell so many", n=HELD, formats=listed(STREAMED))
        raise UsageError(said, hint=say("{csv} writes them one by one", csv="-o csv"))
    return table._replace(columns=columns, rows=kept)


def _told(value: Any) -> Any:
    """A value as every format can tell it. A decimal that is a whole number is one; what is no number, text or nothing
    is a text: an instant, bytes, an array."""
    if value is None or isinstance(value, int | str):
        return value
    if isinstance(value, Decimal) and value.is_finite():
        return int(value) if value == value.to_integral_value() else _decimal(value)
    if isinstance(value, float) and isfinite(value):
        return int(value) if value.is_integer() else value
    if isinstance(value, list | dict):
        import json

        return json.dumps(value, ensure_ascii=False, default=str)
    return value.hex() if isinstance(value, bytes) else str(value)


def _decimal(value: Decimal) -> float:
    short = float(value)
    return short if Decimal(str(short)) == value else Exact(value)


def _columns(names: Sequence[str], rows: Sequence[Row]) -> tuple[Column, ...]:
    """A column for each, told apart where two are called alike, of the kind of its values."""
    told: list[str] = []
    for name in names:
        others = (f"{name}_{n}" for n in count(2))
        told.append(next(each for each in chain((name,), others) if each not in told))
    return tuple(Column(name, _kind(row[place] for row in rows)) for place, name in enumerate(told))


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
