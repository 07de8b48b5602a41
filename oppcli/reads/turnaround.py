"""How long approvals take: from a step's opening to its decision, and how many requests pass at the first attempt."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from oppcli.model.records import COUNTED
from oppcli.model.requests import APPROVE, APPROVED, REDONE, REJECT, REJECTED, RETURN
from oppcli.model.said import Word, say
from oppcli.model.units import HOUR_MS
from oppcli.reads import population
from oppcli.reads.elapsed import elapsed
from oppcli.reads.fates import NO_FATE, fates
from oppcli.reads.hours import Hours
from oppcli.reads.periods import dated
from oppcli.reads.seats import returned, turns_of
from oppcli.reads.table import WHERE, Chart, Column, Footnote, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.reads.where import Where
from oppcli.rules.holding import SeatKey, Turn, came
from oppcli.rules.statistics import Listed, summary
from oppcli.rules.waiting import Span, without
from oppcli.store.doors import ReadDoor
from oppcli.store.patterns import quoted
from oppcli.tuples import NamedTuple

_PASSES = ("requests", "approved", "first_pass", "rejected", "resubmitted", "then_approved")
KEYS = {
    "step": (Column("type", rank=1), Column("step", rank=1)),
    "type": (
        Column("type", rank=1),
        Column("first_pass_rate", Kind.FRACTION, title=say("FIRST PASS"), rank=2),
        *(Column(name, Kind.COUNT, wide=False) for name in _PASSES),
    ),
    "person": (Column("person", Kind.REF),),
}
FIGURES = ranked(
    (
        Column("decided", Kind.COUNT),
        Column("median_hours", Kind.HOURS, title=say("MEDIAN"), unit=say("h")),
        Column("p90_hours", Kind.HOURS, title=say("P90"), unit=say("h")),
        Column("median_business_hours", Kind.HOURS, title=say("MEDIAN BH"), unit=say("bh")),
        Column("p90_business_hours", Kind.HOURS, title=say("P90 BH"), unit=say("bh")),
        Column("late", Kind.COUNT, title=say("TIMES LATE"), wide=False),
        Column("late_share", Kind.FRACTION, title=say("LATE")),
        Column("approvals", Kind.COUNT, title=say("YES")),
        Column("rejections", Kind.COUNT, title=say("NO")),
        Column("returns", Kind.COUNT, title=say("BACK")),
        Column("reasons", Kind.LIST, cut=True, named=True),
    ),
    "median_business_hours late_share 1, decided p90_business_hours 2, rejections returns 4, approvals 5,"
    " median_hours p90_hours 6, reasons 7",
)
MEDIAN = ("median_business_hours",)
_OVER = (Column("over", Kind.COUNT, place=4), Column("over_share", Kind.FRACTION, title=say("OF ALL"), place=4))
OVER = tuple(column._replace(rank=2) for column in _OVER)
"""With `--over`: how many took longer than that."""
REASONS = 3
"""The most frequent reasons of rejections and returns, as many as a line holds."""

_STEPS = """
SELECT p.request_id, r.type, p.name, p.position, p.calendar, p.opened_at, p.closed_at, p.due_at, p.breached_at,
       r.title
FROM step p
JOIN request r ON r.id = p.request_id
JOIN deal d ON d.id = r.deal_id
"""
_BY_PEOPLE = """EXISTS (SELECT 1 FROM decision c WHERE c.request_id = p.request_id AND c.revision = p.revision
        AND c.step = p.position AND c.automatic = 0)"""
_ASKED_AGAIN = f"""(p.state = '{REDONE}' AND EXISTS (SELECT 1 FROM decision y WHERE y.request_id = p.request_id
        AND y.revision = p.revision AND y.step = p.position AND y.verdict = '{APPROVE}' AND y.at = p.closed_at))"""
"""Steps that were approved before they were asked again: the time that they took was taken."""
_DECISIONS = """
SELECT c.request_id, r.type, p.name, p.position, c.actor, c.verdict, coalesce(c.code, c.reason), c.at, p.calendar,
       p.opened_at, p.due_at, p.breached_at, c.revision, c.seat, coalesce(c.on_behalf_of, c.actor), r.title
FROM decision c
JOIN request r ON r.id = c.request_id
JOIN step p ON p.request_id = c.request_id AND p.revision = c.revision AND p.position = c.step
JOIN deal d ON d.id = r.deal_id
"""


class Timed(NamedTuple):
    """One wait that ended with a decision."""

    elapsed: int
    business: int
    late: bool


VERDICTS = (APPROVE, REJECT, RETURN)

Key = tuple[str, ...]
"""Type and step, type, or person: what the report parts by."""


class Group:
    """What one row is computed from."""

    def __init__(self) -> None:
        self.place = 0
        self.title = ""
        """What its type is called."""
        self.waits: list[Timed] = []
        self.verdicts: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per type and step, per type, or per person who decided."""
    by, args = args.get("by") or "step", dated(args, frame.tz)
    limit = elapsed(args["over"], "--over") if args.get("over") is not None else None
    clock = Waits(returned(door), Hours(frame.policy).between)
    held = turns_of(door) if by == "person" else {}
    about, told = population.approvals(door, args, frame)
    steps = _steps(door, args, about) if by != "person" else ()
    groups = gathered(by, decisions(door, args, about), steps, clock, held)
    ends = fates(door, _where(args, about, "r.decided_at")) if by == "type" else {}
    rows = [
        (
            *_called(by, key, group),
            *(ends.get(key[0], NO_FATE) if by == "type" else ()),
            *figures(group),
            *over(group, limit),
        )
        for key, group in sorted(groups.items(), key=lambda item: (item[0][0], item[1].place, item[0]))
    ]
    n = sum(len(group.waits) for group in groups.values())
    said = say("{n:,} {n:decision|decisions}", n=n) if by == "person" else say("{n:,} decided {n:step|steps}", n=n)
    columns = KEYS[by] + FIGURES + (OVER if limit is not None else ())
    chart = Chart("bars", tuple(column.name for column in columns[:2] if column.kind in (Kind.TEXT, Kind.REF)), MEDIAN)
    return Table(columns, rows, READ.title, (Footnote("population", n, said), *told), chart=chart)


class Waits:
    """Measures waits. Business time is that of the open intervals whole, without the time in which the request was
    returned; elapsed time is what the calendar on the wall says."""

    def __init__(self, returned: Mapping[int, list[Span]], between: Callable[[str, int, int], int]) -> None:
        self._returned, self._between = returned, between

    def timed(self, request: int, calendar: str, start: int, at: int, limits: Iterable[int | None]) -> Timed:
        """The wait from `start` that ended `at`; late when it ended after it was due."""
        parts = without(Span(start, at), self._returned.get(request, ()))
        business = sum(self._between(calendar, part.start, part.until) for part in parts)
        return Timed(at - start, business, any(limit is not None and at > limit for limit in limits))


Held = Mapping[int, Mapping[SeatKey, Sequence[Turn]]]
"""Request → seat → who held it when."""


def gathered(by: str, decisions: Iterable[Row], steps: Iterable[Row], waits: Waits, held: Held) -> dict[Key, Group]:
    """The waits, verdicts and reasons of each row. A step's wait is from its opening to its end, and only where a
    person decided it; a person's from when the seat came to them to their decision."""
    groups: dict[Key, Group] = defaultdict(Group)
    for request, kind, step, place, actor, verdict, reason, at, *more in decisions:
        group = groups[_key(by, kind, step, actor)]
        group.place = place if by == "step" else 0
        group.verdicts[verdict] += 1
        if reason and verdict in (REJECT, RETURN):
            group.reasons[reason] += 1
        calendar, opened, *limits, revision, seat, holder, group.title = more
        if by == "person" and opened is not None:
            turns = held.get(request, {}).get((revision, place, seat), ())
            group.waits.append(waits.timed(request, calendar, came(turns, holder, opened, at), at, limits))
    for request, kind, step, place, calendar, opened, closed, *limits, title in steps:
        group = groups[_key(by, kind, step, "")]
        group.title = title
        group.place = place if by == "step" else 0
        group.waits.append(waits.timed(request, calendar, opened, closed, limits))
    return groups


def _key(by: str, kind: str, step: str, person: str) -> Key:
    return {"step": (kind, step), "type": (kind,), "person": (person,)}[by]


def _called(by: str, key: Key, group: Group) -> Row:
    """What a row is about, as people are told it."""
    return key if by == "person" else (Word("type", key[0], group.title), *key[1:])


def figures(group: Group) -> Row:
    """The figures of one group."""
    elapsed = summary(Listed(wait.elapsed for wait in group.waits))
    business = summary(Listed(wait.business for wait in group.waits))
    late = sum(wait.late for wait in group.waits)
    reasons = tuple(f"{reason} ({count})" for reason, count in _frequent(group.reasons))
    return (
        len(group.waits),
        *(_hours(value) for value in (elapsed.median, elapsed.p90, business.median, business.p90)),
        late,
        late / len(group.waits) if group.waits else None,
        *(group.verdicts[verdict] for verdict in (APPROVE, REJECT, RETURN)),
        reasons,
    )


def over(group: Group, limit: int | None) -> Row:
    """How many waits took longer than so many elapsed milliseconds, and their share; nothing where nobody asked."""
    if limit is None:
        return ()
    count = sum(wait.elapsed > limit for wait in group.waits)
    return count, count / len(group.waits) if group.waits else None


def _frequent(reasons: Counter[str]) -> list[tuple[str, int]]:
    return sorted(reasons.items(), key=lambda item: (-item[1], item[0]))[:REASONS]


def _hours(span: float | None) -> float | None:
    return None if span is None else span / HOUR_MS


def _where(args: Mapping[str, Any], about: Where, at: str) -> Where:
    """The clauses of `about` and those on the time at which it was decided."""
    where = about.copy()
    if args.get("since") is not None:
        where.at_least(at, args["since"])
    if args.get("until") is not None:
        where.before(at, args["until"])
    return where


ENDS = {None: (APPROVED, REJECTED), APPROVE: (APPROVED,), REJECT: (REJECTED,)}
"""Verdict asked for → states in which a step ended so; a return ends none."""


def _steps(door: ReadDoor, args: Mapping[str, Any], about: Where) -> Iterable[Row]:
    where = _where(args, about, "p.closed_at")
    ends = quoted(ENDS.get(args.get("verdict"), ("",)))
    decided = f"p.state IN ({ends})"
    if args.get("verdict") in (None, APPROVE):
        decided = f"({decided} OR {_ASKED_AGAIN})"
    where.clauses += [decided, "p.opened_at IS NOT NULL", _BY_PEOPLE]
    return door.stream(f"{_STEPS} {where.sql} ORDER BY p.request_id, p.revision, p.position", **where.params)


def decisions(door: ReadDoor, args: Mapping[str, Any], about: Where) -> Iterable[Row]:
    """What people decided, as `gathered` takes it: within `since` and `until` of the arguments, by `verdict`."""
    where = _where(args, about, "c.at")
    where.among("c.verdict", ((args["verdict"],) if args.get("verdict") else VERDICTS))
    where.clauses.append("c.automatic = 0")
    return door.stream(f"{_DECISIONS} {where.sql} ORDER BY c.request_id, c.number", **where.params)


READ = Read(
    path="report turnaround",
    title=say("Turnaround of approvals"),
    help="how long approvals take, per step, type or person; first-pass rate, reasons",
    standing=COUNTED,
    columns=KEYS["step"] + FIGURES,
    params=(
        Param("by", "a row per type and step, per type, or per person", "choice", choices=("step", "type", "person")),
        population.APPROVALS_OF,
        population.APPROVALS_OF_TEAM,
        population.OF_TYPE,
        population.APPROVALS_OF_PIPELINE,
        WHERE,
        Param("period", "decided in it: 2026-11 2026Q4 last-quarter", "period", metavar="P"),
        Param("since", "decided on or after", "since"),
        Param("verdict", "only what was decided so", "choice", choices=VERDICTS, words="verdict"),
        Param("over", "also count what took longer than this: 168h, 7d (elapsed)"),
        Param("until", "decided before the end of this day", "until"),
    ),
    build=build,
    examples=(
        "opp report turnaround",
        "opp report turnaround --by person --since -3m",
        "opp report turnaround --by type --csv",
        "opp report turnaround --verdict approve --over 168h",
    ),
)
READS = (READ,)
