"""Deals that were lost while the house waited for itself: how long they stood in approvals in their last days."""

from collections.abc import Iterator, Mapping
from typing import Any

from oppcli.model.deals import LOST, WON
from oppcli.model.records import COUNTED
from oppcli.model.refs import ref
from oppcli.model.said import Said, say
from oppcli.model.units import DAY_MS, HOUR_MS
from oppcli.reads import population
from oppcli.reads.counted_in import counting, in_one
from oppcli.reads.hours import Hours
from oppcli.reads.seats import asked
from oppcli.reads.table import IN, WHERE, WITH_ROWS, Column, Footnote, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.reads.time_spent import closed
from oppcli.rules.regret import Waited, internal
from oppcli.rules.waiting import Span
from oppcli.store.doors import ReadDoor
from oppcli.words import spans

COLUMNS = ranked(
    (
        Column("deal", Kind.REF),
        Column("title", cut=True),
        Column("customer", cut=True),
        Column("owner", Kind.REF),
        Column("amount", Kind.MONEY),
        Column("currency", wide=False),
        Column("wait_bh", Kind.HOURS, title=say("WAITED"), unit=say("bh")),
        Column("longest", Kind.HOURS, unit=say("bh")),
        Column("who", Kind.REF),
        Column("reason", cut=True),
        Column("lost_at", Kind.INSTANT, title=say("LOST")),
    ),
    "deal wait_bh 1, title 2, amount who 1, longest 2, reason lost_at 3, customer owner 4",
)
DAYS, OVER = 30, 16 * HOUR_MS
_DEALS = """
SELECT d.id, d.title, c.name, d.owner, d.amount, d.currency, d.created_at, d.closed_at, d.close_reason, s.kind
FROM deal d JOIN stage s ON s.id = d.stage_id LEFT JOIN customer c ON c.id = d.customer_id
"""


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per lost deal that waited longer, the one that waited longest first; a note gives the same share for won
    ones. Refused for a span that is none."""
    days = args.get("days") or DAYS
    over = spans.parse(args["over"]) if args.get("over") is not None else OVER
    where, told = population.ever(door, args, frame)
    names = ", ".join(where.name(kind) for kind in (LOST, WON))
    where.clauses += [f"s.kind IN ({names})", "d.closed_at IS NOT NULL"]
    population.within(where, "d.closed_at", args, frame)
    deals = door.rows(f"{_DEALS} {where.sql} ORDER BY d.id", **where.params)
    found = dict(_waited(door, deals, days, frame)) if deals else {}
    late = {kind: [deal for deal in deals if deal[9] == kind and found[deal[0]].total > over] for kind in (LOST, WON)}
    rows = [_row(deal, found[deal[0]]) for deal in late[LOST]]
    rows.sort(key=lambda row: (-row[6], int(row[0][2:])))
    of = {kind: sum(deal[9] == kind for deal in deals) for kind in (LOST, WON)}
    shares = {kind: _share(len(late[kind]), of[kind]) for kind in (LOST, WON)}
    said = say(
        "{lost} of {of:,} lost {of:deal|deals} waited so long in their last {days} {days:day|days}, and {won} of "
        "{others:,} won",
        lost=shares[LOST],
        won=shares[WON],
        of=of[LOST],
        others=of[WON],
        days=days,
    )
    note = (Footnote("population", of[LOST] + of[WON], said),) if deals else ()
    table = Table(COLUMNS, rows, READ.title, (*note, *told))
    return in_one(table, counting(door, frame, args.get("in")), "lost_at")


def _waited(door: ReadDoor, deals: list[Row], days: int, frame: Frame) -> Iterator[tuple[int, Waited]]:
    """Of each deal what it waited in its last days, or in all it had."""
    waits, returned = asked(door)
    ended = closed(door)
    worked = Hours(frame.policy).worked("")
    for deal in deals:
        number, created, end = deal[0], deal[6], deal[7]
        start = max(end - days * DAY_MS, end - days * DAY_MS if created is None else created)
        window = Span(start, end)
        yield number, internal(window, waits.get(number, []), returned.get(number, []), worked, ended.get(number, []))


def _share(part: int, of: int) -> Said:
    return say("{part:,} ({share:.0%})", part=part, share=part / of) if of else say("{part:,}", part=part)


def _row(deal: Row, waited: Waited) -> Row:
    number, title, customer, owner, amount, currency, _, end, reason, _ = deal
    who = owner if waited.who is None else waited.who
    return (
        *(ref("deal", number), title, customer, owner, amount, currency),
        *(waited.total / HOUR_MS, waited.longest / HOUR_MS, who, reason, end),
    )


READ = Read(
    path="report regret",
    title=say("Lost while we waited"),
    help="lost deals that waited long for approvals in their last days, for whom, and the same share of won ones",
    standing=COUNTED,
    columns=COLUMNS,
    params=(
        Param("days", "the last days of each deal that are looked at; 30", "count", metavar="N"),
        Param("over", "more business time than this: 16h (default), 2h30m", metavar="SPAN"),
        *population.CLOSED,
        *(population.OWNER, population.TEAM, population.SOURCE, population.PIPELINE),
        *(IN, WHERE),
    ),
    build=build,
    alarm=WITH_ROWS,
    examples=(
        "opp report regret",
        "opp report regret --days 60 --over 40h --since 2026Q1 --csv",
        "opp report regret --team me -w 'amount >= 100k'",
    ),
)
READS = (READ,)
