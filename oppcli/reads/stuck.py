"""Deals that nobody moves: rotting, unattended, without a next step, over the target of their stage."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from oppcli.model.deals import LIVE_KINDS
from oppcli.model.refs import ref
from oppcli.model.said import Word, say
from oppcli.model.units import DAY_MS, HOUR_MS
from oppcli.reads import population
from oppcli.reads.hours import Hours
from oppcli.reads.table import WITH_ROWS, Column, Footnote, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.rules import idling
from oppcli.rules.dues import Due
from oppcli.store.doors import ReadDoor
from oppcli.store.idling import ATTENDED, ENTERED, ENTERED_BY_HAND, last_touch, named
from oppcli.store.mapping import NEXT_STEP
from oppcli.store.patterns import quoted
from oppcli.tuples import NamedTuple

OVER_TARGET, ROTTING, UNATTENDED, NOSTEP = SIGNALS = ("over_target", "rotting", "unattended", "nostep")
DAYS = 7
"""Without a touch by owner or team, so long it is attended."""
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
_DEALS = f"""
SELECT d.id, d.title, c.name, d.owner, s.name, d.amount, d.currency, d.created_at, {ENTERED}, {ENTERED_BY_HAND},
       {{touched}}, s.target_ms, s.rotting_ms, n.id, n.due_on, n.due_at, {{attended}}
FROM deal d JOIN stage s ON s.id = d.stage_id LEFT JOIN customer c ON c.id = d.customer_id
{NEXT_STEP}
"""


class Idle(NamedTuple):
    """What is known of a live deal that may lie."""

    id: int
    title: str
    customer: str | None
    owner: str | None
    stage: str
    amount: int | None
    currency: str
    created: int | None
    entered: int | None
    by_hand: int | None
    touched: int | None
    target_ms: int | None
    rotting_ms: int | None
    step: int | None
    step_on: str | None
    step_at: int | None
    attended: int
    """Whether owner or team touched it lately."""

    @property
    def since(self) -> int | None:
        """Since when nobody had to do with it."""
        return idling.idle_since(self.touched, self.by_hand, self.created)


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per deal with a signal that was asked for, the one that lies longest first; where nobody knows since when,
    before all others."""
    where, told = population.chosen(door, args, frame)
    policy = frame.policy()
    wanted = set(args.get("signal") or SIGNALS)
    days = args.get("days") or DAYS
    where.clauses.append(f"s.kind IN ({quoted(LIVE_KINDS)})")
    kinds = idling.touching(policy)
    sql = _DEALS.format(touched=last_touch(kinds), attended=ATTENDED.format(kinds=named(kinds)))
    since = frame.now - days * DAY_MS
    deals = [Idle._make(row) for row in door.rows(f"{sql} {where.sql} ORDER BY d.id", attended=since, **where.params)]
    idle = _Lying(frame, since)
    rows = [
        idle.row(deal, found) for deal in deals if (found := [each for each in idle.signals(deal) if each in wanted])
    ]
    rows.sort(key=lambda row: (row[9] is not None, -(row[9] or 0), int(row[0][2:])))
    said = say("{n:,} of {of:,} live {of:deal|deals}", n=len(rows), of=len(deals))
    return Table(COLUMNS, rows, READ.title, (Footnote("population", len(rows), said), *told))


class _Lying:
    """What is to be said of deals that lie."""

    def __init__(self, frame: Frame, attended: int) -> None:
        policy = frame.policy()
        self._now, self._attended, self._calendar = frame.now, attended, policy.hours()
        self._worked = Hours(frame.policy).worked("")
        self._gaps = {stage.name: stage.max_gap for stage in policy.stages}

    def signals(self, deal: Idle) -> Iterator[str]:
        """In the order of `SIGNALS`."""
        if idling.over_target(deal.target_ms, deal.entered, self._now, self._calendar):
            yield OVER_TARGET
        if idling.rotting(deal.rotting_ms, deal.since, self._now, self._calendar):
            yield ROTTING
        if not deal.attended and (deal.created is None or deal.created < self._attended):
            yield UNATTENDED
        on = None if deal.step_on is None else date.fromisoformat(deal.step_on)
        step = None if deal.step is None else Due(on, deal.step_at)
        last = deal.touched if deal.touched is not None else deal.since
        if idling.without_step(step, last, self._gaps.get(deal.stage), self._calendar):
            yield NOSTEP

    def row(self, deal: Idle, signals: list[str]) -> Row:
        over = None
        if idling.over_target(deal.target_ms, deal.entered, self._now, self._calendar):
            over = (self._since(deal.entered) - (deal.target_ms or 0)) / HOUR_MS
        return (
            *(ref("deal", deal.id), deal.title, deal.customer, deal.owner, deal.stage, deal.amount, deal.currency),
            None if deal.entered is None else (self._now - deal.entered) / DAY_MS,
            over,
            None if deal.since is None else self._since(deal.since) / HOUR_MS,
            tuple(Word("signal", signal) for signal in signals),
        )

    def _since(self, at: int | None) -> int:
        return self._worked(self._now) - self._worked(at or 0)


READ = Read(
    path="report stuck",
    title=say("Deals that lie"),
    help="rotting, unattended, without a next step, over the target of their stage",
    columns=COLUMNS,
    records=True,
    params=(
        Param("signal", "only deals with this signal; several", "choice", choices=SIGNALS, many=True, words="signal"),
        Param("days", "unattended: so many days without a touch by owner or team; 7", "count", metavar="N"),
        *(each for each in population.FILTERS if each != population.OUTCOME),
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
