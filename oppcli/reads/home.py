"""What a person should do next: overdue first, then due today, then decisions that wait, then stale next steps."""

from collections.abc import Callable, Iterator

from oppcli.model.command import BLANK, command
from oppcli.model.deals import LIVE_KINDS
from oppcli.model.people import ADMIN, User
from oppcli.model.refs import ref
from oppcli.model.requests import OPEN, PENDING, RETURNED
from oppcli.model.said import Said, Word, say
from oppcli.rules.rights import acting
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple


class Step(NamedTuple):
    """One line: how urgent, what it is, and the command that does it."""

    rank: int
    text: str
    command: str


_SEATS = f"""
SELECT r.id, r.type, r.title, d.title, st.due_at, st.name, h.login
FROM holder h
JOIN seat se ON se.request_id = h.request_id AND se.revision = h.revision AND se.step = h.step AND se.number = h.seat
JOIN request r ON r.id = h.request_id AND r.revision = h.revision AND r.state = '{PENDING}'
JOIN step st ON st.request_id = h.request_id AND st.revision = h.revision AND st.position = h.step
     AND st.state = '{OPEN}'
JOIN deal d ON d.id = r.deal_id
WHERE se.state = '{OPEN}' AND (h.login = :login OR h.login IN (
      SELECT g.frm FROM delegation g WHERE g."to" = :login AND g.starts_at <= :now AND g.ends_at > :now))
ORDER BY st.due_at, r.id, h.login <> :login
"""

_RETURNED = f"""
SELECT r.id, r.type, r.title, d.title, r.submitted_by, d.owner FROM request r JOIN deal d ON d.id = r.deal_id
WHERE r.state = '{RETURNED}' AND (r.submitted_by = :login OR d.owner = :login OR EXISTS (
      SELECT 1 FROM user_account u WHERE u.login IN (r.submitted_by, d.owner) AND u.active = 0))
ORDER BY r.id
"""

_BLOCKED = f"""
SELECT r.id, r.type, r.title, d.title, r.state FROM request r JOIN deal d ON d.id = r.deal_id
WHERE r.blocked = 1 AND EXISTS (
      SELECT 1 FROM user_account u WHERE u.login = :login AND u.active = 1 AND u.roles LIKE '%"{ADMIN}"%')
ORDER BY r.id
"""

_DEALS = f"""
SELECT d.id, d.title, d.next_step, d.next_step_on, d.expected_close FROM deal d JOIN stage s ON s.id = d.stage_id
WHERE d.owner = :login AND s.kind IN {LIVE_KINDS}
  AND (d.next_step_on <= :today OR d.expected_close < :today)
ORDER BY coalesce(d.next_step_on, d.expected_close), d.id
LIMIT 20
"""


def next_steps(
    door: ReadDoor, login: str, *, now: int, today: str, end_of_today: int, may: Callable[[int], bool]
) -> list[Step]:
    """Everything that waits for `login`, most urgent first: also what waits for somebody who delegated to them, where
    they `may` decide that request."""
    found = [*_blocked(door, login), *_decisions(door, login, now, end_of_today, may), *_returned(door, login)]
    for key, title, step, on, close in door.rows(_DEALS, login=login, today=today):
        said = say("{title}: {what}", title=title, what=_stale(step or "", on, close, today))
        found.append(Step(4, said, command("deal", "show", ref("deal", key))))
    return sorted(found, key=lambda each: each.rank)


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
    for key, kind, called, title, state in door.rows(_BLOCKED, login=login):
        name = ref("request", key)
        fix = command("request", "transfer", name, "--to", "LOGIN", "-m", BLANK, ready=False)
        if state == RETURNED:
            fix = command("request", "resubmit", name)
        yield Step(-1, say("BLOCKED: {type} for {title}", type=Word("type", kind, called), title=title), fix)


def _decisions(door: ReadDoor, login: str, now: int, end_of_today: int, may: Callable[[int], bool]) -> Iterator[Step]:
    told = set()
    for key, kind, called, title, due, step, holder in door.rows(_SEATS, login=login, now=now):
        if (key, step) in told or (holder != login and not may(key)):
            continue
        told.add((key, step))
        rank, word = _urgency(due, now, end_of_today)
        text = say(
            "{word}: {type} for {title} ({step})", word=word, type=Word("type", kind, called), title=title, step=step
        )
        if holder != login:
            text = say("{what}, for {who}", what=text, who=holder)
        yield Step(rank, text, command("approve", ref("request", key)))


def _returned(door: ReadDoor, login: str) -> Iterator[Step]:
    """What came back and is theirs to send on: as its submitter, the deal's owner, or who follows one of them."""
    rows = door.rows(_RETURNED, login=login)
    people = {user.login: user for user in door.find(User)} if rows else {}
    for key, kind, called, title, by, owner in rows:
        if login in acting((by, owner), people):
            text = say("returned to you: {type} for {title}", type=Word("type", kind, called), title=title)
            yield Step(2, text, command("request", "show", ref("request", key)))


def _urgency(due: int | None, now: int, end_of_today: int) -> tuple[int, Said]:
    if due is None:
        return 3, say("waits for you")
    if due < now:
        return 0, say("overdue")
    return (1, say("due today")) if due < end_of_today else (3, say("waits for you"))
