"""Conditions in SQL, over terms: what a field is on either engine. Values only ever travel as parameters.

It answers what `oppcli.reads.narrowing` answers row by row: a comparison with an empty field is false, `not`, `!=` and
`not in` are exact complements. A database folds letters in its own way: of `~` the texts there are looked through here.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from oppcli.model.conditions import EMPTINESS, IS_EMPTY, Comparison, Group, Node
from oppcli.model.records import folded
from oppcli.reads.asked_values import Period
from oppcli.reads.asking import Asked
from oppcli.reads.narrowing import OPPOSITE, meets
from oppcli.reads.where import Where
from oppcli.store.doors import ReadDoor, Row
from oppcli.tuples import NamedTuple


class Elsewhere(NamedTuple):
    """Rows whose value is not in the column as it is compared: money in other currencies."""

    key: str
    """What tells the rows apart: `d.id`."""
    values: Callable[[], Sequence[tuple[int, int]]]
    """The rows that can be compared all the same: (key, value in the parts that the term counts)."""


class Term(NamedTuple):
    """What a field is in SQL."""

    sql: str
    scale: int = 1
    """A number is stored in so many parts of one: cents in hundredths."""
    inside: str = "{}"
    """Where the comparison stands: `d.stage_id IN (SELECT id FROM stage WHERE {})`."""
    if_: str = ""
    """What has to hold beside, so that it can be compared at all."""
    texts: str = ""
    """A SELECT of every text of it that is not empty, for `~`."""
    as_list: bool = False
    """A list, as JSON."""
    empty: str = ""
    """When it has no value, where that is not `{sql} IS NULL`."""
    elsewhere: Elsewhere | None = None
    """What is compared where `if_` does not hold."""
    exact: bool = True
    """Whether its numbers are whole ones; else they are compared as the engine holds decimals."""


class Translation:
    """Writes conditions into the clauses of a query. `terms` are asked for by name when they are read."""

    def __init__(self, door: ReadDoor, where: Where, terms: Callable[[str], Term]) -> None:
        self._door, self._where, self._terms = door, where, terms

    def clauses(self, asked: Asked) -> list[str]:
        """A clause for each condition, in brackets."""
        return [f"({self._true(node)})" for node in asked.nodes]

    def silent(self, asked: Asked, clauses: Sequence[str]) -> str:
        """The clause of what these leave out and has no value to compare; nothing where nothing is measured."""
        if not asked.measured:
            return ""
        blank = " OR ".join(self._blank(self._terms(name)) for name in asked.measured)
        met = " AND ".join(f"({clause})" for clause in clauses)
        return f"({met}) IS NOT TRUE AND ({blank})"

    def _true(self, node: Node) -> str:
        """What is true exactly where the condition is; where it is not, false or NULL."""
        if isinstance(node, Group):
            if node.op == "not":
                return f"({self._true(node.parts[0])}) IS NOT TRUE"
            return f" {node.op.upper()} ".join(f"({self._true(part)})" for part in node.parts)
        if node.op in OPPOSITE:
            return f"({self._true(node._replace(op=OPPOSITE[node.op]))}) IS NOT TRUE"
        term = self._terms(node.field)
        if node.op in EMPTINESS:
            blank = self._blank(term)
            return blank if node.op == IS_EMPTY else f"NOT ({blank})"
        compared = term.inside.format(self._compared(node, term))
        if term.elsewhere is None:
            return f"{term.if_} AND {compared}" if term.if_ else compared
        met = [key for key, value in term.elsewhere.values() if meets(node, {node.field: Decimal(value) / term.scale})]
        return f"({term.if_} AND {compared}){self._or_one_of(term.elsewhere.key, met)}"

    def _or_one_of(self, key: str, among: Sequence[int]) -> str:
        return f" OR {self._where.any_of(self._door, key, list(among))}" if among else ""

    def _blank(self, term: Term) -> str:
        """True where there is no value, or none that can be compared; else false, never NULL."""
        blank = term.empty or f"({term.inside.format(f'{term.sql} IS NOT NULL')}) IS NOT TRUE"
        if not term.if_:
            return blank
        blank = f"({blank} OR ({term.if_}) IS NOT TRUE)"
        known = [key for key, _ in term.elsewhere.values()] if term.elsewhere else []
        return (
            f"({blank} AND NOT (1 = 0{self._or_one_of(term.elsewhere.key, known)}))"
            if term.elsewhere and known
            else blank
        )

    def _compared(self, node: Comparison, term: Term) -> str:
        if node.op == "~":
            return self._contains(term, node.value)
        several = isinstance(node.value, tuple) and not isinstance(node.value, Period)
        values = node.value if several else (node.value,)
        op = "==" if node.op == "in" else node.op
        return f"({' OR '.join(self._one(term, op, value) for value in values)})"

    def _one(self, term: Term, op: str, value: Any) -> str:
        if term.as_list:
            return self._has(term, value)
        if isinstance(value, bool):
            yes = f"{term.sql} = 1"
            return yes if value is (op == "==") else f"({yes}) IS NOT TRUE"
        if isinstance(value, Period):
            return self._in_time(term, op, value)
        if isinstance(value, Decimal):
            return self._number(term, op, value)
        return f"{term.sql} = {self._where.name(str(value))}"

    def _in_time(self, term: Term, op: str, period: Period) -> str:
        if op == "==":
            first, last = self._where.name(period.first), self._where.name(period.last)
            return f"{term.sql} BETWEEN {first} AND {last}"
        edge = period.first if op in ("<", ">=") else period.last
        return f"{term.sql} {op} {self._where.name(edge)}"

    def _number(self, term: Term, op: str, value: Decimal) -> str:
        if not term.exact:
            shown: Any = float(value) if self._door.dialect == "sqlite" else value
            return f"{term.sql} {_SIGN.get(op, op)} {self._where.name(shown)}"
        parts = value * term.scale
        whole = parts.to_integral_value(ROUND_CEILING if op in ("<", ">=") else ROUND_FLOOR)
        if op == "==" and whole != parts:
            return "1 = 0"
        bounded = min(max(int(whole), -LARGEST), LARGEST)
        return f"{term.sql} {_SIGN.get(op, op)} {self._where.name(bounded)}"

    def _has(self, term: Term, word: str) -> str:
        """A JSON list of texts has this one: its JSON stands between the others'."""
        import json

        place = "instr" if self._door.dialect == "sqlite" else "strpos"
        quoted = self._where.name(json.dumps(word, ensure_ascii=False))
        return f"{place}({term.sql}, {quoted}) > 0"

    def _contains(self, term: Term, part: str) -> str:
        """One of the texts that there are and that hold the part, whatever its case and width."""
        import json

        wanted = folded(part)
        if not term.as_list:
            texts = [text for (text,) in self._texts(term) if wanted in folded(text)]
            return self._where.any_of(self._door, term.sql, texts)
        words = {word for (text,) in self._texts(term) for word in json.loads(text)}
        held = sorted(word for word in words if wanted in folded(word))
        return f"({' OR '.join(self._has(term, word) for word in held) or '1 = 0'})"

    def _texts(self, term: Term) -> list[Row]:
        return self._door.rows(term.texts, **self._where.params)


LARGEST = 2**63 - 1
_SIGN: Mapping[str, str] = {"==": "="}


def texts_of(table: str, column: str) -> str:
    """A SELECT of every text in a column."""
    return f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL"
