"""What people did with customers: calls, visits, mails and notes by person and month, or by anything of their deals."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from oppcli.model.said import say
from oppcli.reads import population
from oppcli.reads.breakdown import PERIOD, answered, read
from oppcli.reads.breakdown_cells import SHARE, Cell, Measure, Whole, counted
from oppcli.reads.breakdown_gathering import Found, Times
from oppcli.reads.breakdown_keys import Key, Keys, one_value
from oppcli.reads.breakdown_records import Records
from oppcli.reads.breakdown_report import Breakdown
from oppcli.reads.table import WHERE, Column, Footnote, Frame, Kind, Param, Table
from oppcli.reads.touch_rows import TEAM, WHO
from oppcli.reads.where import Where
from oppcli.store.doors import ReadDoor
from oppcli.store.idling import PERSON

NAMED = {"calls": "call", "visits": "visit", "mails": "mail", "notes": "note"}
"""Measures → the kind of activity that each counts; `other` are all other kinds, the team's own too."""
_TITLES = {"calls": say("CALLS"), "visits": say("VISITS PAID"), "mails": say("MAILS"), "notes": say("NOTES")}
DEALS, CUSTOMERS = "deals", "customers"
AT = "a.at"
_CUSTOMER = "coalesce(a.customer_id, d.customer_id)"


KEYS = {
    "person": Key(Column("person", Kind.REF, rank=1), "a.who", one_value),
    "kind": Key(Column("kind", words="activity", rank=1), "a.kind", one_value),
    "customer": Key(
        Column("customer", rank=1, cut=True),
        _CUSTOMER,
        one_value,
        lookup="(SELECT c.name FROM customer c WHERE c.id = {})",
        apart="customer",
    ),
}
"""Keys of activities, beside those of their deals."""


def _other(cell: Cell, whole: Whole) -> int:
    return cell.population - sum(cell.deals[kind] for kind in NAMED.values())


def _different(name: str) -> Callable[[Cell, Whole], int]:
    return lambda cell, whole: len(set(cell.values.get(name, ())))


MEASURES = (
    *(Measure(Column(name, Kind.COUNT, title=_TITLES[name], rank=2), counted(kind)) for name, kind in NAMED.items()),
    Measure(Column("other", Kind.COUNT, title=say("OTHER"), rank=3), _other),
    Measure(Column("total", Kind.COUNT, bar=True, rank=1), lambda cell, whole: cell.population, SHARE),
    Measure(Column(DEALS, Kind.COUNT, rank=4), _different(DEALS)),
    Measure(Column(CUSTOMERS, Kind.COUNT, rank=4), _different(CUSTOMERS)),
)
ACTIVITY = Breakdown(
    name="activity",
    help="calls, visits, mails, notes of people by month, or split by kind, customer or anything of their deals",
    title=say("What people did"),
    on="happened",
    by="person,month",
    noun=lambda n: say("{n:,} {n:activity|activities}", n=n),
    measures=MEASURES,
    examples=(
        "opp report activity -c total",
        "opp report activity --by person --period this-month --vs previous",
        "opp report activity --by person,week --team me --csv",
    ),
)


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row for each combination of values that occurs; what services noted is nobody's."""
    where, told = _chosen(door, args, frame)
    stages = population.stages(door, args)
    keys = Keys(door, frame, where, stages, ACTIVITY.on, KEYS, AT).read(args.get("by") or ACTIVITY.by)

    def found(times: Times) -> Found:
        return _found(door, where, keys, times)

    return answered(ACTIVITY, keys, found, ACTIVITY.on, args, frame, told, AT)


def _found(door: ReadDoor, where: Where, keys: Sequence[Key], times: Times) -> Found:
    where, records = times.narrowed(where), Records(keys)
    sql = f"""SELECT {records.selected}a.kind, a.deal_id, {_CUSTOMER}
    FROM activity a LEFT JOIN deal d ON d.id = a.deal_id {where.sql}"""
    for row in door.stream(sql, **where.params):
        cell, (kind, deal, customer) = records.cell(row), row[records.width :]
        cell.deals[kind] += 1
        if deal is not None:
            cell.values.setdefault(DEALS, []).append(deal)
        if customer is not None:
            cell.values.setdefault(CUSTOMERS, []).append(customer)
    return records.found


def _chosen(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> tuple[Where, tuple[Footnote, ...]]:
    """Whose activities; conditions and a pipeline are about their deals."""
    where = Where(f"a.{PERSON}")
    for name in ("owner", "team"):
        where.among("a.who", *(args.get(name) or ((), ())))
    told = population.meeting(door, args, frame, where, "FROM activity a JOIN deal d ON d.id = a.deal_id")
    if args.get("pipeline"):
        from oppcli.reads import pipelines

        where.clauses.append(pipelines.within(door, args))
    return where, told


READ = read(ACTIVITY)._replace(
    columns=(KEYS["person"].column, Column("month", Kind.REF, rank=1), *(each.column for each in MEASURES)),
    params=(
        Param(
            "by",
            "split by this, or by two: person kind customer day week month quarter year, or anything of the deal",
            "keys",
            choices=("person", *population.KEYS),
            metavar="K[,K2]",
        ),
        PERIOD,
        Param("since", "what happened on or after", "since"),
        Param("until", "what happened before the end of this day", "until"),
        *(population.VS, population.TOP, population.TOTAL, WHO, TEAM),
        *(population.PIPELINE, WHERE),
    ),
    build=build,
)
READS = (READ,)
