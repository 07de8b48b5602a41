"""How each node of the process works, and who answers for it: stages by owner, approval steps by who decided."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from oppcli.model.deals import LIVE_KINDS, WON
from oppcli.model.records import COUNTED
from oppcli.model.requests import APPROVE, OPEN, PENDING, RETURN
from oppcli.model.said import say
from oppcli.model.units import HOUR_MS
from oppcli.reads import population, touch_rows
from oppcli.reads.breakdown_cells import SHARE, compared
from oppcli.reads.breakdown_table import TOTAL
from oppcli.reads.breakdown_times import asked, told_times, told_vs, vs
from oppcli.reads.fates import STANDS
from oppcli.reads.hours import Hours
from oppcli.reads.seats import ALL, lately, returned, turns_of
from oppcli.reads.table import WHERE, Column, Footnote, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.reads.turnaround_figures import VERDICTS, Waits
from oppcli.reads.where import Where
from oppcli.rules.follow_figures import owner_at
from oppcli.rules.holding import came
from oppcli.rules.nodes import KINDS, STAGE, STEP, Figures, Handled
from oppcli.store.doors import ReadDoor
from oppcli.store.patterns import quoted

COLUMNS = ranked(
    (
        Column("node"),
        Column("kind", words="node"),
        Column("person", Kind.REF, blank=say("(none)")),
        Column("handled", Kind.COUNT, bar=True),
        Column("on_time", Kind.COUNT),
        Column("on_time_rate", Kind.FRACTION),
        Column("median_bh", Kind.HOURS, title=say("MEDIAN"), unit=say("bh")),
        Column("output_rate", Kind.FRACTION),
        Column("returned_rate", Kind.FRACTION, title=say("BACK")),
        Column("open", Kind.COUNT),
        Column("late_now", Kind.COUNT),
    ),
    "node person handled on_time_rate 1, median_bh output_rate 2, returned_rate open late_now 3, kind 4, on_time 5",
)
BEFORE = (
    Column("before_handled", Kind.COUNT, title=say("BEFORE")),
    Column("change_handled", Kind.FRACTION, title=say("CHANGE")),
)
_VISITS = """
SELECT v.deal_id, v.number, s.name, s.kind, s.position, s.target_ms, v.entered_at, v.left_at, d.owner
FROM visit v JOIN deal d ON d.id = v.deal_id JOIN stage s ON s.id = v.stage_id
{where} ORDER BY v.deal_id, v.number
"""
_LIVE = f"SELECT id FROM stage WHERE kind IN ({quoted(LIVE_KINDS)})"
_DECISIONS = f"""
SELECT c.request_id, p.name, p.position, p.calendar, p.opened_at, p.due_at, p.breached_at, c.actor, c.verdict, c.at,
       c.revision, c.seat, coalesce(c.on_behalf_of, c.actor)
FROM decision c JOIN request r ON r.id = c.request_id
JOIN step p ON p.request_id = c.request_id AND p.revision = c.revision AND p.position = c.step
JOIN deal d ON d.id = r.deal_id
{{where}} c.automatic = 0 AND c.verdict IN ({quoted(VERDICTS)})
  AND {STANDS}
ORDER BY c.request_id, c.number
"""
_SEATS = f"""
SELECT h.request_id, h.step, h.seat, p.name, p.position, p.due_at, h.login
FROM holder h
JOIN seat e ON e.request_id = h.request_id AND e.revision = h.revision AND e.step = h.step AND e.number = h.seat
JOIN step p ON p.request_id = e.request_id AND p.revision = e.revision AND p.position = e.step
JOIN request r ON r.id = e.request_id AND r.revision = e.revision
JOIN deal d ON d.id = r.deal_id
{{where}} e.state = '{OPEN}' AND p.state = '{OPEN}' AND r.state = '{PENDING}'
"""
COMPARED = next(at for at, each in enumerate(COLUMNS, 1) if each.name == "handled")
"""Behind so many columns stands what was before."""
NOT_THERE = Figures()
NodeKey = tuple[int, int, str, str, str | None]
"""Stages before steps, the place among them, the node, its kind, the person."""


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per node and person, stages in their order, then steps; who handled most first. Refused for a
    period beside since or until, and for `--vs` without a time."""
    times, other = asked(args, "handled", frame, "v.left_at"), vs(args, "handled", frame, "v.left_at")
    where, told = population.ever(door, {**args, "owner": None, "team": None}, frame)
    nodes = _Nodes(door, args, frame, where)
    now = nodes.figures(times.since, times.until, lying=True)
    was = nodes.figures(other.times.since, other.times.until, lying=False) if other else {}
    rows = [_row(key[2:], figures, was.get(key, NOT_THERE) if other else None) for key, figures in now.items()]
    columns = COLUMNS if other is None else (*COLUMNS[:COMPARED], *BEFORE, *COLUMNS[COMPARED:])
    whole = Figures.of(now.values())
    handled = len(whole.handled)
    notes = (
        Footnote("population", handled, say("{n:,} {n:stay or decision|stays and decisions}", n=handled)),
        *told_times(args, times, frame),
        *(told_vs(other) if other else ()),
        *told,
    )
    total = {"handled": handled, "on_time_rate": whole.on_time_rate, "open": whole.open}
    last = _row((TOTAL, "", ""), whole, Figures.of(was.values()) if other else None) if rows else None
    told_all = {**total, "late_now": whole.late}
    return Table(columns, rows, READ.title, notes, total=told_all, last=last, lasts=bool(args.get("total")))


def _row(called: tuple[str, str, str | None], figures: Figures, was: Figures | None) -> Row:
    """What a node and a person are called, and their figures; behind how many they handled how many before."""
    spent, count = figures.median, len(figures.handled)
    before = () if was is None else (len(was.handled), compared(count, len(was.handled), SHARE))
    return (
        *(*called, count, *before, figures.on_time, figures.on_time_rate),
        None if spent is None else spent / HOUR_MS,
        *(figures.output_rate, figures.returned_rate, figures.open, figures.late),
    )


class _Nodes:
    """The figures of a population, within any time."""

    def __init__(self, door: ReadDoor, args: Mapping[str, Any], frame: Frame, where: Where) -> None:
        self._door, self._where, self._now = door, where, frame.now
        people = {name: args[name] for name in ("owner", "team") if args.get(name)}
        self._asked = touch_rows.Asked(door, people, frame)
        self._wanted = args.get("kind")
        self._hours = Hours(frame.policy)

    def figures(self, since: int | None, until: int | None, *, lying: bool) -> dict[NodeKey, Figures]:
        """What was handled from one instant on and before another; `lying`: what is open now, too."""
        found: dict[NodeKey, Figures] = defaultdict(Figures)

        def within(at: int) -> bool:
            return (since is None or at >= since) and (until is None or at < until)

        if self._wanted in (None, STAGE):
            for key, at, stay, lies, late in self._stays(self._staying(since, until, lying=lying)):
                if at is None and lying:
                    found[key].lying[lies] = late
                elif at is not None and within(at) and stay is not None:
                    found[key].handled.append(stay)
        if self._wanted in (None, STEP):
            for key, decided in self._decisions(since, until):
                found[key].handled.append(decided)
            for key, lies, late in self._seats() if lying else ():
                found[key].lying[lies] = late
        mine = {key: each for key, each in found.items() if self._asked.person(key[4])}
        order = sorted(mine, key=lambda key: (*key[:3], -len(mine[key].handled), key[4] or ""))
        return {key: mine[key] for key in order}

    def _staying(self, since: int | None, until: int | None, *, lying: bool) -> Where:
        """The filters, and of a time that deals left a stage then, or are in one."""
        where = self._where.copy()
        ended = [f"x.left_at >= {where.name(since)}"] if since is not None else []
        ended += [f"x.left_at < {where.name(until)}"] if until is not None else []
        if ended:
            lasts = f" OR x.left_at IS NULL AND x.stage_id IN ({_LIVE})" if lying else ""
            where.clauses.append(f"d.id IN (SELECT x.deal_id FROM visit x WHERE {' AND '.join(ended)}{lasts})")
        return where

    def _stays(self, where: Where) -> Iterator[tuple[NodeKey, int | None, Handled | None, tuple[int, ...], bool]]:
        """Each stay in a stage before the end: when it ended, how it was handled, else whether it is late already."""
        tenures = touch_rows.tenures(self._door)
        worked = self._hours.worked("")
        rows = self._door.rows(_VISITS.format(where=where.sql), **where.params)
        for at, row in enumerate(rows):
            deal, _, stage, kind, position, target, entered, left, owner = row
            if kind not in LIVE_KINDS:
                continue
            end = self._now if left is None else left
            known = entered is not None and entered <= end
            spent = worked(end) - worked(entered) if known else None
            who = owner_at(end - 1 if left is not None else end, tenures.get(deal, ()), owner)
            late = bool(target and spent is not None and spent > target)
            key = (0, position if position is not None else 1 << 30, stage, STAGE, who)
            if left is None:
                yield key, None, None, (deal,), late
                continue
            then = rows[at + 1] if at + 1 < len(rows) and rows[at + 1][0] == deal else None
            on = then is not None and (then[3] == WON or (then[3] in LIVE_KINDS and _after(then[4], position)))
            back = then is not None and then[3] in LIVE_KINDS and _after(position, then[4])
            yield key, left, Handled(spent, None if not target or spent is None else not late, on, back), (), late

    def _decisions(self, since: int | None, until: int | None) -> Iterator[tuple[NodeKey, Handled]]:
        """Each decision of a person then, credited to who gave it, from when the seat came to whom it was of."""
        which, where = ALL if since is None else lately(since, until), self._where.copy()
        where.within("c.at", since, until)
        waits, turns = Waits(returned(self._door, which), self._hours.between), turns_of(self._door, which)
        rows = self._door.rows(_DECISIONS.format(where=_and(where)), **where.params)
        for request, step, place, calendar, opened, due, breached, actor, verdict, at, revision, seat, of in rows:
            business, late = None, breached is not None and at > breached
            if opened is not None:
                start = came(turns.get(request, {}).get((revision, place, seat), ()), of, opened, at)
                timed = waits.timed(request, calendar, start, at, (due, breached))
                business, late = timed.business, timed.late
            on_time = None if due is None and breached is None else not late
            handled = Handled(business, on_time, verdict == APPROVE, verdict == RETURN)
            yield (1, place, step, STEP, actor), handled

    def _seats(self) -> Iterator[tuple[NodeKey, tuple[int, ...], bool]]:
        """Each open seat of each who holds it, and whether it is late."""
        rows = self._door.rows(_SEATS.format(where=_and(self._where)), **self._where.params)
        for *seat, step, place, due, login in rows:
            yield (1, place, step, STEP, login), tuple(seat), due is not None and due < self._now


def _and(where: Where) -> str:
    return f"{where.sql} AND" if where.clauses else "WHERE"


def _after(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and one > other


READ = Read(
    path="report nodes",
    title=say("Nodes of the process"),
    help="per stage and owner, per approval step and who decided: handled, in time, with which result, open, late now",
    standing=COUNTED,
    columns=COLUMNS,
    params=(
        Param("kind", "only stages, or only approval steps", "choice", choices=KINDS, words="node"),
        Param("period", "handled in it: 2026-11 2026Q4 last-quarter", "period", metavar="P"),
        Param("since", "handled on or after", "since"),
        Param("until", "handled before the end of this day", "until"),
        *(
            population.VS,
            population.TOTAL,
            touch_rows.WHO,
            touch_rows.TEAM,
            population.SOURCE,
            population.PIPELINE,
            WHERE,
        ),
    ),
    build=build,
    examples=(
        "opp report nodes",
        "opp report nodes --kind step --period this-month --vs previous",
        "opp report nodes --team me --csv",
    ),
)
READS = (READ,)
