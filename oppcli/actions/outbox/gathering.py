"""Which notices are due to whom: every one that waits goes into one digest per person and channel, or is given up."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from oppcli.actions import find
from oppcli.actions.outbox.channel import Channel
from oppcli.model.deliveries import DROPPED, NOT_FOR_THEM, SENDING, Delivery
from oppcli.model.notices import Notice
from oppcli.model.noun import replace
from oppcli.model.people import User
from oppcli.model.policy import Policy
from oppcli.model.said import say
from oppcli.store import outbox
from oppcli.store.doors import ReadDoor, WriteDoor

SETTLED = say("settled before it was sent")
"""Why a notice goes nowhere that asks for what was done meanwhile: a letter must not send people after nothing."""


def prepare(door: WriteDoor, channels: Sequence[Channel], policy: Policy) -> tuple[str, ...]:
    """Take back digests that can no longer go, and put every notice that waits into one digest per person and channel.

    Returns a line for each person who cannot be reached and was not said to be so before."""
    people = find.people(door)
    roads = {login: _roads(person, channels, policy) for login, person in people.items()}
    _take_back(door, people, roads)
    waiting: dict[str, list[Notice]] = {}
    settled = outbox.notices_settled(door) if channels else set()
    for notice in notices_of(door, outbox.notices_waiting(door)):
        if notice.id in settled:
            _nowhere(door, [notice], SETTLED)
        else:
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
    for delivery in _unsent(door):
        if delivery.state == SENDING and (delivery.next_try_at or 0) > door.at:
            continue
        person = people.get(delivery.to)
        channel, gap = roads.get(delivery.to, {}).get(delivery.channel, (None, say("the channel is no longer set up")))
        if person is None or not person.active:
            gap = say("{login} was deactivated", login=delivery.to)
        if gap is None and channel is not None:
            continue
        door.save(delivery, replace(delivery, state=DROPPED, next_try_at=None, error=gap, down=False), action="drop")
        elsewhere = {notice for other in _unsent(door) if other.to == delivery.to for notice in other.notices}
        for notice in notices_of(door, [key for key in delivery.notices if key not in elsewhere]):
            if notice.sent_at is None:
                door.save(notice, replace(notice, queued_at=None), action="requeue")


def _gather(door: WriteDoor, person: User | None, to: str, roads: Roads, notices: Sequence[Notice]) -> str | None:
    """Queue the notices of one person. Returns what is to be said when some can go nowhere."""
    if person is None or not person.active:
        _nowhere(
            door, notices, say("{login} was deactivated", login=to) if person else say("{to} is not a user", to=to)
        )
        return None
    muted = [notice for notice in notices if notice.kind in person.muted]
    _nowhere(door, muted, say("{to} does not want to be told of this", to=to))
    notices = [notice for notice in notices if notice.kind not in person.muted]
    queued: set[int] = set()
    for channel, gap in roads.values():
        mine = [notice for notice in notices if gap is None and channel.carries(notice.kind)]
        for alone in (False, True):
            if these := [notice.id for notice in mine if (notice.page is not None) is alone]:
                _queue(door, channel.name, to, these, alone=alone)
        queued.update(notice.id for notice in mine)
    left = [notice for notice in notices if notice.id not in queued]
    for notice in notices:
        if notice.id in queued:
            door.save(notice, replace(notice, queued_at=door.at), action="queue")
    if not left:
        return None
    gaps = [gap for _, gap in roads.values()]
    why = next((gap for gap in gaps if gap and gap != NOT_FOR_THEM), NOT_FOR_THEM)
    if None in gaps:
        why = say("no channel carries {kind}", kind=left[0].kind)
    said = outbox.told_before(door, to, why)
    _nowhere(door, left, why)
    return None if said else say("{to} cannot be told: {why}", to=to, why=why)


def _nowhere(door: WriteDoor, notices: Iterable[Notice], why: str) -> None:
    for notice in notices:
        door.save(notice, replace(notice, unsent=why), action="give up")


def _queue(door: WriteDoor, channel: str, to: str, notices: Sequence[int], *, alone: bool) -> None:
    """Into the digest that was not tried yet, or a new one; tables that go out at a time are a letter `alone`."""
    untried = None if alone else outbox.delivery_untried(door, channel, to)
    before = None if untried is None else door.get(Delivery, untried)
    if before is not None and not any(each.page for each in notices_of(door, before.notices)):
        door.save(before, replace(before, notices=(*before.notices, *notices)), action="join")
    else:
        door.add(
            Delivery(key=_new_key(), channel=channel, to=to, notices=tuple(notices), at=door.at, next_try_at=door.at)
        )


def withdraw(door: WriteDoor, notices: Iterable[Notice], why: str, meta: Mapping[str, Any]) -> None:
    """Notices that are to go nowhere any more, out of the digests that nobody tried to send; what was tried goes out
    again as it is, with them."""
    waiting = [notice for notice in notices if notice.sent_at is None and notice.unsent is None]
    digests = _unsent(door) if any(notice.queued_at is not None for notice in waiting) else []
    tried = {key for digest in digests if digest.attempts for key in digest.notices}
    gone = {notice.id: notice for notice in waiting if notice.id not in tried}
    for digest in digests:
        left = tuple(key for key in digest.notices if key not in gone)
        if not left:
            door.save(digest, replace(digest, state=DROPPED, next_try_at=None, error=why), action="drop", meta=meta)
        elif left != digest.notices:
            door.save(digest, replace(digest, notices=left), action="leave", meta=meta)
    for notice in gone.values():
        door.save(notice, replace(notice, unsent=why), action="undo", meta=meta)


def _new_key() -> str:
    from secrets import token_hex

    return token_hex(16)


def _unsent(door: ReadDoor) -> list[Delivery]:
    keys = outbox.deliveries_unsent(door)
    return door.find(Delivery, id=keys) if keys else []


def notices_of(door: ReadDoor, keys: Sequence[int]) -> list[Notice]:
    """The notices with these ids."""
    return door.find(Notice, id=list(keys)) if keys else []


def retry(door: WriteDoor, *, to: str | None = None) -> int:
    """Let notices that could go nowhere wait again, of one person or of everybody. Returns how many."""
    given_up = outbox.notices_given_up(door, to)
    for notice in notices_of(door, given_up):
        door.save(notice, replace(notice, unsent=None), action="requeue")
    return len(given_up)


def preview(
    door: WriteDoor, channels: Sequence[Channel], policy: Policy
) -> tuple[tuple[str, ...], dict[str, list[str]]]:
    """What `prepare` would say, and by channel to whom digests are on their way then. For a door that keeps nothing."""
    nowhere = prepare(door, channels, policy)
    ready: dict[str, list[str]] = {}
    for delivery in _unsent(door):
        ready.setdefault(delivery.channel, []).append(delivery.to)
    return nowhere, ready
