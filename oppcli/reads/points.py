"""Points as a table: every entry of the ledger, and what they come to."""

from collections.abc import Mapping
from typing import Any

from oppcli.model.said import say
from oppcli.reads.periods import edges
from oppcli.reads.table import Column, Frame, Kind, Param, Read, Table, ranked
from oppcli.reads.where import Where
from oppcli.store.doors import ReadDoor

COLUMNS = ranked(
    (
        Column("login", Kind.REF, title=say("OF WHOM")),
        Column("points", Kind.COUNT),
        Column("kind"),
        Column("reason", cut=True),
        Column("given_by", Kind.REF),
        Column("given_at", Kind.INSTANT),
    ),
    "login points kind 1, reason 2, given_by given_at 3",
)


def listing(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """Every entry, the newest first; the total is what they come to."""
    where = Where()
    where.among("p.login", *(args.get("who") or ((), ())))
    where.equals("p.kind", args.get("kind") or None)
    if args.get("period") is not None:
        where.within("p.given_at", *edges(args["period"], frame.tz))
    names = ", ".join(f"p.{column.name}" for column in COLUMNS)
    rows = list(
        door.rows(f"SELECT {names} FROM point p {where.sql} ORDER BY p.given_at DESC, p.id DESC", **where.params)
    )
    whole = sum(row[1] for row in rows)
    summed = (say("{n:,} {n:point|points} in all", n=whole),) if rows else ()
    return Table(COLUMNS, rows, READ.title, total={"points": whole}, summed=summed)


READ = Read(
    path="points list",
    title=say("Points"),
    help="Which points people were given, by whom and why",
    columns=COLUMNS,
    build=listing,
    params=(
        Param("who", "of this person; !x excludes", "user", many=True),
        Param("kind", "for this", metavar="K"),
        Param("period", "given in it: 2026-11 2026Q4 this-month", "period", metavar="P"),
    ),
    examples=("opp points list", "opp points list --who lea --period 2026Q4 --csv"),
)
READS = (READ,)
