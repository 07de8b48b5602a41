"""Whose time each deal spent: the seller's, each approver's, returned for information, outside business hours."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from oppcli.model.deals import LOST, WON
from oppcli.model.records import COUNTED
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.model.units import HOUR_MS
from oppcli.reads import population
from oppcli.reads.hours import Hours
from oppcli.reads.seats import asked
from oppcli.reads.table import Chart, Column, Footnote, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.rules.waiting import Parts, Span, attribute
from oppcli.store.doors import ReadDoor
from oppcli.store.patterns import quoted

COLUMNS = ranked(
    (
        Column("deal", Kind.REF),
        Column("title", cut=True),
        Column("customer", cut=True),
        Column("owner", Kind.REF),
        Column("stage"),
        Column("total_hours", Kind.HOURS, title=say("TOTAL"), unit=say("h")),
        Column("seller_hours", Kind.HOURS, title=say("SELLER"), unit=say("bh")),
        Column("approval_hours", Kind.HOURS, title=say("APPROVERS"), unit=say("bh")),
        Column("returned_hours", Kind.HOURS, title=say("RETURNED"), unit=say("bh")),
        Column("outside_hours", Kind.HOURS, title=say("OUTSIDE"), unit=say("h")),
        Column("approvers", Kind.OBJECT, title=say("WHO"), cut=True, named=True),
    ),
    "deal 1, title 2, owner 4, stage 5, total_hours 3, seller_hours approval_hours 1,"
    " returned_hours outside_hours 3, approvers 4",
)
PARTS = ("seller_hours", "approval_hours", "returned_hours", "outside_hours")
BY_PERSON = (
    Column("person", Kind.REF),
    Column("deals", Kind.COUNT),
    Column("approval_hours", Kind.HOURS, title=say("HELD"), unit=say("bh")),
)

_DEALS = """
SELECT d.id, d.title, c.name, d.owner, s.name, d.created_at, d.closed_at
FROM deal d JOIN stage s ON s.id = d.stage_id LEFT JOIN customer c ON c.id = d.customer_id
"""


_CLOSED = f"""
SELECT v.deal_id, v.entered_at, v.left_at FROM visit v
WHERE v.left_at IS NOT NULL AND v.stage_id IN (SELECT id FROM stage WHERE kind IN ({quoted((WON, LOST))}))
"""


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per deal, the one that waited longest for approvals first; or per person who held approvals."""
    where, told = population.chosen(door, args, frame)
    deals = door.rows(f"{_DEALS} {where.sql} ORDER BY d.id", **where.params)
    dated = [deal for deal in deals if deal[5] is not None]
    waits, returned = asked(door)
    ended = closed(door)
    worked = Hours(frame.policy).worked("") if dated else int
    found = [
        (
            deal,
            attribute(
                deal[5],
                end,
                waits[deal[0]],
                returned[deal[0]],
                worked,
                [span for span in ended.get(deal[0], ()) if span.start < end],
            ),
        )
        for deal in dated
        if (end := deal[6] if deal[6] is not None else frame.now) >= deal[5]
    ]
    notes = (population.deals(len(deals)), *_left_out(len(deals) - len(found)), *told)
    if args.get("by") == "person":
        chart = Chart("bars", ("person",), ("approval_hours",))
        return Table(BY_PERSON, by_person(parts for _, parts in found), READ.title, notes, chart=chart)
    rows = [row(deal, parts) for deal, parts in found]
    rows.sort(key=lambda row: (-row[7], int(row[0][2:])))
    return Table(COLUMNS, rows, READ.title, notes, chart=Chart("bars", ("deal", "title"), PARTS))


def closed(door: ReadDoor) -> dict[int, list[Span]]:
    """Per deal that was reopened the spans in which it was won or lost: nobody's time."""
    found: dict[int, list[Span]] = defaultdict(list)
    for deal, entered, left in door.rows(_CLOSED):
        found[deal].append(Span(left if entered is None else entered, left))
    return found


def _left_out(deals: int) -> tuple[Footnote, ...]:
    said = say("{n:,} {n:deal|deals} without a date or not begun yet left out", n=deals)
    return (Footnote("unknown_date", deals, said),) if deals else ()


def row(deal: Row, parts: Parts) -> Row:
    """The line of one deal; the parts add up to the total."""
    number, title, customer, owner, stage, _, _ = deal
    people = dict(sorted(parts.holders.items(), key=lambda item: (-item[1], item[0])))
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
    )


def by_person(found: Iterable[Parts]) -> list[Row]:
    """Business hours that deals waited for each person, the longest first."""
    spent: dict[str, int] = defaultdict(int)
    deals: dict[str, int] = defaultdict(int)
    for parts in found:
        for login, held in parts.holders.items():
            spent[login] += held
            deals[login] += 1
    order = sorted(spent, key=lambda login: (-spent[login], login))
    return [(login, deals[login], spent[login] / HOUR_MS) for login in order]


READ = Read(
    path="report waiting",
    title=say("Whose time deals spent"),
    help="seller, each approver, returned for information, outside business hours",
    standing=COUNTED,
    columns=COLUMNS,
    params=(
        Param("by", "a row per deal, or per person who held approvals", "choice", choices=("deal", "person")),
        *population.FILTERS,
    ),
    build=build,
    examples=("opp report waiting", "opp report waiting --by person", "opp report waiting --outcome lost --csv"),
)
READS = (READ,)
