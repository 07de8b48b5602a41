"""What a person should do next: overdue first, then due today, then decisions that wait, then stale next steps."""

from collections.abc import Callable, Iterator

from oppcli.model.command import BLANK, command
from oppcli.model.deals import LIVE_KINDS
from oppcli.model.people import ADMIN, User
from oppcli.model.refs import ref
from oppcli.model.requests import OPEN, PENDING, RETURNED
from oppcli.model.said import Said, Word, say
from oppcli.reads.table import Column, Kind, Read, ranked
from oppcli.rules.rights import acting
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import NEXT_STEP
from oppcli.tuples import NamedTuple

BLOCKED, DECISION, BACK, STEP, CLOSE = KINDS = ("blocked", "decision", "returned", "step", "close")
MOST_DEALS = 20
"""Deals that the page itself looks for; programs are told all."""

COLUMNS = ranked(
    (
        Column("kind", words="next"),
        Column("ref", Kind.REF),
        Column("deal", Kind.REF, wide=False),
        Column("title", cut=True),
        Column("customer", cut=True),
        Column("who", Kind.REF, title=say("WHOSE")),
        Column("due", Kind.INSTANT),
        Column("late_days", Kind.COUNT),
        Column("amount", Kind.MONEY),
        Column("currency", wide=False),
        Column("reason", cut=True),
        Column("command", alone=True),
    ),
    "ref due 1, kind 2, amount 1, title customer who late_days reason 3, command 1",
)
"""`due` of what has a day and no hour is the last minute of that day; `late_days` are the dates that have passed
since, 0 on the day itself."""
HOME = Read(
    path="",
    title=say("What waits for you"),
    help="What waits for you, the most urgent first, each with its command",
    columns=COLUMNS,
    records=True,
)
"""`opp` with a flag of reads (`opp -o json`); without one it is the page of the next steps."""


class About(NamedTuple):
    """The deal that something is about, and how much."""

    deal: int
    title: str
    customer: str | None
    amount: int | None
    currency: str | None


class Step(NamedTuple):
    """One thing that waits: how urgent, what it is, and the command that does it."""

    rank: int
    kind: str
    ref: str
    about: About
    who: str | None
    """Whose it is: theirs, or that of whom they stand in for; None where it is nobody's."""
    due: int | str | None
    """An instant, or a day."""
    reason: str
    """Why it is here."""
    text: str
    """The same with the deal's title: the line of the home page."""
    command: str


_ABOUT = "d.id, d.title, c.name, r.amount, r.currency"
_DEAL = "JOIN deal d ON d.id = r.deal_id LEFT JOIN customer c ON c.id = d.customer_id"
_SEATS = f"""
SELECT r.id, r.type, r.title, st.due_at, st.name, h.login, {_ABOUT}
FROM holder h
JOIN seat se ON se.request_id = h.request_id AND se.revision = h.revision AND se.step = h.step AND se.number = h.seat
JOIN request r ON r.id = h.request_id AND r.revision = h.revision AND r.state = '{PENDING}'
JOIN step st ON st.request_id = h.request_id AND st.revision = h.revision AND st.position = h.step
     AND st.state = '{OPEN}'
{_DEAL}
WHERE se.state = '{OPEN}' AND (h.login = :login OR h.login IN (
      SELECT g.frm FROM delegation g WHERE g."to" = :login AND g.starts_at <= :now AND g.ends_at > :now))
ORDER BY st.due_at, r.id, h.login <> :login
"""

_RETURNED = f"""
SELECT r.id, r.type, r.title, r.submitted_by, d.owner, {_ABOUT} FROM request r {_DEAL}
WHERE r.state = '{RETURNED}' AND (r.submitted_by = :login OR d.owner = :login OR EXISTS (
      SELECT 1 FROM user_account u WHERE u.login IN (r.submitted_by, d.owner) AND u.active = 0))
ORDER BY r.id
"""

_BLOCKED = f"""
SELECT r.id, r.type, r.title, r.state, {_ABOUT} FROM request r {_DEAL}
WHERE r.blocked = 1 AND EXISTS (
      SELECT 1 FROM user_account u WHERE u.login = :login AND u.active = 1 AND u.roles LIKE '%"{ADMIN}"%')
ORDER BY r.id
"""

_DEALS = f"""
SELECT nullif(n.title, ''), n.due_on, d.expected_close, d.id, d.title, c.name, d.amount, d.currency
FROM deal d JOIN stage s ON s.id = d.stage_id LEFT JOIN customer c ON c.id = d.customer_id
{NEXT_STEP}
WHERE d.owner = :login AND s.kind IN {LIVE_KINDS}
  AND (n.due_on <= :today OR d.expected_close < :today)
ORDER BY coalesce(n.due_on, d.expected_close), d.id
LIMIT :most
"""


def next_steps(
    door: ReadDoor,
    login: str,
    *,
    now: int,
    today: str,
    end_of_today: int,
    may: Callable[[int], bool],
    most: int = MOST_DEALS,
) -> list[Step]:
    """Everything that waits for `login`, most urgent first: also what waits for somebody who delegated to them, where
    they `may` decide that request. Of deals to be looked after so many at `most`."""
    found = [
        *_blocked(door, login),
        *_decisions(door, login, now, end_of_today, may),
        *_returned(door, login),
        *_stale_deals(door, login, today, most),
    ]
    return sorted(found, key=lambda each: each.rank)


def _stale_deals(door: ReadDoor, login: str, today: str, most: int) -> Iterator[Step]:
    for step, on, close, *deal in door.rows(_DEALS, login=login, today=today, most=most):
        about, why = About(*deal), _stale(step or "", on, close, today)
        kind, due = (CLOSE, close) if on is None or on > today else (STEP, on)
        said, name = say("{title}: {what}", title=about.title, what=why), ref("deal", about.deal)
        yield Step(4, kind, name, about, login, due, why, said, command("deal", "show", name))


def _stale(step: str, on: str | None, close: str | None, today: str) -> Said:
    """What a deal waits for: its next step today, one that is late, or a day of closing that has passed."""
    if on is None or on > today:
        return say("expected close {close} has passed", close=close and _day(close))
    named = say("next step {step}", step=step) if step else say("next step")
    if on == today:
        return say("{next} is due today", next=named)
    return say("{next} was due {on}", next=named, on=_day(on))


def _day(iso: str) -> Said:
    year, month, day = map(int, iso.split("-"))
    return say("{year:04d}-{month:02d}-{day:02d}", year=year, month=month, day=day)


def _blocked(door: ReadDoor, login: str) -> Iterator[Step]:
    """For an admin, what nobody else can move on."""
    for key, kind, called, state, *deal in door.rows(_BLOCKED, login=login):
        name, about, what = ref("request", key), About(*deal), Word("type", kind, called)
        fix = command("request", "transfer", name, "--to", "LOGIN", "-m", BLANK, ready=False)
        if state == RETURNED:
            fix = command("request", "resubmit", name)
        said = say("BLOCKED: {type} for {title}", type=what, title=about.title)
        yield Step(-1, BLOCKED, name, about, None, None, say("BLOCKED: {type}", type=what), said, fix)


def _decisions(door: ReadDoor, login: str, now: int, end_of_today: int, may: Callable[[int], bool]) -> Iterator[Step]:
    told = set()
    for key, kind, called, due, step, holder, *deal in door.rows(_SEATS, login=login, now=now):
        if (key, step) in told or (holder != login and not may(key)):
            continue
        told.add((key, step))
        about, name = About(*deal), ref("request", key)
        rank, word = _urgency(due, now, end_of_today)
        values = {"word": word, "type": Word("type", kind, called), "step": step}
        why = say("{word}: {type} ({step})", **values)
        text = say("{word}: {type} for {title} ({step})", **values, title=about.title)
        if holder != login:
            why, text = (say("{what}, for {who}", what=each, who=holder) for each in (why, text))
        yield Step(rank, DECISION, name, about, holder, due, why, text, command("approve", name))


def _returned(door: ReadDoor, login: str) -> Iterator[Step]:
    """What came back and is theirs to send on: as its submitter, the deal's owner, or who follows one of them."""
    rows = door.rows(_RETURNED, login=login)
    people = {user.login: user for user in door.find(User)} if rows else {}
    for key, kind, called, by, owner, *deal in rows:
        if login in acting((by, owner), people):
            name, about, what = ref("request", key), About(*deal), Word("type", kind, called)
            text = say("returned to you: {type} for {title}", type=what, title=about.title)
            why = say("returned to you: {type}", type=what)
            yield Step(2, BACK, name, about, login, None, why, text, command("request", "show", name))


def _urgency(due: int | None, now: int, end_of_today: int) -> tuple[int, Said]:
    if due is None:
        return 3, say("waits for you")
    if due < now:
        return 0, say("overdue")
    return (1, say("due today")) if due < end_of_today else (3, say("waits for you"))
