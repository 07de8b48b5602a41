"""Requests as tables: the list and the inbox, one request with its steps and decisions, a plan before submitting."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from oppcli.model.people import Delegation, User
from oppcli.model.policy import Policy
from oppcli.model.refs import ref
from oppcli.model.requests import APPROVED, LIVE_STATES, OPEN, OVERRIDE, PENDING, RETURNED
from oppcli.model.said import Told, Word, say
from oppcli.model.units import HOUR_MS
from oppcli.reads.table import Column, Kind, Param, Read, Row, Table, ranked
from oppcli.reads.where import Where
from oppcli.rules.delegations import covers
from oppcli.rules.rights import acting
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import decode_said, parsed
from oppcli.tuples import NamedTuple

COLUMNS = ranked(
    (
        Column("id", Kind.REF),
        Column("deal", Kind.REF),
        Column("title", cut=True),
        Column("customer", wide=False),
        Column("type"),
        Column("state", words="state"),
        Column("step", Kind.LIST),
        Column("waiting_on", Kind.LIST, named=True),
        Column("since", Kind.INSTANT, wide=False),
        Column("due", Kind.INSTANT),
        Column("left", Kind.HOURS, title=say("LEFT"), unit=say("bh"), until="due"),
        Column("amount", Kind.MONEY),
        Column("currency", wide=False),
        Column("revision", Kind.COUNT, wide=False),
        Column("changed", named=True),
        Column("blocked", Kind.BOOL),
        Column("submitted_by", Kind.REF, wide=False),
        Column("submitted_at", Kind.INSTANT, wide=False),
        Column("decided_at", Kind.INSTANT, wide=False),
        Column("reason", words="end", wide=False),
        Column("answer", cut=True, named=True),
        Column("asked", Kind.COUNT, named=True),
        Column("override", Kind.BOOL, wide=False),
        Column("terms_open", Kind.COUNT, wide=False),
    ),
    "id due left 1, type 2, amount 1, deal title step waiting_on state changed answer asked blocked 3",
)
"""`left` is business hours until due, negative once overdue; `changed` what differs from the revision before;
`asked` questions that nobody has answered."""
PLACES = {column.name: place for place, column in enumerate(COLUMNS)}

_SELECT = f"""
SELECT r.id, r.deal_id, d.title, c.name, r.type, r.state, r.amount, r.currency, r.revision, r.submitted_by,
       r.submitted_at, r.decided_at, r.reason, d.owner, p.name, p.opened_at, p.due_at, p.calendar, s.number, h.login,
       r.blocked, r.answers, r.title, CASE WHEN r.parts <> '' THEN (
           SELECT count(*) FROM question q WHERE q.request_id = r.id AND q.answered_at IS NULL) ELSE 0 END,
       CASE WHEN r.state = '{APPROVED}' THEN (SELECT count(*) FROM decision o
           WHERE o.request_id = r.id AND o.revision = r.revision AND o.verdict = '{OVERRIDE}') ELSE 0 END,
       CASE WHEN r.state IN ('{APPROVED}', '{PENDING}') AND r.parts LIKE '%terms%' THEN 1 ELSE 0 END
FROM request r
JOIN deal d ON d.id = r.deal_id
LEFT JOIN customer c ON c.id = d.customer_id
LEFT JOIN step p ON p.request_id = r.id AND p.revision = r.revision AND p.state = '{OPEN}'
LEFT JOIN seat s ON s.request_id = p.request_id AND s.revision = p.revision AND s.step = p.position
     AND s.state = '{OPEN}'
LEFT JOIN holder h ON h.request_id = s.request_id AND h.revision = s.revision AND h.step = s.step AND h.seat = s.number
"""
_ORDER = 'ORDER BY r.id, p."group", p.position, s.number, h.number'
_HELD = f"""
r.id IN (SELECT h.request_id FROM holder h
         JOIN seat s ON s.request_id = h.request_id AND s.revision = h.revision AND s.step = h.step
              AND s.number = h.seat AND s.state = '{OPEN}'
         JOIN request w ON w.id = h.request_id AND w.revision = h.revision AND w.state = '{PENDING}'
         JOIN step p ON p.request_id = h.request_id AND p.revision = h.revision AND p.position = h.step
              AND p.state = '{OPEN}'
         WHERE {{}})
"""
_DECIDED = "r.id IN (SELECT v.request_id FROM decision v WHERE v.actor = {} AND NOT v.automatic = 1)"
COPIED = """r.id IN (SELECT n.request_id FROM notice n WHERE n.kind = 'cc' AND n."to" = {})"""
_BLOCKED = "r.id IN (SELECT b.id FROM request b WHERE b.blocked = 1)"


class Filters(NamedTuple):
    """What to list."""

    states: Sequence[str] = ()
    types: Sequence[str] = ()
    not_states: Sequence[str] = ()
    not_types: Sequence[str] = ()
    deal_id: int | None = None
    submitted_by: str | None = None
    decided_by: str | None = None
    """Who said yes or no in one of its revisions, for themselves or for somebody else."""
    copied_to: str | None = None
    """Who was sent a copy."""
    owners: Sequence[str] = ()
    """Whose deals."""
    waiting_on: str | None = None
    """Somebody who may decide now, for themselves or for those who delegated to them."""
    delegations: Sequence[Delegation] = ()
    """Those in force to that person."""
    may: Callable[[int], bool] = lambda number: True
    """Whether a delegation really lets them decide request `number`: they may have voted in its step already, or have
    a part in the deal."""
    terms: Callable[[int], tuple[int, str]] = lambda number: (0, "")
    """How many conditions of request `number` are open, and its state as people are told it."""
    blocked: bool = False
    """Also what nobody can decide (an admin must assign it)."""

    def where(self) -> Where:
        """The filters as SQL over `request r`."""
        found = Where()
        found.among("r.state", self.states, self.not_states)
        found.among("r.type", self.types, self.not_types)
        found.equals("r.deal_id", self.deal_id)
        found.equals("r.submitted_by", self.submitted_by)
        if self.decided_by is not None:
            found.clauses.append(_DECIDED.format(found.name(self.decided_by)))
        if self.copied_to is not None:
            found.clauses.append(COPIED.format(found.name(self.copied_to)))
        found.among("d.owner", self.owners)
        if self.waiting_on is not None:
            found.clauses.append(self._waiting(found))
        return found

    def _waiting(self, found: Where) -> str:
        logins = dict.fromkeys((self.waiting_on, *(item.frm for item in self.delegations)))
        held = _HELD.format(f"h.login IN ({', '.join(found.name(login) for login in logins)})")
        return f"({held} OR {_BLOCKED})" if self.blocked else held

    def wanted(self, line: "Line") -> bool:
        """Whether the person may act on it: it is held by them, or by somebody whose delegation covers it."""
        if self.waiting_on is None or self.waiting_on in line.waiting_on or (self.blocked and line.blocked):
            return True
        amount, kind = line.head[6], line.head[4]
        lent = any(item.frm in line.waiting_on and covers(item, kind, amount) for item in self.delegations)
        return lent and self.may(line.head[0])


class Line(NamedTuple):
    """One request with what is open of it."""

    head: Row
    steps: tuple[str, ...]
    waiting_on: tuple[str, ...]
    since: int | None
    due: int | None
    calendar: str | None
    blocked: bool


def listing(door: ReadDoor, filters: Filters, *, now: int, policy: Callable[[], Policy]) -> Table:
    """Requests by id; with `waiting_on`, those nobody can decide first, then by due time. The `policy` is asked for
    only where something is due."""
    where = filters.where()
    rows = door.rows(f"{_SELECT} {where.sql} {_ORDER}", **where.params)
    people: Mapping[str, User] = {}
    if any(row[5] == RETURNED for row in rows):
        people = {user.login: user for user in door.find(User)}
    found = (_line(list(group), people) for _, group in groupby(rows, key=itemgetter(0)))
    lines = [line for line in found if filters.wanted(line)]
    if filters.waiting_on is not None:
        lines.sort(key=lambda line: (not line.blocked, line.due is None, line.due or 0, line.head[0]))
    changes = _changes(door, [line.head[0] for line in lines if line.head[8] > 1])
    left = _left(lines, now, policy)
    rows = [_row(line, left, changes, filters.terms) for line in lines]
    dull = {"state"} if filters.waiting_on is not None else set[str]()
    return Table(_columns(rows, dull), rows, title=say("Requests"), exact=True, records=True, order="due")


def _columns(rows: list[Row], dull: set[str]) -> tuple[Column, ...]:
    """What changed, what was answered and that nobody can decide is shown where there is something, for who decides
    needs to see it; a state that all have is not."""
    dull |= {name for name in ("changed", "answer", "asked", "blocked") if not any(row[PLACES[name]] for row in rows)}
    return tuple(column._replace(wide=False) if column.name in dull else column for column in COLUMNS)


def _line(rows: list[Row], people: Mapping[str, User]) -> Line:
    head = rows[0]
    opened = [row for row in rows if row[14] is not None]
    holders = [row[19] for row in opened if row[19] is not None]
    first = min(opened, key=lambda row: (row[16] is None, row[16] or 0), default=None)
    return Line(
        head,
        tuple(dict.fromkeys(row[14] for row in opened)),
        # Returned, it waits for whoever may send it on; who holds the paused seats has nothing to do.
        acting((head[9], head[13]), people) if head[5] == RETURNED else tuple(dict.fromkeys(holders)),
        min((row[15] for row in opened if row[15] is not None), default=None),
        first[16] if first else None,
        first[17] if first else None,
        bool(head[20]),
    )


def _left(lines: list[Line], now: int, policy: Callable[[], Policy]) -> Callable[[Line], float | None]:
    """Business hours from now until due, by the calendar of the step that is due first; one that the policy has no more
    means its own."""
    if not any(line.due is not None for line in lines):
        return lambda line: None
    from oppcli.rules import clock

    known = policy()

    def left(line: Line) -> float | None:
        if line.due is None or line.calendar is None:
            return None
        return clock.between(known.hours(line.calendar), now, line.due) / HOUR_MS

    return left


def _changes(door: ReadDoor, numbers: Iterable[int]) -> dict[int, str]:
    """What the current revision shows differently from the one before, by request."""
    found = {}
    for number in numbers:
        from oppcli.rules.approvals.situation import differing

        rows = door.rows("SELECT snapshot FROM revision WHERE request_id = :id ORDER BY number DESC LIMIT 2", id=number)
        found[number] = differing(*(parsed(row[0]) for row in reversed(rows)))
    return found


def _row(
    line: Line,
    left: Callable[[Line], float | None],
    changes: Mapping[int, str],
    terms: Callable[[int], tuple[int, str]],
) -> Row:
    number, deal, title, customer, name, state, amount, currency, revision, by, at, decided, reason, *_ = line.head
    override, with_terms = line.head[24:26]
    waits, said = terms(number) if with_terms or override else (0, "")
    return (
        ref("request", number),
        ref("deal", deal),
        title,
        customer,
        Word("type", name, line.head[22] or ""),
        Told(state, said) if said else state,
        line.steps,
        line.waiting_on,
        line.since,
        line.due,
        left(line),
        amount,
        currency,
        revision,
        changes.get(number),
        line.blocked,
        by,
        at,
        decided,
        reason and decode_said(reason),
        _answer(line),
        line.head[23] if line.head[5] in LIVE_STATES else 0,
        bool(override),
        waits,
    )


def _answer(line: Line) -> str | None:
    """What was said when it was last sent on."""
    return None if line.head[21] == "[]" else str(parsed(line.head[21])[-1]["text"])


READS = (
    Read(
        path="request list",
        title="Requests",
        help="Requests, by id; with --waiting-on by due time",
        columns=COLUMNS,
        records=True,
        params=(
            Param("waiting-on", "me or a login: who may decide", metavar="LOGIN"),
            Param("state", "pending, returned, approved …; !x excludes", many=True, metavar="STATE"),
            Param("type", "a type of the policy; !x excludes", many=True, metavar="TYPE"),
            Param("deal", "of this deal", metavar="DEAL"),
            Param("submitted-by", "submitted by me or a login", short="--by", metavar="LOGIN"),
            Param("decided-by", "that I or a login decided in", metavar="LOGIN"),
            Param("cc", "of which a copy went to me or a login", metavar="LOGIN"),
            Param("team", "of the deals of who is at or below this person in the lines", metavar="LOGIN"),
        ),
        examples=("opp request list --waiting-on me", "opp request list --state pending --deal D-142 -o json"),
    ),
    Read(
        path="inbox",
        title="Inbox",
        help="Requests you may decide now, for yourself or for somebody who delegated to you; by due time",
        columns=COLUMNS,
        records=True,
        params=(
            Param("type", "a type of the policy; !x excludes", many=True, metavar="TYPE"),
            Param("deal", "of this deal", metavar="DEAL"),
        ),
        examples=("opp inbox", "opp inbox --ids | xargs opp approve"),
    ),
)
