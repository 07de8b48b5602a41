"""Exchange rates as a table."""

from collections.abc import Mapping
from typing import Any

from oppcli.model.said import say
from oppcli.reads.table import Column, Frame, Kind, Param, Read, Table, ranked
from oppcli.reads.where import Where
from oppcli.store.doors import ReadDoor
from oppcli.store.reading import TAKEN

COLUMNS = ranked(
    (
        Column("base", Kind.REF),
        Column("currency", Kind.REF),
        Column("day", Kind.DATE),
        Column("rate"),
        Column("created_by", Kind.REF),
        Column("created_at", Kind.INSTANT),
    ),
    "base currency day rate 1, created_by created_at 3",
)


def listing(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row for each rate, by pair, the newest first; with `on` that of each pair which counts on that day."""
    where = Where(f"r.{TAKEN}")
    if args.get("of"):
        name = where.name(args["of"])
        where.clauses.append(f"(r.base = {name} OR r.currency = {name})")
    day = args.get("on")
    if day is not None:
        name = where.name(day)
        newest = "SELECT max(n.day) FROM rate n WHERE n.base = r.base AND n.currency = r.currency"
        where.clauses.append(f"r.day = ({newest} AND n.{TAKEN} AND n.day <= {name})")
    names = ", ".join(f"r.{column.name}" for column in COLUMNS)
    rows = door.rows(f"SELECT {names} FROM rate r {where.sql} ORDER BY r.base, r.currency, r.day DESC", **where.params)
    return Table(COLUMNS, list(rows), READ.title)


READ = Read(
    path="rate list",
    title=say("Exchange rates"),
    help="What one BASE is in CURRENCY from a day on",
    columns=COLUMNS,
    build=listing,
    params=(
        Param("of", "of this currency, on either side", "currency"),
        Param("on", "those that count on this day", "date"),
    ),
    examples=("opp rate list --of EUR", "opp rate list --on 2026-10-30 --csv"),
)
READS = (READ,)
