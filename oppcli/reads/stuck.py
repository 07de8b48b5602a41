"""Deals that do not move as they should, each with the signals by which one sees it."""

from collections.abc import Mapping
from typing import Any

from oppcli.model.deals import ATTENDED_DAYS, SIGNALS
from oppcli.model.refs import ref
from oppcli.model.said import Word, say
from oppcli.reads import population
from oppcli.reads.counted_in import counting, in_one
from oppcli.reads.lying import Idle, Lying, beside, found
from oppcli.reads.table import IN, WITH_ROWS, Column, Footnote, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.store.doors import ReadDoor

COLUMNS = ranked(
    (
        Column("deal", Kind.REF),
        Column("title", cut=True),
        Column("customer", cut=True),
        Column("owner", Kind.REF),
        Column("stage"),
        Column("amount", Kind.MONEY),
        Column("currency", wide=False),
        Column("days_in_stage", Kind.DAYS, title=say("IN STAGE"), unit=say("d")),
        Column("over_target_bh", Kind.HOURS, title=say("OVER TARGET"), unit=say("bh")),
        Column("idle_hours", Kind.HOURS, title=say("IDLE"), unit=say("bh")),
        Column("signals", Kind.LIST),
    ),
    "deal signals amount 1, title 2, idle_hours 3, stage owner 3, days_in_stage 4, customer 4, over_target_bh 5",
)


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per deal with a signal that was asked for, the one that lies longest first; where nobody knows since when,
    before all others."""
    where, told = population.chosen(door, args, frame)
    policy, wanted = frame.policy(), set(args.get("signal") or SIGNALS)
    days = args.get("days") or ATTENDED_DAYS
    deals = found(door, policy, where, frame.now, days)
    lying = Lying(policy, frame.now, frame.tz, days, hidden=frame.hidden, known=beside(door, deals, wanted))
    rows = [
        _row(lying, deal, signals)
        for deal in deals
        if (signals := [each for each in lying.signals(deal) if each in wanted])
    ]
    rows.sort(key=lambda row: (row[9] is not None, -(row[9] or 0), int(row[0][2:])))
    said = say("{n:,} of {of:,} live {of:deal|deals}", n=len(rows), of=len(deals))
    table = Table(COLUMNS, rows, READ.title, (Footnote("population", len(rows), said), *told))
    return in_one(table, counting(door, frame, args.get("in")))


def _row(lying: Lying, deal: Idle, signals: list[str]) -> Row:
    return (
        *(ref("deal", deal.id), deal.title, deal.customer, deal.owner, deal.stage, deal.amount, deal.currency),
        *(lying.days_in_stage(deal), lying.over_hours(deal), lying.idle_hours(deal)),
        tuple(Word("signal", signal) for signal in signals),
    )


READ = Read(
    path="report stuck",
    title=say("Deals that lie"),
    help="over target, rotting, unattended, without a next step, past their close, pushed, with one contact, no amount",
    columns=COLUMNS,
    records=True,
    params=(
        Param(
            "signal",
            "only deals with this signal: over_target rotting unattended nostep past_close pushed single_thread "
            "no_amount; several",
            "choice",
            choices=SIGNALS,
            many=True,
            words="signal",
            metavar="S",
        ),
        Param("days", "unattended: so many days without a touch by owner or team; 7", "count", metavar="N"),
        *(each for each in population.FILTERS if each != population.OUTCOME),
        IN,
    ),
    build=build,
    alarm=WITH_ROWS,
    examples=(
        "opp report stuck",
        "opp report stuck --signal rotting --exit-code",
        "opp report stuck --signal unattended --days 14 --team me",
    ),
)
READS = (READ,)
