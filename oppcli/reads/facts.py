"""What is known of customers as a table: the fact that counts of each name, or all that was ever said."""

from collections.abc import Mapping
from typing import Any

from oppcli.model.facts import COUNTS, OVER, REPLACED, FactRule
from oppcli.model.records import COUNTED
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.reads.hours import business_day
from oppcli.reads.table import Column, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.reads.where import Where
from oppcli.rules import known
from oppcli.store.doors import ReadDoor

COLUMNS = ranked(
    (
        Column("id", Kind.REF, wide=False),
        Column("customer", cut=True),
        Column("name", Kind.REF),
        Column("title", cut=True, wide=False),
        Column("value"),
        Column("currency"),
        Column("as_of", Kind.DATE, title=say("AS OF")),
        Column("state", words="fact"),
        Column("why", cut=True, wide=False),
        Column("source", cut=True),
        Column("by", Kind.REF, title=say("ENTERED BY")),
        Column("at", Kind.INSTANT, wide=False),
        Column("file", Kind.REF, wide=False),
        Column("customer_id", Kind.REF, wide=False),
    ),
    "name value currency 1, as_of 1, state 1, customer 2, source 3, by 4",
)
_SELECT = """
SELECT f.id, f.customer_id, c.name, f.name, f.value, f.currency, f.as_of, f.source, f.file_id, f."by", f."at"
FROM fact f JOIN customer c ON c.id = f.customer_id
"""


def listing(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """The facts that count, by customer and name; with `--history` all, the newest first."""
    where = Where()
    where.among("f.customer_id", *(args.get("customer") or ((), ())))
    rows = door.rows(f"{_SELECT} {where.sql} ORDER BY f.customer_id, f.name, f.as_of DESC, f.id DESC", **where.params)
    rules, day = frame.policy().facts, business_day(frame)
    found, seen = list[Row](), set[tuple[int, str]]()
    for row in rows:
        newest = (row[1], row[3]) not in seen
        seen.add((row[1], row[3]))
        if newest or args.get("history"):
            found.append(_row(row, rules.get(row[3]), day, newest=newest))
    return Table(COLUMNS, found, title=say("Facts"))


def _row(row: Row, rule: FactRule | None, day: str, *, newest: bool) -> Row:
    number, customer, called, name, value, currency, as_of, source, file, by, at = row
    why = say("the policy does not know it") if rule is None else known.over_since(value, as_of, rule, day)
    state = REPLACED if not newest else OVER if why else COUNTS
    title = (rule.title if rule else "") or name
    told = (ref("fact", number), called, name, title, value, currency, as_of, state, why or "", source, by, at)
    return (*told, None if file is None else ref("file", file), ref("customer", customer))


READS = (
    Read(
        path="fact list",
        title=say("Facts"),
        help="What is known of customers: values with their source and day, and whether they still count",
        columns=COLUMNS,
        standing=COUNTED,
        build=listing,
        params=(
            Param("customer", "C-9, or a name; all without", "customer", place=True, many=True, metavar="CUSTOMER..."),
            Param("history", "also what was said before", "flag"),
        ),
        examples=("opp fact list C-9", "opp fact list C-9 --history", "opp fact list --csv"),
    ),
)
