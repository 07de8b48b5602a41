"""What a person should do next: all that waits for them, the most urgent first, each with its one command."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from oppcli.model import money
from oppcli.model.command import BLANK, Command, command
from oppcli.model.nouns import PREFIXES
from oppcli.model.policy import Policy
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.model.units import MINUTE_MS, LastMinute
from oppcli.reads import promised_work, waiting_work
from oppcli.reads.table import Column, Footnote, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.reads.waiting_work import Item, Work
from oppcli.reads.worths import SELECTED, Worth, expected
from oppcli.rules import dues, urgency
from oppcli.rules.dues import Due
from oppcli.store.doors import ReadDoor
from oppcli.store.doors import Row as Cells
from oppcli.tuples import NamedTuple
from oppcli.words import zones

COLUMNS = ranked(
    (
        Column("urgency", Kind.COUNT),
        Column("kind", words="urgency"),
        Column("ref", Kind.REF),
        Column("deal", Kind.REF, wide=False),
        Column("title", cut=True),
        Column("customer", cut=True),
        Column("who", Kind.REF, title=say("WHOSE")),
        Column("due", Kind.INSTANT),
        Column("late_days", Kind.COUNT),
        Column("amount", Kind.MONEY),
        Column("value", Kind.MONEY, wide=False),
        Column("currency", wide=False),
        Column("reason", cut=True),
        Column("command", alone=True),
    ),
    "urgency ref due 1, kind 2, amount 1, title customer who late_days reason 3, command 1",
)
"""`due` of what has a day and no hour is the last minute of that day; `late_days` are the dates that have passed
since, 0 on the day itself; `value` is the expected value of the deal."""
ALWAYS = frozenset(
    (
        *(urgency.DECISION, urgency.BLOCKED, urgency.ASKED, urgency.FIRST_CONTACT, urgency.RETURNED, urgency.HANDOVER),
        *(urgency.CONFLICT, urgency.MUST, urgency.WARNED, urgency.PROPOSAL, urgency.ROTTING, urgency.NOSTEP),
    )
)
"""What is listed although it is not due yet: it waits for an answer."""

GUIDED = frozenset(
    (urgency.FIRST_CONTACT, urgency.MUST, urgency.FOLLOW, urgency.DEADLINE, urgency.ROTTING, urgency.NOSTEP)
)
"""What is told with the guide of the deal's stage: what a seller does there."""


class About(NamedTuple):
    """The deal that something is about."""

    title: str
    customer: str | None
    stage: str
    worth: Worth


def work(door: ReadDoor, work: Work, frame: Frame, days: int = 0) -> Table:
    """All that waits for them: urgency descending, then due, then by reference. With `days` also what is due within so
    many days from today."""
    today = zones.today(frame.now, frame.tz)
    theirs = waiting_work.of_theirs(door, work, frame.policy())
    items = list(_listed(_items(door, work, frame, theirs, today), today, days, frame.tz))
    found = _deals(door, {item.deal for item in items if item.deal is not None}, theirs)
    ranks = _Ranks(frame, found, work)
    lines = sorted(map(ranks.ranked, (item for item in items if item.deal is None or item.deal in found)), key=_order)
    # Told one by one, so that a limit spares the rest.
    rows = map(ranks.row, lines) if lines else []
    waits = Footnote("population", len(lines), say("{n:,} {n:thing waits|things wait}", n=len(lines)))
    return Table(COLUMNS, rows, NEXT.title, (waits,), records=True, exact=True)


def _items(door: ReadDoor, work: Work, frame: Frame, theirs: list[Cells], today: date) -> Iterator[Item]:
    yield from waiting_work.answers(door, work, frame.policy)
    yield from promised_work.waiting(door, work, frame.policy())
    yield from waiting_work.neglected(theirs, frame, today)


def _listed(items: Iterable[Item], today: date, days: int, tz: str) -> Iterator[Item]:
    """Those to be done by then; of a deal whose follow-up or first contact is listed neither that it rots nor that it
    has no next step: the same note would answer both."""
    kept = [item for item in items if item.kind in ALWAYS or _near(item, today, days, tz)]
    planned = {item.deal for item in kept if item.kind in (urgency.FOLLOW, urgency.FIRST_CONTACT)}
    return (item for item in kept if item.kind not in (urgency.ROTTING, urgency.NOSTEP) or item.deal not in planned)


def _near(item: Item, today: date, days: int, tz: str) -> bool:
    day = dues.date_of(item.due, tz)
    return day is None or (day - today).days <= days


def counted(table: Table) -> Table:
    """Only how many: a number for a line of status."""
    number = table.notes[0].count or 0
    return Table((Column("count", Kind.COUNT),), [(number,)], NEXT.title, single=True, prose=str(number))


_ABOUT = f"""
SELECT d.id, d.title, c.name, s.name, {SELECTED}
FROM deal d JOIN stage s ON s.id = d.stage_id LEFT JOIN customer c ON c.id = d.customer_id
"""


def _deals(door: ReadDoor, numbers: set[int], known: Iterable[Cells]) -> dict[int, About]:
    """What is told of these deals, by number; their live ones are known."""
    found = {row[0]: _about(row[1:4], row[waiting_work.TELLS :]) for row in known if row[0] in numbers}
    if rest := numbers - found.keys():
        condition, given = door.any_of("d.id", "deals", sorted(rest))
        for key, *row in door.rows(f"{_ABOUT} WHERE {condition}", deals=given):
            found[key] = _about(row[:3], row[3:])
    return found


def _about(told: Sequence[Any], worth: Sequence[Any]) -> About:
    title, customer, stage = told
    return About(title, customer, stage, Worth(*worth))


class Line(NamedTuple):
    """One thing that waits, ranked."""

    item: Item
    about: About | None
    value: Decimal | None
    urgent: urgency.Urgency
    due: int | None


def _order(line: Line) -> tuple[Any, ...]:
    """Urgency descending, then what is due first, then by reference."""
    return -line.urgent.total, line.due is None, line.due or 0, PREFIXES[line.item.noun], line.item.key


class _Ranks:
    """Rows of things that wait, with how urgent they are."""

    def __init__(self, frame: Frame, deals: dict[int, About], work: Work) -> None:
        self._frame, self._deals, self._work = frame, deals, work
        self._policy: Policy = frame.policy()
        self._today = zones.today(frame.now, frame.tz)
        self._hours = self._policy.hours().hours_on
        # Of thousands of things few have a due day of their own.
        self._off = cache(self._dates)
        self._last_minute = cache(self._minute)

    def ranked(self, item: Item) -> "Line":
        """How urgent it is, and what it is about."""
        about = None if item.deal is None else self._deals[item.deal]
        value = None if about is None else expected(about.worth, self._policy)
        late, ahead = self._off(item.due)
        urgent = urgency.urgency(item.kind, late=late, ahead=ahead, value=value)
        return Line(item, about, value, urgent, self._last_minute(item.due))

    def row(self, line: "Line") -> Row:
        item, about, value, urgent, until = line
        what = item.told
        reason = say("{what}: {parts}", what=what, parts=urgent.reason)
        if item.who is not None and item.who not in self._work.logins:
            reason = say("{what}, for {who}", what=reason, who=item.who)
        stage = None if about is None or item.kind not in GUIDED else self._policy.stage(about.stage)
        if stage is not None and stage.guide:
            reason = say("{what}. {stage}: {guide}", what=reason, stage=stage.name, guide=stage.guide)
        due = dues.date_of(item.due, self._frame.tz)
        late = (self._today - due).days if due is not None and self._late(item) else None
        return (
            *(urgent.total, item.kind, ref(item.noun, item.key)),
            None if item.deal is None else ref("deal", item.deal),
            *((what, item.customer) if about is None else (about.title, about.customer)),
            *(item.who, until, late),
            *_money(about, value),
            *(reason, done_by(item)),
        )

    def _dates(self, due: Due) -> tuple[int, int]:
        """How many business dates it is late, and how many ahead."""
        now, tz = self._frame.now, self._frame.tz
        return dues.late_dates(due, now, tz, self._works), dues.dates_ahead(due, now, tz, self._works)

    def _works(self, day: date) -> bool:
        return bool(self._hours(day))

    def _late(self, item: Item) -> bool:
        if item.due.at is not None:
            return item.due.at < self._frame.now
        return item.due.on is not None and item.due.on <= self._today

    def _minute(self, due: Due) -> int | None:
        """The instant of it; of a day its last minute."""
        if due.at is not None or due.on is None:
            return due.at
        return LastMinute((dues.late_from(due, self._frame.tz) or 0) - MINUTE_MS)


def _money(about: About | None, value: Decimal | None) -> tuple[Any, Any, Any]:
    """amount, value, currency."""
    if about is None:
        return None, None, None
    currency = about.worth.currency
    return about.worth.amount, None if value is None else money.to_minor(value, currency), currency


def done_by(item: Item) -> Command:
    """The one command that does it."""
    own = item.command and item.command()
    if own is not None:
        return own
    name = ref(item.noun, item.key)
    if item.kind in NOTED and item.deal is not None:
        return command("note", ref("deal", item.deal), BLANK)
    if item.kind == urgency.NOSTEP:
        return command("note", name, BLANK, "--next", BLANK)
    if item.kind == urgency.CLOSE:
        return command("deal", "edit", name, "--close", BLANK)
    return command(*_VERBS.get(item.kind, ("show",)), name)


NOTED = frozenset((urgency.FIRST_CONTACT, urgency.FOLLOW, urgency.ROTTING, urgency.WARNED))
"""What ends when somebody is in touch, and says so."""
_VERBS = {
    urgency.DECISION: ("approve",),
    urgency.RETURNED: ("request", "show"),
    urgency.PROPOSAL: ("proposal", "show"),
    urgency.HANDOVER: ("done",),
    urgency.MUST: ("done",),
    urgency.TASK: ("done",),
}

NEXT = Read(
    path="next",
    title=say("What to do next"),
    help="What waits for you, the most urgent first, each with the one command that does it",
    columns=COLUMNS,
    records=True,
    params=(
        Param("team", "what waits for who is at or below this person in the lines: me, a login or a name", "person"),
        Param("owner", "what waits for this person; me, a login or a name", "person"),
        Param("days", "also what is due within so many days", metavar="N"),
        Param("count", "only how many", "flag"),
    ),
    examples=("opp next", "opp next --days 7", "opp next --team me -o csv", "opp next --count"),
)
HOME = NEXT._replace(path="", title=say("What waits for you"), params=(), examples=())
"""`opp` with a flag of reads (`opp -o json`); without one it is `opp next -L 8`."""
READS = (NEXT,)
