"""Promises to customers, kept and missed, by what was promised first; and how customers are looked after."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from oppcli.model.follow import DEADLINE, FOLLOW
from oppcli.model.policy import Policy
from oppcli.model.records import COUNTED
from oppcli.model.relations import Deadline
from oppcli.model.said import Said, say
from oppcli.model.units import DAY_MS
from oppcli.reads import touch_rows
from oppcli.reads.table import Chart, Column, Footnote, Frame, Kind, Read, Row, Table, ranked
from oppcli.rules import dues, follow_figures, idling
from oppcli.rules.dues import stored
from oppcli.rules.follow_figures import KEPT, MISSED, Promise
from oppcli.rules.gate_words import TOUCH
from oppcli.rules.statistics import Listed, median, share
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import NEXT_STEP
from oppcli.store.queries import LIVE_DEAL

COLUMNS = ranked(
    (
        Column("person", Kind.REF),
        Column("due", Kind.COUNT, title=say("PROMISED")),
        Column("kept", Kind.COUNT),
        Column("missed", Kind.COUNT),
        Column("missed_rate", Kind.FRACTION),
        Column("postponed", Kind.COUNT),
        Column("touches", Kind.COUNT),
        Column("doubled", Kind.COUNT),
        Column("doubled_rate", Kind.FRACTION),
        Column("deals", Kind.COUNT),
        Column("covered", Kind.COUNT),
        Column("coverage", Kind.FRACTION),
        Column("median_gap_days", Kind.DAYS, title=say("MEDIAN GAP"), unit=say("d")),
    ),
    "person due missed missed_rate 1, kept postponed 3, touches doubled doubled_rate 4, deals coverage 2, covered 5,"
    " median_gap_days 3",
)
_PROMISES = f"""
SELECT t.deal_id, t.kind, t.origin, t.promised_on, t.promised_at, t.state, t.done_at, t.moves, t.assignee, d.owner
FROM task t LEFT JOIN deal d ON d.id = t.deal_id
WHERE t.kind IN ('{FOLLOW}', '{DEADLINE}') AND (t.promised_on IS NOT NULL OR t.promised_at IS NOT NULL)
ORDER BY t.id
"""
_COVERED = f"""
SELECT d.id, d.owner, n.id, n.due_on, n.due_at FROM deal d JOIN stage s ON s.id = d.stage_id
{NEXT_STEP}
WHERE d.owner IS NOT NULL AND {LIVE_DEAL}
"""


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per person, whoever missed most first: promises that lay in the time asked for and are past, touches in it,
    and how many of their live deals have a follow-up now."""
    asked, policy = touch_rows.Asked(door, args, frame), frame.policy()
    figures: dict[str, _Figures] = defaultdict(_Figures)
    tenures = touch_rows.tenures(door)
    for promise in _promises(door, policy, frame):
        kept = follow_figures.outcome(promise, frame.now)
        who = follow_figures.holder(promise, tenures)
        if (
            kept
            and who is not None
            and asked.deal(promise.deal)
            and asked.person(who)
            and asked.at(promise.late_from - 1)
        ):
            figures[who].promise(kept, moved=promise.moves > 0)
    _touched(door, policy, asked, figures)
    for deal, owner, step, on, at in door.rows(_COVERED):
        if asked.deal(deal) and asked.person(owner):
            figures[owner].deal(covered=step is not None and not dues.late(stored(on, at), frame.now, frame.tz))
    rows = sorted((each.row(who) for who, each in figures.items()), key=lambda row: (-row[3], -row[1], row[0]))
    total = _Figures.of_all(figures.values())
    return Table(
        COLUMNS,
        rows,
        READ.title,
        (*total.notes(), *asked.notes),
        total=total.told(),
        summed=total.summed(),
        chart=CHART,
    )


def _promises(door: ReadDoor, policy: Policy, frame: Frame) -> Iterable[Promise]:
    """Follow-ups, and deadlines that a touch alone meets."""
    for deal, kind, origin, on, at, state, ended, moves, assignee, owner in door.rows(_PROMISES):
        if kind == DEADLINE and not _by_touch(origin, policy):
            continue
        late = dues.late_from(stored(on, at), frame.tz)
        if late is not None:
            yield Promise(deal, late, state, ended, moves, assignee, owner)


def _by_touch(origin: str | None, policy: Policy) -> bool:
    rule: Deadline | None = policy.follow.opening(origin) if policy.follow is not None else None
    return rule is not None and tuple(rule.done) == (TOUCH,)


def _touched(door: ReadDoor, policy: Policy, asked: touch_rows.Asked, figures: "dict[str, _Figures]") -> None:
    """The touches in the time asked for, those that were the second of two, and the gaps before them."""
    # What came so shortly before the time asked for makes a touch in it the second of two.
    since = None if asked.since is None else asked.since - follow_figures.DOUBLED_WITHIN
    every = touch_rows.touches(door, idling.touching(policy), since, asked.until)
    together = touch_rows.together(door) if every else {}
    wanted = [touch for touch in every if asked.at(touch.at) and asked.deal(touch.deal)]
    for touch in wanted:
        if asked.person(touch.who):
            figures[touch.who].touches += 1
    within = {touch.id for touch in wanted}
    for touch in follow_figures.doubled(every, together):
        if touch.id in within and asked.person(touch.who):
            figures[touch.who].doubled += 1
    for who, gaps in follow_figures.gaps(wanted).items():
        if asked.person(who):
            figures[who].gaps += gaps


class _Figures:
    """Those of one person, or of all."""

    def __init__(self) -> None:
        self.kept = self.missed = self.postponed = self.touches = self.doubled = self.deals = self.covered = 0
        self.gaps: list[int] = []

    @classmethod
    def of_all(cls, every: "Iterable[_Figures]") -> "_Figures":
        made = cls()
        for each in every:
            for name, value in vars(each).items():
                setattr(made, name, getattr(made, name) + value)
        return made

    def promise(self, outcome: str, *, moved: bool) -> None:
        self.kept += outcome == KEPT
        self.missed += outcome == MISSED
        self.postponed += moved

    def deal(self, *, covered: bool) -> None:
        self.deals += 1
        self.covered += covered

    def row(self, who: str) -> Row:
        due = self.kept + self.missed
        gap = median(Listed(self.gaps))
        return (
            *(who, due, self.kept, self.missed, share(self.missed, due), self.postponed),
            *(self.touches, self.doubled, share(self.doubled, self.touches)),
            *(self.deals, self.covered, share(self.covered, self.deals)),
            None if gap is None else gap / DAY_MS,
        )

    def told(self) -> dict[str, Any]:
        names = (column.name for column in COLUMNS[1:])
        return dict(zip(names, self.row("")[1:], strict=True))

    def summed(self) -> tuple[Said, ...]:
        """All people in a sentence."""
        due = self.kept + self.missed
        if not due and not self.deals:
            return ()
        told = {"missed": self.missed, "due": due, "covered": self.covered, "deals": self.deals}
        return (
            say(
                "all together: {missed:,} of {due:,} {due:promise|promises} missed, "
                "{covered:,} of {deals:,} live {deals:deal|deals} covered",
                **told,
            ),
        )

    def notes(self) -> tuple[Footnote, ...]:
        due = self.kept + self.missed
        said = say("{missed:,} of {n:,} {n:promise|promises} missed", missed=self.missed, n=due)
        return (Footnote("population", due, said),)


CHART = Chart("bars", ("person",), ("missed_rate",))
READ = Read(
    path="report followup",
    title=say("Follow-up"),
    help="promises kept and missed by what was promised first, touches, deals with a follow-up, per person",
    standing=COUNTED,
    columns=COLUMNS,
    params=touch_rows.CHOSEN,
    build=build,
    examples=("opp report followup --since -1m", "opp report followup --team me -o csv"),
)
READS = (READ,)
