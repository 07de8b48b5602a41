"""Rows that meet a condition (`-w "rate > 10 and class == 'A'"`): the policy's language over the columns of a read.

A comparison with an empty cell is false, and `not`, `!=` and `not in` are its exact complements, so that a condition
and its opposite add up to all rows; how many rows had nothing to compare is told. The policy's own conditions refuse
them.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from oppcli.errors import NotAllowed, Reason, UsageError
from oppcli.model.policy import Policy
from oppcli.model.said import listed, say
from oppcli.reads.table import Column, Footnote, Frame, Kind, Row, Table
from oppcli.rules.conditions import COMPARE
from oppcli.rules.fields import fields
from oppcli.rules.syntax import Comparison, Node, comparisons, syntax
from oppcli.words.kinds import comparable

KINDS = {
    Kind.TEXT: "text",
    Kind.REF: "text",
    Kind.COUNT: "int",
    Kind.NUMBER: "number",
    Kind.PERCENT: "percent",
    Kind.MONEY: "money",
    Kind.BOOL: "bool",
    Kind.DATE: "date",
}
"""Columns that can be compared, and as what."""
OPPOSITE = {"!=": "==", "not in": "in"}


def narrowed(table: Table, texts: Sequence[str], policy: Policy, frame: Frame | None = None) -> Table:
    """The rows that meet every condition. Refused with every fault of the texts, and for a field that who asks does not
    have."""
    kinds = {column.name: KINDS[column.kind] for column in table.columns if column.kind in KINDS}
    nodes = [_read(text, kinds, policy) for text in texts]
    asked = {each.field for node in nodes for each in comparisons(node)}
    if frame is not None and (gone := sorted(asked & set(frame.hidden))):
        raise NotAllowed(say("{login} does not have the field {names}", login=frame.actor, names=listed(gone)))
    cells = {name: _cell(table.columns, name, kinds[name], policy.currency) for name in asked}
    kept, empty = list[Row](), 0
    for row in table.rows:
        facts = {name: read(row) for name, read in cells.items()}
        if all(_meets(node, facts) for node in nodes):
            kept.append(row)
        elif any(value is None and kinds[name] != "bool" for name, value in facts.items()):
            empty += 1
    told = say("{n} {n:row|rows} without a value to compare left out", n=empty)
    notes = (*table.notes, Footnote("empty", empty, told)) if empty else table.notes
    return table._replace(rows=kept, notes=notes)


def _read(text: str, kinds: Mapping[str, str], policy: Policy) -> Node:
    from oppcli.rules.faults import faults

    choices = {name: field.values for name, field in fields(policy).items() if field.values}
    found = faults(text, kinds, choices)
    if found or text.strip() == "always":
        reasons = tuple(Reason(say("column {n}", n=fault.column), fault.message) for fault in found)
        raise UsageError(say("the condition {text!r} cannot be used", text=text), reasons=reasons)
    return syntax(text)


def _cell(columns: Sequence[Column], name: str, kind: str, currency: str) -> Callable[[Row], Any]:
    """A row's value as conditions see it; money in another currency than the policy's cannot be compared."""
    places = {column.name: place for place, column in enumerate(columns)}
    at = places[name]
    if kind != "money":
        return lambda row: comparable(kind, row[at])
    of = places[columns[at].currency]
    return lambda row: comparable(kind, row[at], currency) if row[of] == currency else None


def _meets(node: Node, facts: Mapping[str, Any]) -> bool:
    if not isinstance(node, Comparison):
        met = (_meets(part, facts) for part in node.parts)
        return not next(met) if node.op == "not" else all(met) if node.op == "and" else any(met)
    if node.op in OPPOSITE:
        return not _meets(node._replace(op=OPPOSITE[node.op]), facts)
    fact = facts[node.field]
    if fact is None:
        return node.value is False and node.op == "=="
    return bool(COMPARE[node.op](fact.isoformat() if isinstance(fact, date) else fact, node.value))
