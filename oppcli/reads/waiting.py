"""Whose time each deal spent: the seller's, each approver's, returned for information, outside business hours."""

from collections.abc import Mapping
from typing import Any

from oppcli.model.records import COUNTED
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.model.units import HOUR_MS
from oppcli.reads import population
from oppcli.reads.counted_in import counting, uncounted
from oppcli.reads.table import Chart, Frame, Param, Read, Row, Table
from oppcli.reads.time_spent import COLUMNS, MONEY, PARTS, Looking, Spent
from oppcli.store.doors import ReadDoor


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per deal, the one that waited longest for approvals first; or for each value of what it is split by."""
    by = counting(door, frame, args.get("in"))
    if population.split(args) and args.get("by") != "deal":
        from oppcli.reads import waiting_by

        return waiting_by.table(door, args, frame, by)
    where, told = population.chosen(door, args, frame)
    looking = Looking(door, frame, by, each=False)
    rows = [row(each) for each in looking.spent(where)]
    rows.sort(key=lambda row: (-row[7], int(row[0][2:])))
    # People see what delay costs where the policy says it.
    columns = tuple(each._replace(wide=each.wide or (each.name == "cost" and looking.costs)) for each in COLUMNS)
    notes = (
        population.deals(len(rows) + looking.left_out),
        *looking.notes(),
        *told,
        *uncounted(by),
    )
    gone = [name for name, fields in MONEY.items() if set(fields) & set(frame.hidden)]
    return Table(columns, rows, READ.title, notes, chart=Chart("bars", ("deal", "title"), PARTS)).without(gone)


def row(spent: Spent) -> Row:
    """The line of one deal; the parts add up to the total."""
    number, title, customer, owner, stage, *_ = spent.deal
    parts = spent.parts
    people = dict(sorted(parts.holders.items(), key=lambda item: (-item[1], item[0])))
    known = [cost for cost in spent.costs if cost is not None]
    return (
        ref("deal", number),
        title,
        customer,
        owner,
        stage,
        parts.whole / HOUR_MS,
        parts.seller / HOUR_MS,
        sum(people.values()) / HOUR_MS,
        parts.returned / HOUR_MS,
        parts.outside / HOUR_MS,
        {login: round(spent / HOUR_MS, 4) for login, spent in people.items()},
        spent.amount,
        sum(known) if known else None,
        spent.currency,
    )


READ = Read(
    path="report waiting",
    title=say("Whose time deals spent"),
    help="seller, each approver, returned for information, outside business hours",
    standing=COUNTED,
    columns=COLUMNS,
    params=(
        Param(
            "by",
            "a row per deal, or split by whom, which step or type of approval, whose team it waited for (person step "
            "type team), or by anything of it: owner region month …; or by two",
            "keys",
            choices=("deal", "person", "step", "type", "team", *population.KEYS),
            metavar="K[,K2]",
        ),
        *(each for each in population.GRAMMAR if each != population.BY),
        *population.FILTERS,
    ),
    build=build,
    examples=(
        "opp report waiting",
        "opp report waiting --by person",
        "opp report waiting --by type,step --period this-year",
        "opp report waiting --outcome lost --csv",
    ),
)
READS = (READ,)
