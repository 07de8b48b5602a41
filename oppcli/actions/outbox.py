"""Delivering notices: one digest per person, channel and run, stored before it is sent, so that none is lost and only
what nobody answered for goes out again, under the same key.

A run takes the lock only to write down what happened, never while a channel is being waited for.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from typing import NamedTuple, Protocol

from oppcli.actions import find
from oppcli.errors import Busy, Undelivered
from oppcli.model.deliveries import DROPPED, NOT_FOR_THEM, SENDING, SENT, WAITING, Delivery, Item, Letter
from oppcli.model.people import User
from oppcli.model.policy import Policy
from oppcli.model.refs import ref
from oppcli.model.requests import Notice
from oppcli.rules import clock, digests
from oppcli.store import outbox
from oppcli.store.doors import ReadDoor, WriteDoor

RUN_SECONDS = 60.0
"""How long one channel may take up a run; what is left goes out with the next one."""
GRACE_MS = 60_000
"""How long, beyond the time a channel is waited for, nobody else takes up a digest that is being sent."""
TRIES_TO_KEEP = 3
"""How often an answer is tried to be written down while another program holds the database."""

OpenWrite = Callable[[], AbstractContextManager[WriteDoor]]


class Channel(Protocol):
    """What the outbox knows of a channel (see `oppcli.notify`)."""

    name: str
    quiet: bool
    """Sends in business hours only."""
    limit: float
    """Seconds that one letter may take at most."""

    def gap(self, person: User, roles: frozenset[str]) -> str | None:
        """Why it does not reach this person; None when it does."""
        ...

    def carries(self, kind: str) -> bool: ...

    def send(self, letter: Letter) -> None:
        """Returns when the letter was taken. Raises `Undelivered`."""
        ...

    def close(self) -> None: ...


class Failure(NamedTuple):
    """A digest that was not taken."""

    channel: str
    to: str
    error: str
    next_try_at: int
    held: int
    """Digests of this channel that are on their way still."""


class Summary(NamedTuple):
    """What a run did."""

    sent: Mapping[str, int] = {}
    """Digests taken, by channel."""
    failed: tuple[Failure, ...] = ()
    nowhere: tuple[str, ...] = ()
    """Who cannot be reached, and why: said once."""
    closed: Mapping[str, int] = {}
    """Digests that wait for business hours, by channel."""
    opens_at: int | None = None
    """When those hours begin."""


def deliver(open_write: OpenWrite, channels: Sequence[Channel], policy: Policy) -> Summary:
    """Gather what waits into digests and send what is due. Without a channel nothing is touched.

    A channel that fails harms no other; what it did not take is tried again after a pause that grows. Raises `Busy`
    when the database is held by another program for longer than the doors wait."""
    if not channels:
        return Summary()
    with open_write() as door:
        nowhere = prepare(door, channels, policy)
        opens_at = next_opening(policy, door.at)
        open_now = opens_at == door.at
        closed = {each.name: outbox.held(door, each.name) for each in channels if each.quiet and not open_now}
    sent: dict[str, int] = {}
    failed: list[Failure] = []
    for channel in channels:
        if channel.name not in closed:
            with closing(channel):
                sent[channel.name] = _run(open_write, channel, failed)
    return Summary(
        sent={name: count for name, count in sent.items() if count},
        failed=tuple(failed),
        nowhere=nowhere,
        closed={name: count for name, count in closed.items() if count},
        opens_at=None if open_now else opens_at,
    )


def next_opening(policy: Policy, at: int) -> int:
    """The first business instant at or after `at`; a calendar without hours is always open."""
    calendar = policy.calendars[policy.calendar]
    return clock.opening(calendar, at) if any(calendar.week) else at


def prepare(door: WriteDoor, channels: Sequence[Channel], policy: Policy) -> tuple[str, ...]:
    """Take back digests that can no longer go, and put every notice that waits into one digest per person and channel.

    Returns a line for each person who cannot be reached and was not said to be so before."""
    people = find.people(door)
    roads = {login: _roads(person, channels, policy) for login, person in people.items()}
    _take_back(door, people, roads)
    waiting: dict[str, list[Notice]] = {}
    for notice in _notices(door, outbox.notices_waiting(door)):
        waiting.setdefault(notice.to, []).append(notice)
    lines = [_gather(door, people.get(to), to, roads.get(to, {}), notices) for to, notices in waiting.items()]
    return tuple(line for line in lines if line)


Roads = Mapping[str, tuple[Channel, str | None]]
"""Channels by name, each with why it does not reach a person."""


def _roads(person: User, channels: Iterable[Channel], policy: Policy) -> Roads:
    listed = {role for role, logins in policy.roles.items() if person.login in logins}
    roles = frozenset((*person.roles, *listed))
    return {channel.name: (channel, channel.gap(person, roles)) for channel in channels}


def _take_back(door: WriteDoor, people: Mapping[str, User], roads: Mapping[str, Roads]) -> None:
    """Drop digests whose channel or person is gone; what was in them and came by no other way waits again."""
    for number in outbox.deliveries_unsent(door):
        delivery = door.get(Delivery, number)
        if delivery.state == SENDING and (delivery.next_try_at or 0) > door.at:
            continue
        person = people.get(delivery.to)
        channel, gap = roads.get(delivery.to, {}).get(delivery.channel, (None, "the channel is no longer set up"))
        if person is None or not person.active:
            gap = f"{delivery.to} was deactivated"
        if gap is None and channel is not None:
            continue
        door.save(delivery, replace(delivery, state=DROPPED, next_try_at=None, error=gap, down=False), action="drop")
        elsewhere = {
            notice
            for other in door.find(Delivery, id=outbox.deliveries_unsent(door), to=delivery.to)
            for notice in other.notices
        }
        for notice in _notices(door, [key for key in delivery.notices if key not in elsewhere]):
            if notice.sent_at is None:
                door.save(notice, replace(notice, queued_at=None), action="requeue")


def _gather(door: WriteDoor, person: User | None, to: str, roads: Roads, notices: Sequence[Notice]) -> str | None:
    """Queue the notices of one person. Returns what is to be said when some can go nowhere."""
    if person is None or not person.active:
        _nowhere(door, notices, f"{to} was deactivated" if person else f"{to} is not a user")
        return None
    queued: set[int] = set()
    for channel, gap in roads.values():
        mine = [notice.id for notice in notices if gap is None and channel.carries(notice.kind)]
        if mine:
            _queue(door, channel.name, to, mine)
            queued.update(mine)
    left = [notice for notice in notices if notice.id not in queued]
    for notice in notices:
        if notice.id in queued:
            door.save(notice, replace(notice, queued_at=door.at), action="queue")
    if not left:
        return None
    gaps = [gap for _, gap in roads.values()]
    why = next((gap for gap in gaps if gap and gap != NOT_FOR_THEM), NOT_FOR_THEM)
    if None in gaps:
        why = f"no channel carries {left[0].kind}"
    said = outbox.told_before(door, to, why)
    _nowhere(door, left, why)
    return None if said else f"{to} cannot be told: {why}"


def _nowhere(door: WriteDoor, notices: Iterable[Notice], why: str) -> None:
    for notice in notices:
        door.save(notice, replace(notice, unsent=why), action="give up")


def _queue(door: WriteDoor, channel: str, to: str, notices: Sequence[int]) -> None:
    """Into the digest that was not tried yet, or a new one."""
    untried = outbox.delivery_untried(door, channel, to)
    if untried is not None:
        before = door.get(Delivery, untried)
        door.save(before, replace(before, notices=(*before.notices, *notices)), action="join")
    else:
        door.add(
            Delivery(key=_new_key(), channel=channel, to=to, notices=tuple(notices), at=door.at, next_try_at=door.at)
        )


def _notices(door: ReadDoor, keys: Sequence[int]) -> list[Notice]:
    return door.find(Notice, id=list(keys)) if keys else []


def retry(door: WriteDoor, *, to: str | None = None) -> int:
    """Let notices that could go nowhere wait again, of one person or of everybody. Returns how many."""
    given_up = outbox.notices_given_up(door, to)
    for notice in _notices(door, given_up):
        door.save(notice, replace(notice, unsent=None), action="requeue")
    return len(given_up)


def preview(
    door: WriteDoor, channels: Sequence[Channel], policy: Policy
) -> tuple[tuple[str, ...], dict[str, list[str]]]:
    """What `prepare` would say, and by channel to whom digests are on their way then. For a door that keeps nothing."""
    nowhere = prepare(door, channels, policy)
    ready: dict[str, list[str]] = {}
    for number in outbox.deliveries_unsent(door):
        delivery = door.get(Delivery, number)
        ready.setdefault(delivery.channel, []).append(delivery.to)
    return nowhere, ready


def _new_key() -> str:
    from secrets import token_hex

    return token_hex(16)


def _run(open_write: OpenWrite, channel: Channel, failed: list[Failure]) -> int:
    """Send one after the other what this channel has to send. Returns how many it took.

    Each answer is written down before the next digest is taken up: of a run that is killed, one at most is unknown."""
    begun = time.monotonic()
    served: set[str] = set()
    sent = 0
    while time.monotonic() - begun < RUN_SECONDS:
        with open_write() as door:
            delivery = _take(door, channel, served, elapsed_ms=int(1000 * (time.monotonic() - begun)))
            letter = _letter(door, delivery) if delivery else None
        if delivery is None or letter is None:
            break
        served.add(delivery.to)
        fault = _fault(channel, letter)
        failure = _kept(open_write, delivery, fault, worked=bool(sent))
        if failure:
            failed.append(failure)
        sent += fault is None
        if fault and fault.down:
            break
    return sent


def _take(door: WriteDoor, channel: Channel, served: set[str], *, elapsed_ms: int) -> Delivery | None:
    """The next digest, marked as being sent: until `next_try_at` nobody else takes it up. Its text is fixed now."""
    down = outbox.channel_down(door, channel.name)
    if down and down[0] > door.at:
        return None
    due = [key for key, to in outbox.deliveries_due(door, channel.name, door.at) if to not in served]
    if not due:
        return None
    before = door.get(Delivery, due[0])
    subject, text = before.subject, before.text
    if not subject:
        notices = _notices(door, before.notices)
        times = outbox.due_times(door, sorted({each.request_id for each in notices if each.request_id is not None}))
        subject, text = digests.compose(notices, times)
    until = door.at + elapsed_ms + int(1000 * channel.limit) + GRACE_MS
    taken = replace(before, state=SENDING, subject=subject, text=text, attempts=before.attempts + 1, next_try_at=until)
    return door.save(before, taken, action="send")


def _letter(door: ReadDoor, delivery: Delivery) -> Letter:
    person = door.get(User, delivery.to)
    items = tuple(
        Item(
            id=notice.id,
            kind=notice.kind,
            request=ref("request", notice.request_id) if notice.request_id is not None else None,
            deal=ref("deal", notice.deal_id) if notice.deal_id is not None else None,
            text=notice.text,
            at=notice.at,
        )
        for notice in _notices(door, delivery.notices)
    )
    return Letter(
        key=delivery.key,
        login=person.login,
        name=person.name,
        email=person.email,
        subject=delivery.subject,
        text=delivery.text,
        items=items,
        at=delivery.at,
    )


def _fault(channel: Channel, letter: Letter) -> Undelivered | None:
    """Send it; what went wrong, or None."""
    try:
        channel.send(letter)
    except Undelivered as fault:
        return fault
    return None


def _kept(open_write: OpenWrite, delivery: Delivery, fault: Undelivered | None, *, worked: bool) -> Failure | None:
    """Write the answer down, however busy the database is: a digest that was taken must not go out again."""
    for left in reversed(range(TRIES_TO_KEEP)):
        try:
            with open_write() as door:
                return _settle(door, delivery, fault, worked=worked)
        except Busy:
            if not left:
                raise
    return None


def _settle(door: WriteDoor, taken: Delivery, fault: Undelivered | None, *, worked: bool) -> Failure | None:
    """Mark what was sent as sent; what was not, as to be tried again. `worked`: the channel took another in this run,
    so it is not down."""
    now = door.get(Delivery, taken.id)
    if now.state == SENT or (fault and now.version != taken.version):
        return None
    if fault is None:
        door.save(
            now, replace(now, state=SENT, sent_at=door.at, next_try_at=None, error=None, down=False), action="sent"
        )
        for notice in _notices(door, now.notices):
            if notice.sent_at is None:
                door.save(notice, replace(notice, sent_at=door.at), action="sent")
        return None
    down = fault.down and not worked
    others = outbox.channel_down(door, now.channel) if down else None
    failures = now.attempts + (others[1] - (now.attempts if now.down else 0) if others else 0)
    again = door.at + digests.pause_ms(failures)
    door.save(now, replace(now, state=WAITING, next_try_at=again, error=fault.message, down=down), action="not sent")
    return Failure(now.channel, now.to, fault.message, again, outbox.held(door, now.channel))
