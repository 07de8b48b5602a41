"""Costs of sources as a table."""

from collections.abc import Mapping
from typing import Any

from oppcli.model.said import say
from oppcli.reads.table import Column, Frame, Kind, Param, Read, Table, ranked
from oppcli.reads.where import Where
from oppcli.store.doors import ReadDoor
from oppcli.store.reading import TAKEN

COLUMNS = ranked(
    (
        Column("source"),
        Column("first", Kind.DATE, title=say("FIRST DAY")),
        Column("last", Kind.DATE, title=say("LAST DAY")),
        Column("amount", Kind.MONEY),
        Column("currency", wide=False),
        Column("created_by", Kind.REF),
        Column("created_at", Kind.INSTANT),
    ),
    "source first last amount 1, created_by created_at 3",
)


def listing(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row for each cost, the newest period first."""
    where = Where(f"c.{TAKEN}")
    where.among("c.source", *(args.get("source") or ((), ())))
    names = ", ".join(f"c.{column.name}" for column in COLUMNS)
    rows = door.rows(f"SELECT {names} FROM cost c {where.sql} ORDER BY c.first DESC, c.source, c.id", **where.params)
    return Table(COLUMNS, list(rows), READ.title)


READ = Read(
    path="cost list",
    title=say("Costs of sources"),
    help="What was spent on each source from a day to another, both included",
    columns=COLUMNS,
    build=listing,
    params=(Param("source", "of this source; !x excludes", "source", many=True),),
    examples=("opp cost list", "opp cost list --source fair --csv"),
)
READS = (READ,)
