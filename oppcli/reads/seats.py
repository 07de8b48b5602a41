"""Seats that waited: for whom, from when to when, as the tables and the journal tell."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from oppcli.model.requests import APPROVED, OPEN, REJECTED, RETURNED
from oppcli.model.said import listed, say
from oppcli.rules.approvals.counting import VOTES
from oppcli.rules.holding import Held, SeatKey, Turn, turns
from oppcli.rules.waiting import Span, Wait, without
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple

NOBODY = say("nobody")

_SEATS = f"""
SELECT r.deal_id, p.request_id, p.revision, p.position, p.opened_at, p.closed_at, e.number, e.state,
       (SELECT coalesce(c.on_behalf_of, c.actor) FROM decision c WHERE c.request_id = e.request_id
               AND c.revision = e.revision AND c.step = e.step AND c.seat = e.number
               AND c.verdict IN {VOTES} ORDER BY c.number DESC LIMIT 1),
       (SELECT max(c.at) FROM decision c WHERE c.request_id = e.request_id AND c.revision = e.revision
               AND c.step = e.step AND c.seat = e.number AND c.verdict IN {VOTES}),
       r.type, r.title, p.name
FROM seat e
JOIN step p ON p.request_id = e.request_id AND p.revision = e.revision AND p.position = e.step
JOIN request r ON r.id = e.request_id
WHERE p.opened_at IS NOT NULL {{of}}
ORDER BY p.request_id, p.revision, p.position, e.number
"""
_HOLDERS = "SELECT request_id, revision, step, seat, number, login FROM holder {of}"
_CHANGES = """
SELECT noun_id, at, changes FROM journal WHERE noun = 'request' {of} AND changes LIKE :holders ORDER BY seq DESC
"""
_RETURNS = """
SELECT noun_id, at, changes FROM journal
WHERE noun = 'request' {of} AND (changes LIKE :gone OR changes LIKE :back) ORDER BY seq
"""


class Seat(NamedTuple):
    """One seat of an opened step, with when it was decided."""

    deal: int
    request: int
    revision: int
    step: int
    opened: int
    closed: int | None
    number: int
    state: str
    decided_for: str | None
    """Who decided, or the person a delegate decided for."""
    decided_at: int | None
    type: str
    title: str
    name: str
    """Of its step."""

    @property
    def key(self) -> SeatKey:
        return self.revision, self.step, self.number


class Which(NamedTuple):
    """Some requests alone."""

    ids: str
    """A SELECT of them."""
    given: Mapping[str, int]

    @property
    def texts(self) -> str:
        """As the journal names them."""
        return f"AND noun_id IN (SELECT CAST(w.id AS TEXT) FROM ({self.ids}) w)"


ALL = Which("", {})
"""No narrower choice."""


def of_deal(deal: int) -> Which:
    return Which("SELECT r.id FROM request r WHERE r.deal_id = :deal", {"deal": deal})


def lately(since: int, until: int | None = None) -> Which:
    """Those that were submitted or decided about from one instant on, and before another."""
    given = {"since": since} if until is None else {"since": since, "until": until}
    parts = (("request_id AS id", "decision"), ("request_id", "revision"))
    before = "" if until is None else " AND at < :until"
    sql = (f"SELECT {what} FROM {table} WHERE at >= :since{before}" for what, table in parts)
    return Which(" UNION ".join(sql), given)


def asked(door: ReadDoor, deal: int | None = None) -> tuple[Mapping[int, list[Wait]], Mapping[int, list[Span]]]:
    """Per deal, or of one alone, the seats that waited for somebody, and when its requests were back with the
    submitter."""
    which = ALL if deal is None else of_deal(deal)
    of = f"AND r.id IN ({which.ids})" if which.ids else ""
    seats = [Seat(*row) for row in door.stream(_SEATS.format(of=of), **which.given)]
    decided = {(seat.request, seat.revision, seat.step) for seat in seats if seat.state in (APPROVED, REJECTED)}
    returns, holders = returned(door, which), turns_of(door, which)
    waits: dict[int, list[Wait]] = defaultdict(list)
    for seat in seats:
        span = held(seat, decided=(seat.request, seat.revision, seat.step) in decided)
        for part in without(span, returns.get(seat.request, ())) if span else ():
            waits[seat.deal] += charged(seat, part, holders.get(seat.request, {}).get(seat.key, []))
    deal_of = {seat.request: seat.deal for seat in seats}
    back: dict[int, list[Span]] = defaultdict(list)
    for request, spans in returns.items():
        if request in deal_of:
            back[deal_of[request]] += spans
    return waits, back


def held(seat: Seat, *, decided: bool) -> Span | None:
    """When the seat waited: to its decision, to now while it is open, or to the end of a step that nobody decided. A
    seat that others of the step made unnecessary is charged to nobody."""
    if seat.state in (APPROVED, REJECTED) and seat.decided_at is not None:
        return Span(seat.opened, seat.decided_at)
    if seat.state == OPEN:
        return Span(seat.opened, None)
    return None if decided or seat.closed is None else Span(seat.opened, seat.closed)


def charged(seat: Seat, span: Span, held_by: Iterable[Turn]) -> list[Wait]:
    """The wait, part by part to those who held the seat then: to the one who decided it where they were among them,
    else to all of them together."""
    found, start = [], span.start
    turned = list(held_by) or [Turn(None, ())]
    ends = [turn.since for turn in turned[1:]] + [None]
    for turn, end in zip(turned, ends, strict=True):
        until = span.until if end is None else min(end, span.until)
        if until > start:
            part = Span(start, None if end is None and span.end is None else until)
            found.append(Wait(part, _holder(seat, turn.people), seat.type, seat.title, seat.name))
            start = until
    return found


def _holder(seat: Seat, people: tuple[str, ...]) -> str:
    if seat.decided_for is not None and (seat.decided_for in people or not people):
        return seat.decided_for
    return listed(people, " or ") or NOBODY


def turns_of(door: ReadDoor, which: Which = ALL) -> dict[int, dict[SeatKey, list[Turn]]]:
    """Per request and seat who held it when."""
    now: dict[int, dict[SeatKey, Held]] = defaultdict(lambda: defaultdict(dict))
    of, entries = (f"WHERE request_id IN ({which.ids})", which.texts) if which.ids else ("", "")
    for request, revision, step, seat, number, login in door.stream(_HOLDERS.format(of=of), **which.given):
        now[request][revision, step, seat][number] = login
    changes: dict[int, list[tuple[int, Mapping[str, Any]]]] = defaultdict(list)
    for key, at, changed in door.stream(_CHANGES.format(of=entries), holders="%.holders.%", **which.given):
        changes[int(key)].append((at, json.loads(changed)))
    requests = {*now, *changes}
    return {request: turns(now.get(request, {}), changes.get(request, ())) for request in requests}


def returned(door: ReadDoor, which: Which = ALL) -> dict[int, list[Span]]:
    """Per request the spans in which it was returned, as the journal tells."""
    found: dict[int, list[Span]] = defaultdict(list)
    # A server tells entries without what is hidden as it writes JSON, with blanks: nothing is asked of these.
    patterns = {"gone": f'%"state":%"{RETURNED}"]%', "back": f'%"state":%["{RETURNED}",%'}
    of = which.texts if which.ids else ""
    for key, at, changes in door.stream(_RETURNS.format(of=of), **patterns, **which.given):
        old, new = json.loads(changes).get("state") or (None, None)
        spans = found[int(key)]
        if new == RETURNED:
            spans.append(Span(at, None))
        elif old == RETURNED and spans:
            spans[-1] = Span(spans[-1].start, at)
    return found
