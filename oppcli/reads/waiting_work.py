"""What waits for people, looked up: requests, deals that nobody moves, proposals; whose it is, and by when."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

from oppcli.model.command import BLANK, Command, command
from oppcli.model.deals import LIVE_KINDS
from oppcli.model.people import ADMIN, MANAGER, User
from oppcli.model.policy import Policy
from oppcli.model.records import LIVE
from oppcli.model.refs import ref
from oppcli.model.requests import LIVE_STATES, OPEN, PENDING, RETURNED
from oppcli.model.said import Said, Word, say
from oppcli.reads import standins
from oppcli.reads.table import Frame
from oppcli.reads.worths import SELECTED
from oppcli.rules import idling, urgency
from oppcli.rules.dues import Due, stored
from oppcli.rules.rights import acting
from oppcli.store.doors import ReadDoor, Row
from oppcli.store.idling import ENTERED_BY_HAND, last_touch
from oppcli.store.lingering import RETURNS, WARNED
from oppcli.store.mapping import NEXT_STEP, parsed
from oppcli.store.patterns import literals, quoted
from oppcli.tuples import NamedTuple
from oppcli.words import zones

NOBODY = Due()


class Work(NamedTuple):
    """Whose work is looked up, and for whom they stand in."""

    logins: tuple[str, ...]
    people: Mapping[str, User]
    lent: Mapping[str, list[standins.Lent]]
    """By delegate, the delegations to them that are in force."""

    @property
    def owners(self) -> tuple[str, ...]:
        """They, and those who handed them all there is: who is away, and lent their authority without a limit."""
        if not self.lent:
            return self.logins
        from oppcli.rules.absence import absence

        away = (each.delegation for lent in self.lent.values() for each in lent)
        return tuple(dict.fromkeys((*self.logins, *(each.frm for each in away if absence(each)))))

    @property
    def holders(self) -> tuple[str, ...]:
        """They, and all who lent them any authority."""
        lent = (each.delegation.frm for found in self.lent.values() for each in found)
        return tuple(dict.fromkeys((*self.logins, *lent)))

    def any(self, role: str) -> bool:
        """Whether one of them has this role."""
        return any(login in self.people and role in self.people[login].roles for login in self.logins)


class Item(NamedTuple):
    """One thing that waits. Of thousands few are shown: what takes its time to be told is asked of those alone."""

    kind: str
    """One of `rules.urgency.BASE`."""
    noun: str
    key: int
    deal: int | None
    who: str | None
    """Whose it is; None where it is nobody's."""
    what: Said | Callable[[], Said]
    """What it is about."""
    due: Due = NOBODY
    customer: str | None = None
    """Where there is no deal that tells it."""
    command: Callable[[], Command | None] | None = None
    """Where it is another than its kind has."""

    @property
    def told(self) -> Said:
        """What it is about, in words."""
        return self.what() if callable(self.what) else self.what


_SEAT, _HELD, _PROPOSED, _ASKED = "seat", "held", "proposed", "asked"
_ABOUT = "r.id, r.type, r.title, r.deal_id, r.submitted_by, d.owner, r.state, r.blocked"
_NEWEST = f"""(
    SELECT x.owner FROM deal x JOIN stage s ON s.id = x.stage_id
    WHERE x.customer_id = c.id AND x.owner IS NOT NULL AND x.standing = '{LIVE}' AND s.kind IN ({quoted(LIVE_KINDS)})
    ORDER BY x.id DESC LIMIT 1
)"""
"""Whose the newest live deal of a customer is."""
_HELD_UP = f"""SELECT '{_HELD}', {_ABOUT}, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM request r CROSS JOIN deal d WHERE d.id = r.deal_id"""
"""Told by requests, the few there are in these states; which of the two is read first a CROSS JOIN says to SQLite."""
_ANSWERS = f"""
SELECT '{_SEAT}', {_ABOUT}, h.login, st.name, st.due_at, r.amount, r.currency, d.collaborators, rv.editors, rv.editor
FROM holder h
JOIN seat se ON se.request_id = h.request_id AND se.revision = h.revision AND se.step = h.step AND se.number = h.seat
JOIN request r ON r.id = h.request_id AND r.revision = h.revision AND r.state = '{PENDING}'
JOIN step st ON st.request_id = h.request_id AND st.revision = h.revision AND st.position = h.step
     AND st.state = '{OPEN}'
JOIN revision rv ON rv.request_id = r.id AND rv.number = r.revision
JOIN deal d ON d.id = r.deal_id
WHERE se.state = '{OPEN}' AND h.login IN ({{holders}})
UNION ALL
{_HELD_UP} AND r.state = '{RETURNED}'
UNION ALL
{_HELD_UP} AND r.blocked = 1 AND r.state <> '{RETURNED}'
UNION ALL
SELECT '{_ASKED}', {_ABOUT}, q."to", q.text, NULL, NULL, NULL, NULL, NULL, NULL
FROM question q JOIN request r ON r.id = q.request_id AND r.state IN ({quoted(LIVE_STATES)})
JOIN deal d ON d.id = r.deal_id
WHERE q.answered_at IS NULL
UNION ALL
SELECT '{_PROPOSED}', p.id, p.noun, p.source, p.deal_id, NULL, coalesce(d.owner, c.owner, {_NEWEST}), p.state, NULL,
       c.name, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM proposal p LEFT JOIN deal d ON d.id = p.deal_id LEFT JOIN customer c ON c.id = p.customer_id
WHERE p.state = '{OPEN}'
"""


def answers(door: ReadDoor, work: Work, policy: Callable[[], Policy]) -> Iterator[Item]:
    """What waits for an answer of theirs: decisions, requests that came back or are stuck, proposals of machines."""
    found: dict[str, list[Any]] = {_SEAT: [], _HELD: [], _PROPOSED: [], _ASKED: []}
    for sort, *row in door.rows(_ANSWERS.format(holders=literals(work.holders))):
        found[sort].append(row)
    yield from _decisions(found[_SEAT], work, policy)
    yield from _held_up(found[_HELD], work)
    yield from _asked(found[_ASKED], work)
    yield from _proposals(found[_PROPOSED], work)


def _decisions(rows: list[Any], work: Work, policy: Callable[[], Policy]) -> Iterator[Item]:
    """Steps that wait on one of them, or on somebody they may decide for; each once."""
    told = set()
    for row in sorted(rows, key=lambda row: (row[8] not in work.logins, row[0], row[8])):
        key, kind, called, deal, _, _, _, _, holder, step, due, *_ = row
        if (key, step) in told or (holder not in work.logins and not _lent(work, row, policy)):
            continue
        told.add((key, step))
        said = say("{type} ({step})", type=Word("type", kind, called), step=step)
        yield Item(urgency.DECISION, "request", key, deal, holder, said, Due(at=due))


def _lent(work: Work, row: Any, policy: Callable[[], Policy]) -> bool:
    """Whether one of them may decide it for its holder: the delegation is for such a request, and they have no part in
    the deal that the policy bars."""
    _, kind, _, _, by, owner, _, _, holder, _, _, amount, currency, collaborators, editors, editor = row
    sod = policy().sod
    own = set() if sod.submitter_may_approve else {by, owner, *parsed(collaborators or "[]")}
    barred = own | (set() if sod.editor_may_approve else {editor, *parsed(editors or "[]")})
    return any(
        login not in barred and standins.any_for(known, (holder,), kind, amount, currency)
        for login, known in work.lent.items()
    )


def _held_up(rows: list[Any], work: Work) -> Iterator[Item]:
    """Requests that came back to one of them, as submitter, owner, or who follows one of these; for an admin those that
    nobody else can move on."""
    admin = work.any(ADMIN)
    for key, kind, called, deal, by, owner, state, blocked, *_ in rows:
        mine = [login for login in acting((by, owner), work.people) if login in work.logins]
        said = say("{type}", type=Word("type", kind, called))
        if state == RETURNED and mine:
            yield Item(urgency.RETURNED, "request", key, deal, mine[0], said)
        elif blocked and admin:
            yield Item(urgency.BLOCKED, "request", key, deal, None, said, command=partial(_moved_on, key, state))


def _asked(rows: list[Any], work: Work) -> Iterator[Item]:
    """Questions that one of them was asked, or who follows who was."""
    for key, _, _, deal, _, _, _, _, to, text, *_ in rows:
        mine = [login for login in acting((to,), work.people) if login in work.logins]
        if mine:
            reply = partial(command, "request", "reply", ref("request", key), "-m", BLANK)
            yield Item(urgency.ASKED, "request", key, deal, mine[0], say("asked: {text}", text=text), command=reply)


def _moved_on(key: int, state: str) -> Command:
    """What an admin does with a request that nobody else can move on."""
    name = ref("request", key)
    if state == RETURNED:
        return command("request", "resubmit", name)
    return command("request", "transfer", name, "--to", "LOGIN", "-m", BLANK, ready=False)


def _proposals(rows: list[Any], work: Work) -> Iterator[Item]:
    """What machines propose for their deals and customers; what is nobody's yet waits for managers."""
    manages = work.any(MANAGER) or work.any(ADMIN)
    for key, noun, source, deal, _, owner, _, _, customer, *_ in rows:
        if owner in work.owners or (owner is None and manages):
            said = say("{noun} from {source}", noun=Word("noun", noun), source=source)
            yield Item(urgency.PROPOSAL, "proposal", key, deal, owner, said, customer=customer)


_DEALS = f"""
SELECT d.id, d.title, c.name, s.name, d.owner, s.rotting_ms, d.created_at, {ENTERED_BY_HAND}, {{touched}},
       d.expected_close, n.id, n.due_on, n.due_at, {{warned}}, {SELECTED}
FROM deal d JOIN stage s ON s.id = d.stage_id LEFT JOIN customer c ON c.id = d.customer_id
{NEXT_STEP}
WHERE d.owner IN ({{owners}}) AND s.kind IN ({quoted(LIVE_KINDS)})
"""
TELLS = 14
"""Columns of these rows before those that a `Worth` is made of."""


def of_theirs(door: ReadDoor, work: Work, policy: Policy) -> list[Row]:
    """Their live deals, with what tells whether somebody moves them and what they are worth."""
    returns = policy.assign.returns if policy.assign is not None else ()
    warned = _WARNED if returns else "NULL"
    touched = last_touch(idling.touching(policy))
    return door.rows(_DEALS.format(owners=literals(work.owners), touched=touched, warned=warned))


def neglected(deals: Iterable[Row], frame: Frame, today: date) -> Iterator[Item]:
    """Of live deals those that rot, those without a next step, and those that should have been closed by now."""
    policy = frame.policy()
    calendar = policy.hours()
    returns = policy.assign.returns if policy.assign is not None else ()
    days = min((each.warn_days for each in returns if each.warn_days is not None), default=0)
    gaps = {stage.name: stage.max_gap for stage in policy.stages}
    nothing, too_far = say("nothing is planned"), say("what is planned is too far off")
    for key, _, _, stage, owner, limit, created, entered, touched, close, step, on, at, told, *_ in deals:
        since = idling.idle_since(touched, entered, created)
        if told and (back := _goes_back(told, f"{owner} {since}", days, calendar.timezone)) is not None:
            said = say("goes back to the pool on {day}", day=back.isoformat())
            yield Item(urgency.WARNED, "deal", key, key, owner, said, Due(on=back))
        follow = None if step is None else stored(on, at)
        if idling.rotting(limit, since, frame.now, calendar):
            yield Item(urgency.ROTTING, "deal", key, key, owner, partial(_idle, since, stage, frame))
        last = touched if touched is not None else since
        if idling.without_step(follow, last, gaps.get(stage), calendar):
            yield Item(urgency.NOSTEP, "deal", key, key, owner, nothing if follow is None else too_far)
        if idling.past_close(close, today):
            said = say("expected close {close} has passed", close=close)
            yield Item(urgency.CLOSE, "deal", key, key, owner, said, Due(on=date.fromisoformat(close)))


_WARNED = f"""(SELECT f.at || ' ' || coalesce(o.at, 0) || ' ' || f.cycle FROM fired f
LEFT JOIN fired o ON o.noun = f.noun AND o.id = f.id AND o.mark = '{RETURNS}' AND o.cycle = f.cycle
WHERE f.noun = 'deal' AND f.id = d.id AND f.mark = '{WARNED}' ORDER BY f.at DESC LIMIT 1)"""


def _goes_back(told: str, cycle: str, days: int, tz: str) -> date | None:
    """The day on which a deal goes back of which its owner was warned, as they were told it, else the soonest, so many
    days after that; None where nobody was, or it was touched or given away since."""
    warned, on, of = told.split(" ", 2)
    if of != cycle:
        return None
    return zones.today(int(on), tz) if int(on) else zones.today(int(warned), tz) + timedelta(days=days)


def _idle(since: int | None, stage: str, frame: Frame) -> Said:
    if since is None:
        return say("nobody knows since when it lies in {stage}", stage=stage)
    return say("idle since {at} in {stage}", at=frame.show(since), stage=stage)


def people(door: ReadDoor) -> dict[str, User]:
    """Everybody, by login."""
    return {user.login: user for user in door.find(User)}


def work_of(door: ReadDoor, logins: Collection[str], people: Mapping[str, User], frame: Frame) -> Work:
    """What these people have to do, with what they were lent."""
    return Work(tuple(logins), people, standins.lent(door, logins, frame))
