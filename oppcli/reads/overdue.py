"""Approvals that are late: every open step past its due time, whom it waits on and how late it is."""

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

from oppcli.model.command import BLANK, command
from oppcli.model.said import say
from oppcli.reads.hours import HOUR_MS, Hours
from oppcli.reads.table import Column, Frame, Kind, Param, Report, Row, Table
from oppcli.reads.where import Where
from oppcli.store.doors import ReadDoor

COLUMNS = (
    Column("request", Kind.REF),
    Column("deal", Kind.REF),
    Column("title", wide=False),
    Column("customer"),
    Column("type"),
    Column("step"),
    Column("waiting_on", Kind.LIST),
    Column("due", Kind.INSTANT),
    Column("overdue_hours", Kind.HOURS, wide=False),
    Column("overdue_business_hours", Kind.HOURS, title="LATE", unit="bh"),
    Column("amount", Kind.MONEY),
    Column("currency", wide=False),
    Column("level", Kind.COUNT, wide=False),
    Column("blocked", Kind.BOOL, wide=False),
    Column("breached_at", Kind.INSTANT, wide=False),
)
SECTION = (Column("section"),)
WHY = (Column("by", Kind.REF), Column("reason"))
OVERRIDE_DAYS = 30
"""How long an override is listed."""
ALL = 2**63 - 1
"""As a LIMIT: none."""
_LATE = f"""
SELECT 'R-' || p.request_id, p.position, 'D-' || r.deal_id, d.title, c.name, r.type, p.name, p.due_at, r.amount,
       r.currency, p.level, p.calendar, p.breached_at, s.number, h.number, h.login
FROM (SELECT request_id, revision, position FROM step WHERE state = 'open' AND due_at < :now
      ORDER BY request_id + 0, revision, position LIMIT {ALL}) late
CROSS JOIN step p
JOIN request r ON r.id = p.request_id AND r.revision = p.revision AND r.state = 'pending'
JOIN deal d ON d.id = r.deal_id
LEFT JOIN customer c ON c.id = d.customer_id
LEFT JOIN seat s ON s.request_id = p.request_id AND s.revision = p.revision AND s.step = p.position
     AND s.state = 'open'
LEFT JOIN holder h ON h.request_id = s.request_id AND h.revision = s.revision AND h.step = s.step AND h.seat = s.number
"""
_ORDER = "ORDER BY p.due_at, p.request_id, p.revision, p.position"
"""The index on open steps finds the late ones by due time. Looked up in the order in which requests lie on the disk
instead, each page is read once, which halves the time where many are late. CROSS JOIN tells SQLite to begin there, the
LIMIT to keep that order, and `+ 0` to take the index for it and not all steps."""


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per late step: those with a seat that nobody holds first, then the one due longest ago."""
    where = Where()
    where.clauses += [f"p.{name} = late.{name}" for name in ("request_id", "revision", "position")]
    where.among("d.owner", *(args.get("owner") or ((), ())))
    where.among("r.type", *(args.get("type") or ((), ())))
    found = door.rows(f"{_LATE} {where.sql} {_ORDER}", now=frame.now, **where.params)
    rows = shape(found, frame.now, _Late(frame.policy, frame.now).since)
    if people := args.get("waiting_on"):
        rows = [row for row in rows if wanted(row[6], *people)]
    notes = _notes(door, rows, frame.now)
    if not args.get("overrides"):
        return Table(COLUMNS, rows, REPORT.title, notes)
    late = [("overdue", *row, None, None) for row in rows]
    return Table(SECTION + COLUMNS + WHY, late + overridden(door, args, frame.now), REPORT.title, notes)


def wanted(holders: Iterable[str], who: Iterable[str], not_who: Iterable[str]) -> bool:
    """Does it wait on one of these, and on nobody of those?"""
    held = set(holders)
    return (not who or not held.isdisjoint(who)) and held.isdisjoint(not_who)


def shape(found: Iterable[Row], now: int, business: Callable[[str, int], int]) -> list[Row]:
    """A row per holder → a row per step, in order; a seat that nobody holds comes as one row without a login.

    `business(calendar, due)` is the business time that has passed since, in milliseconds."""
    first: list[Row] = []
    then: list[Row] = []
    for _, group in groupby(found, key=itemgetter(0, 1)):
        lines = list(group)
        if len(lines) > 1:
            lines.sort(key=itemgetter(13, 14))
        request, _, deal, title, customer, kind, step, due, amount, currency, level, calendar, breached, *_ = lines[0]
        # Somebody who may fill several seats is named once.
        people = tuple(dict.fromkeys([line[15] for line in lines if line[15] is not None]))
        blocked = any(line[15] is None for line in lines)
        late, business_late = (now - due) / HOUR_MS, business(calendar, due) / HOUR_MS
        row = (request, deal, title, customer, kind, step, people, due, late, business_late, amount, currency, level)
        (first if blocked else then).append((*row, blocked, breached))
    return first + then


_OVERRIDES = """
SELECT 'R-' || r.id, 'D-' || r.deal_id, d.title, c.name, r.type, r.amount, r.currency, o.actor, o.reason
FROM decision o
JOIN request r ON r.id = o.request_id
JOIN deal d ON d.id = r.deal_id
LEFT JOIN customer c ON c.id = d.customer_id
"""


def overridden(door: ReadDoor, args: Mapping[str, Any], now: int) -> list[Row]:
    """Approvals that an admin gave past the people asked in the last 30 days, as rows of the second section."""
    where = Where()
    where.clauses.append("o.verdict = 'override'")
    where.at_least("o.at", now - OVERRIDE_DAYS * 24 * HOUR_MS)
    where.among("d.owner", *(args.get("owner") or ((), ())))
    where.among("r.type", *(args.get("type") or ((), ())))
    found = door.rows(f"{_OVERRIDES} {where.sql} ORDER BY o.at, o.request_id, o.number", **where.params)
    no_step, not_late, no_level = (None, ()), (None,) * 3, (None,) * 3
    return [
        ("override", *about, *no_step, *not_late, amount, currency, *no_level, by, reason)
        for *about, amount, currency, by, reason in found
    ]


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


def _notes(door: ReadDoor, rows: list[Row], now: int) -> tuple[str, ...]:
    """The population; and seats that nobody holds, which no reminder will ever reach."""
    row = door.one("SELECT count(*) FROM step WHERE state = 'open' AND due_at IS NOT NULL")
    blocked = sum(not row[6] for row in rows)
    notes = [say("{rows:,} overdue of {row:,} {row:open step|open steps}", rows=len(rows), row=row[0] if row else 0)]
    if blocked:
        transfer = command("request", "transfer", "R-…", "--to", "LOGIN", "-m", BLANK)
        notes.append(say("{n:,} {n:step|steps} with nobody to decide: {transfer}", n=blocked, transfer=transfer))
    return tuple(notes)


REPORT = Report(
    name="overdue",
    title=say("Overdue approvals"),
    columns=COLUMNS,
    params=(
        Param("owner", "approvals of this person's deals; !x excludes", "user", many=True),
        Param("waiting-on", "approvals that wait for this person; !x excludes", "user", many=True),
        Param("type", "approvals of this type; !x excludes", many=True),
        Param("overrides", "a second section: approvals that were overridden in the last 30 days", "flag"),
    ),
    build=build,
    alarm=True,
    examples=(
        "opp report overdue",
        "opp report overdue --exit-code || mail -s overdue boss",
        "opp due --waiting-on me",
        "opp due --overrides",
    ),
)
