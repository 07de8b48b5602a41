"""Approvals that are late: every open step past its due time, whom it waits on and how late it is."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from oppcli.errors import UsageError
from oppcli.model.command import BLANK, command
from oppcli.model.nouns import PREFIXES
from oppcli.model.records import COUNTED
from oppcli.model.requests import OPEN, PENDING
from oppcli.model.said import Word, say
from oppcli.model.units import HOUR_MS
from oppcli.reads import population, standins
from oppcli.reads.hours import Hours
from oppcli.reads.table import (
    IN,
    WHERE,
    WITH_ROWS,
    Chart,
    Column,
    Footnote,
    Frame,
    Kind,
    Param,
    Read,
    Row,
    Table,
    ranked,
)
from oppcli.reads.where import Where
from oppcli.store.doors import ReadDoor

COLUMNS = ranked(
    (
        Column("request", Kind.REF),
        Column("deal", Kind.REF),
        Column("title", cut=True),
        Column("customer", cut=True),
        Column("type"),
        Column("step"),
        Column("waiting_on", Kind.LIST, named=True),
        Column("due", Kind.INSTANT),
        Column("overdue_hours", Kind.HOURS, wide=False),
        Column("overdue_business_hours", Kind.HOURS, title=say("LATE"), unit=say("bh"), late=True),
        Column("amount", Kind.MONEY),
        Column("currency", wide=False),
        Column("level", Kind.COUNT, wide=False),
        Column("blocked", Kind.BOOL, wide=False),
        Column("breached_at", Kind.INSTANT, wide=False),
    ),
    "request overdue_business_hours waiting_on amount 1, due 2, deal customer type step 3",
)
NAMES = tuple(column.name for column in COLUMNS)
"""What stands where in the row of a late step; what else was selected of it comes behind."""
BLOCKED = NAMES.index("blocked")
CHART = Chart("bars", ("request", "customer"), ("overdue_business_hours",))
ALL = 2**63 - 1
"""As a LIMIT: none."""
_REQUEST, _DEAL = PREFIXES["request"], PREFIXES["deal"]
_LATE = f"""
SELECT '{_REQUEST}' || p.request_id, p.position, '{_DEAL}' || r.deal_id, d.title, c.name, r.type, p.name, p.due_at,
       r.amount, r.currency, p.level, p.calendar, p.breached_at, s.number, h.number, h.login, r.title, r.submitted_by,
       d.owner{{keys}}
FROM (SELECT request_id, revision, position FROM step WHERE state = '{OPEN}' AND due_at < :now
      ORDER BY request_id + 0, revision, position LIMIT {ALL}) late
CROSS JOIN step p
JOIN request r ON r.id = p.request_id AND r.revision = p.revision AND r.state = '{PENDING}'
JOIN deal d ON d.id = r.deal_id
LEFT JOIN customer c ON c.id = d.customer_id
LEFT JOIN seat s ON s.request_id = p.request_id AND s.revision = p.revision AND s.step = p.position
     AND s.state = '{OPEN}'
LEFT JOIN holder h ON h.request_id = s.request_id AND h.revision = s.revision AND h.step = s.step AND h.seat = s.number
"""
_ORDER = "ORDER BY p.due_at, p.request_id, p.revision, p.position"
"""The index on open steps finds the late ones by due time. Looked up in the order in which requests lie on the disk
instead, each page is read once, which halves the time where many are late. CROSS JOIN tells SQLite to begin there, the
LIMIT to keep that order, and `+ 0` to take the index for it and not all steps."""


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per late step: those with a seat that nobody holds first, then the one due longest ago. Refused to split
    what was overridden."""
    waits = Waiting(door, args, frame)
    if population.split(args):
        from oppcli.reads import overdue_by

        if args.get("overrides"):
            raise UsageError(say("--by counts what is late: --overrides lists approvals"))

        def found(where: Where, keys: str) -> Table:
            rows = late(door, frame, where, waits, keys)
            return _meeting(Table(COLUMNS, rows), args, door, frame)

        return overdue_by.table(door, args, frame, found, NAMES)
    where = population.of_approvals(door, args)
    population.within(where, "p.due_at", args, frame)
    rows = late(door, frame, where, waits)
    notes = _notes(rows, _open_steps(door, args, waits))
    columns = _columns(rows)
    if args.get("overrides"):
        from oppcli.reads import overdue_overrides

        columns, rows = overdue_overrides.beside(columns, rows, door, args, frame.now)
        table = Table(columns, rows, READ.title, notes)
    else:
        table = Table(columns, rows, READ.title, notes, chart=CHART, order="-overdue_business_hours")
    table = _meeting(table, args, door, frame)
    if not args.get("in"):
        return table
    from oppcli.reads.counted_in import counting, in_one

    return in_one(table, counting(door, frame, args["in"]))


def _meeting(table: Table, args: Mapping[str, Any], door: ReadDoor, frame: Frame) -> Table:
    """What meets the conditions of `-w`, before it is counted."""
    if not args.get("where"):
        return table
    from oppcli.reads.narrowing import narrowed

    return narrowed(table, args["where"], door, frame)


def _columns(rows: Iterable[Row]) -> tuple[Column, ...]:
    """As people are told them: what nobody can decide is marked where there is some of it."""
    if not any(row[BLOCKED] for row in rows):
        return COLUMNS
    marked = COLUMNS[BLOCKED]._replace(wide=True, place=10, rank=3)
    return (*COLUMNS[:BLOCKED], marked, *COLUMNS[BLOCKED + 1 :])


def late(door: ReadDoor, frame: Frame, where: Where, waits: "Waiting", keys: str = "") -> list[Row]:
    """A row per late step of these requests that is waited for; behind it what else is selected of it (`keys`)."""
    where.clauses += [f"p.{name} = late.{name}" for name in ("request_id", "revision", "position")]
    sql = _LATE.format(keys=f", {keys}" if keys else "")
    found = door.rows(f"{sql} {where.sql} {_ORDER}", now=frame.now, **where.params)
    rows = shape(found, frame.now, _Late(frame.policy, frame.now).since)
    sellers = {line[0]: line[17:19] for line in found}
    return [row for row in rows if waits.wanted(row[6], row[4], row[10], row[11], sellers[row[0]])]


class Waiting:
    """Whom a step may wait on to be listed: `--waiting-on` names those who hold it, and those who stand in for them."""

    def __init__(self, door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> None:
        people = args.get("waiting_on")
        self._team, self._not_team = map(frozenset, args.get("team") or ((), ()))
        self.asked = people is not None or bool(args.get("team"))
        self._who: Sequence[str] = people[0] if people else ()
        self._not_who: Sequence[str] = people[1] if people else ()
        self._lent = standins.lent(door, self._who, frame) if self._who else {}

    def wanted(
        self,
        holders: Iterable[str],
        kind: str,
        amount: int | None,
        currency: str | None,
        sellers: Collection[str | None] = (),
    ) -> bool:
        """Does it wait on one of these, themselves or as who stands in, and on nobody of those? The `sellers` (who
        submitted it, and the owner) stand in for nobody."""
        held = set(holders)
        if not held.isdisjoint(self._not_who) or not held.isdisjoint(self._not_team):
            return False
        if self._team and held.isdisjoint(self._team):
            return False
        return not self._who or any(
            login in held
            or (login not in sellers and standins.any_for(self._lent.get(login, ()), held, kind, amount, currency))
            for login in self._who
        )


def shape(found: Iterable[Row], now: int, business: Callable[[str, int], int]) -> list[Row]:
    """A row per holder → a row per step, in order; a seat that nobody holds comes as one row without a login.

    `business(calendar, due)` is the business time that has passed since, in milliseconds."""
    first: list[Row] = []
    then: list[Row] = []
    for _, group in groupby(found, key=itemgetter(0, 1)):
        lines = list(group)
        if len(lines) > 1:
            lines.sort(key=itemgetter(13, 14))
        request, _, deal, title, customer, code, step, due, amount, currency, level, calendar, breached, *_ = lines[0]
        kind = Word("type", code, lines[0][16])
        # Somebody who may fill several seats is named once.
        people = tuple(dict.fromkeys([line[15] for line in lines if line[15] is not None]))
        blocked = any(line[15] is None for line in lines)
        late, business_late = (now - due) / HOUR_MS, business(calendar, due) / HOUR_MS
        row = (request, deal, title, customer, kind, step, people, due, late, business_late, amount, currency, level)
        (first if blocked else then).append((*row, blocked, breached, *lines[0][19:]))
    return first + then


class _Late:
    """Business time until now by the calendar that a step names, by default the policy's."""

    def __init__(self, policy: Callable[[], Any], now: int) -> None:
        self._hours, self._now = Hours(policy), now
        self._known: dict[str, tuple[Callable[[int], int], int]] = {}

    def since(self, calendar: str, due: int) -> int:
        if calendar not in self._known:
            worked = self._hours.worked(calendar)
            self._known[calendar] = (worked, worked(self._now))
        worked, until_now = self._known[calendar]
        return until_now - worked(due)


_OPEN = f"""
SELECT p.request_id, p.revision, p.position, h.login, r.type, r.amount, r.currency FROM step p
JOIN request r ON r.id = p.request_id
JOIN deal d ON d.id = r.deal_id
LEFT JOIN holder h ON h.request_id = p.request_id AND h.revision = p.revision AND h.step = p.position
     AND EXISTS (SELECT 1 FROM seat s WHERE s.request_id = h.request_id AND s.revision = h.revision
                 AND s.step = h.step AND s.number = h.seat AND s.state = '{OPEN}')
"""


def _open_steps(door: ReadDoor, args: Mapping[str, Any], waits: Waiting) -> int:
    """How many steps with a due time are open, of those that were asked for."""
    where = population.of_approvals(door, args)
    given = bool(where.clauses)
    where.clauses += [f"p.state = '{OPEN}'", "p.due_at IS NOT NULL"]
    if not waits.asked:
        joined = "JOIN request r ON r.id = p.request_id JOIN deal d ON d.id = r.deal_id" if given else ""
        return int(door.value(f"SELECT count(*) FROM step p {joined} {where.sql}", **where.params) or 0)
    rows = door.rows(f"{_OPEN} {where.sql} ORDER BY p.request_id, p.revision, p.position", **where.params)
    steps = (list(lines) for _, lines in groupby(rows, key=itemgetter(0, 1, 2)))
    return sum(waits.wanted((line[3] for line in lines if line[3]), *lines[0][4:]) for lines in steps)


def _notes(rows: list[Row], opened: int) -> tuple[Footnote, ...]:
    """The population; and seats that nobody holds, which no reminder will ever reach."""
    said = say("{late:,} overdue of {n:,} open {n:step|steps}", late=len(rows), n=opened)
    notes = [Footnote("population", len(rows), said)]
    if blocked := sum(not row[6] for row in rows):
        way = command("request", "transfer", "R-…", "--to", "LOGIN", "-m", BLANK)
        said = say("{n:,} {n:step|steps} with nobody to decide: {command}", n=blocked, command=way)
        notes.append(Footnote("state", blocked, said))
    return tuple(notes)


READ = Read(
    path="report overdue",
    title=say("Overdue approvals"),
    help="approvals past their due time, and whom they wait on",
    standing=COUNTED,
    columns=COLUMNS,
    records=True,
    params=(
        population.APPROVALS_OF,
        population.APPROVALS_OF_TEAM,
        Param("waiting-on", "approvals that wait for this person; !x excludes", "user", many=True),
        population.OF_TYPE,
        population.APPROVALS_OF_PIPELINE,
        Param(
            "by",
            "late steps by waiting_on, type, step, band (days late), or anything of the deals: owner region …; or two",
            "keys",
            ("waiting_on", "type", "step", "band", *population.KEYS),
            metavar="K[,K2]",
        ),
        Param("on", "the date that periods are about", "choice", choices=("due", *population.DATES)),
        Param("period", "due in it: 2026-11 2026Q4 last-week", "period", metavar="P"),
        Param("since", "due on or after", "since"),
        Param("until", "due before the end of this day", "until"),
        population.VS,
        population.TOP,
        population.TOTAL,
        *(IN, WHERE),
        Param("overrides", "a second section: approvals that were overridden in the last 30 days", "flag"),
    ),
    build=build,
    alarm=WITH_ROWS,
    examples=(
        "opp report overdue",
        "opp report overdue --exit-code || mail -s overdue boss",
        "opp due --waiting-on me",
        "opp due --overrides",
        "opp report overdue --by waiting_on,band",
    ),
)
READS = (READ,)
