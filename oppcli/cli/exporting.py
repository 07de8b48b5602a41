"""The rows of an export while its door is open."""

from collections.abc import Callable, Mapping
from typing import Any

from oppcli.cli.context import Context
from oppcli.errors import UsageError
from oppcli.model.records import ANY
from oppcli.model.said import say
from oppcli.reads.table import Read, Table
from oppcli.store.doors import ReadDoor

Answered = Callable[[Context, Read, ReadDoor, dict[str, Any]], Table]


def exported(opp: Context, read: Read, typed: dict[str, Any], answered: Answered) -> Table:
    """The rows; under a scope an entry tells of them first. Refused for another format than jsonl, and for columns,
    where they are objects of many kinds."""
    standing = read.standing
    if of_objects(read, typed):
        standing = ANY
        if opp.given["output"] != "jsonl":
            said = say("objects of many kinds have no columns: -o jsonl, not {format}", format=opp.given["output"])
            raise UsageError(said)
        if opp.given["columns"] or opp.given["sort"]:
            raise UsageError(say("objects of many kinds have no columns"))
    door = opp.still.enter_context(opp.read(standing))
    if opp.sight is None:
        return answered(opp, read, door, typed)
    from oppcli.cli.seeing import note_export

    table = answered(opp, read, door, typed)
    rows = sum(1 for _ in table.rows)
    opp.still.close()  # a writer waits for readers
    note_export(opp, read.path, typed, table, rows)
    return answered(opp, read, opp.still.enter_context(opp.read(standing)), typed)


def of_objects(read: Read, typed: Mapping[str, Any], end: str = "") -> bool:
    """Whether the rows of the answer are whole objects."""
    return bool(read.lines) and typed[f"{read.params[0].word}{end}"] == read.lines
