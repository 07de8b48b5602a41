"""Rows that meet a condition (`-w "rate > 10 and class = A"`), asked of each row in turn.

A comparison with an empty cell is false, and `not`, `!=` and `not in` are its exact complements, so that a condition
and its opposite add up to all rows; how many rows had nothing to compare is told. The policy's own conditions refuse
them. The same in SQL: `oppcli.reads.translating`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from oppcli.model.conditions import EMPTINESS, Comparison, Node
from oppcli.model.records import folded
from oppcli.model.refs import meant
from oppcli.reads.asked_values import Period
from oppcli.reads.asking import Asked, Asker, told_empty
from oppcli.reads.converting import converter
from oppcli.reads.table import Column, Footnote, Frame, Kind, Row, Table
from oppcli.rules.conditions import COMPARE, empty
from oppcli.rules.exchange import Converter
from oppcli.store.doors import ReadDoor
from oppcli.words.kinds import comparable

OPPOSITE = {"!=": "==", "not in": "in"}
ENDS = ("closed_at", "decided_at")
"""Columns that say when the thing of a row came to its end."""
DAYS = ("on", "last")
"""The column of an instalment's day, and of the last day of a cost."""
FLOATS = (Kind.FRACTION, Kind.DAYS, Kind.HOURS, Kind.NUMBER)


def narrowed(table: Table, texts: Sequence[str], door: ReadDoor, frame: Frame) -> Table:
    """The rows that meet every condition. Refused with every fault of the texts, and for a field that who asks does not
    have."""
    table = table._replace(rows=list(table.rows))
    asked = Asker(door, table.columns, frame, noun=_noun(table)).read(texts)
    kept, left_out = sorted_out(table, asked, converter(door, frame, frame.policy().currency))
    notes: tuple[Footnote, ...] = (*table.notes, *asked.notes, *([told_empty(left_out)] if left_out else []))
    return table._replace(rows=kept, notes=notes)


def _noun(table: Table) -> str:
    """What all rows are of, as the ids in their column `id` tell; nothing where they are of several, or have none."""
    at = next((place for place, column in enumerate(table.columns) if column.name == "id"), None)
    found = {known[0] if (known := meant(str(row[at]))) else "" for row in table.rows} if at is not None else set()
    if not table.rows:
        return "deal"  # whatever it is, no row has it
    return found.pop() if len(found) == 1 else ""


def streamed(table: Table, texts: Sequence[str], door: ReadDoor, frame: Frame) -> Table:
    """Likewise, the rows one by one; how many had nothing to compare is not told."""
    asked = Asker(door, table.columns, frame).read(texts)
    met = _meeting(table.columns, asked, converter(door, frame, frame.policy().currency))
    return table._replace(rows=(row for row in table.rows if met(row)[0]), notes=(*table.notes, *asked.notes))


def sorted_out(table: Table, asked: Asked, by: Converter) -> tuple[list[Row], int]:
    """The rows that meet what is asked, and how many others had nothing to compare."""
    met = _meeting(table.columns, asked, by)
    kept, left_out = list[Row](), 0
    for row in table.rows:
        meets, silent = met(row)
        if meets:
            kept.append(row)
        elif silent:
            left_out += 1
    return kept, left_out


def _meeting(columns: Sequence[Column], asked: Asked, by: Converter) -> Callable[[Row], tuple[bool, bool]]:
    """A row → does it meet the conditions, and has it nothing to compare."""
    cells = {name: _cell(columns, name, asked.kinds[name], by) for name in asked.fields}
    measured = asked.measured

    def met(row: Row) -> tuple[bool, bool]:
        facts = {name: read(row) for name, read in cells.items()}
        return all(meets(node, facts) for node in asked.nodes), any(facts[name] is None for name in measured)

    return met


def _cell(columns: Sequence[Column], name: str, kind: str, by: Converter) -> Callable[[Row], Any]:
    """A row's value as conditions see it; money in another currency is what it was worth when the row came to its end,
    an instalment's on its day, a cost's on its last, and cannot be compared without a rate."""
    places = {column.name: place for place, column in enumerate(columns)}
    at = places[name]
    if columns[at].kind in FLOATS:
        return lambda row: None if row[at] is None else Decimal(str(row[at]))
    if kind in ("instant", "list"):
        return lambda row: row[at]
    if kind != "money":
        return lambda row: comparable(kind, row[at])
    of, ended = places[columns[at].currency], next((places[each] for each in (*ENDS, *DAYS) if each in places), None)
    due = ended is not None and columns[ended].name in DAYS

    def worth(row: Row) -> Any:
        end = None if ended is None else row[ended]
        minor = by.minor(row[at], row[of], by.beginning(end) if due and end is not None else end)
        return comparable(kind, minor, by.to)

    return worth


def meets(node: Node, facts: Mapping[str, Any]) -> bool:
    """Is the condition true of these facts?"""
    if not isinstance(node, Comparison):
        met = (meets(part, facts) for part in node.parts)
        return not next(met) if node.op == "not" else all(met) if node.op == "and" else any(met)
    if node.op in OPPOSITE:
        return not meets(node._replace(op=OPPOSITE[node.op]), facts)
    return _compared(node, facts[node.field])


def _compared(node: Comparison, fact: Any) -> bool:
    if node.op in EMPTINESS:
        return bool(COMPARE[node.op](fact, None))
    if empty(fact):
        return node.value is False and node.op == "=="
    values = node.value if isinstance(node.value, tuple) and not isinstance(node.value, Period) else (node.value,)
    return any(_one(node.op, each, value) for each in _facts(fact) for value in values)


def _facts(fact: Any) -> Iterator[Any]:
    """Each of a list that is asked whether it has something; else the value itself."""
    if isinstance(fact, list | tuple):
        yield from fact
    else:
        yield fact.isoformat() if isinstance(fact, date) else fact


def _one(op: str, fact: Any, value: Any) -> bool:
    if op == "~":
        return folded(value) in folded(str(fact))
    if isinstance(value, Period):
        return _in_time(op, fact, value)
    return bool(COMPARE["==" if op == "in" else op](fact, value))


def _in_time(op: str, fact: Any, period: Period) -> bool:
    if op in ("==", "in"):
        return bool(period.first <= fact <= period.last)
    edge = period.first if op in ("<", ">=") else period.last
    return bool(COMPARE[op](fact, edge))
