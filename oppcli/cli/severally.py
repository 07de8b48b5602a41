"""A read of several things: each is read as if it were named alone, and all are told together in that order."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from oppcli.cli.batch import logins, once, things
from oppcli.model.refs import ref
from oppcli.reads.cards import together
from oppcli.reads.table import Column, Kind, Param, Read, Table

if TYPE_CHECKING:
    from oppcli.cli.context import Context
    from oppcli.cli.output import Answer


def wanted(opp: "Context", param: Param, typed: Sequence[str]) -> list[str]:
    """What was named, each once."""
    if param.each == "deal":
        return once(opp, things(typed), param.each, ids_only=False)
    return once(opp, logins(typed) if param.each == "user" else typed, param.each, ids_only=False)


def read_each(
    opp: "Context", read: Read, param: Param, texts: Sequence[str], one: "Callable[[str], Answer]"
) -> "Answer":
    """The answers as one table, and the highest of their codes. Lists say in a first column whose rows they are, as the
    key of a grouping does. Refused where one of the things is."""
    answers = [one(text) for text in texts]
    pairs = [(answer, 0) if isinstance(answer, Table) else answer for answer in answers]
    tables = [table for table, _ in pairs]
    if not all(table.single for table in tables) or not tables:
        keys = [_called(opp, param, text) for text in texts]
        tables = [_keyed(table, param.word, key) for table, key in zip(tables, keys, strict=True)]
    made = together(tables, read.title) if tables else Table(read.columns, [], title=read.title)
    return made, max((code for _, code in pairs), default=0)


def _called(opp: "Context", param: Param, text: str) -> str:
    """The id of what a text stands for."""
    if param.each != "deal":
        return text
    from oppcli.actions import find

    with opp.read() as door:
        return ref("deal", find.deal(door, text).id)


def _keyed(table: Table, key: str, value: str) -> Table:
    """The rows with whose they are in front, unless a column says so already."""
    if any(column.name == key for column in table.columns):
        return table
    return table._replace(
        columns=(Column(key, Kind.REF), *table.columns), rows=[(value, *row) for row in table.rows], picture=None
    )
