"""Who held a seat when: the holders of now, taken back change by change as the journal tells them."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from oppcli.tuples import NamedTuple

SeatKey = tuple[int, int, int]
"""Revision, step, seat within a request."""
Held = dict[int, str]
"""Place → login."""

CHANGE = re.compile(r"steps\.(\d+)\.(\d+)\.seats\.(\d+)\.holders\.(\d+)(\.login)?")


class Turn(NamedTuple):
    """The people who held a seat from an instant on, in order; `since` None: from its opening."""

    since: int | None
    people: tuple[str, ...]


def turns(now: Mapping[SeatKey, Held], changes: Iterable[tuple[int, Mapping[str, Any]]]) -> dict[SeatKey, list[Turn]]:
    """The turns of each seat, oldest first. `changes` are (at, field → [old, new]) of one request, newest first."""
    held = {seat: dict(people) for seat, people in now.items()}
    found: dict[SeatKey, list[Turn]] = {seat: [] for seat in held}
    for at, fields in changes:
        before = _before(held, fields)
        for seat, people in before.items():
            found.setdefault(seat, []).append(Turn(at, _in_order(held.get(seat, {}))))
            held[seat] = people
    return {seat: [Turn(None, _in_order(held[seat])), *reversed(found[seat])] for seat in held}


def came(turns: Iterable[Turn], person: str, opened: int, until: int) -> int:
    """When the seat came to the person who held it at `until`: the beginning of their last turns in a row. Where the
    turns do not know them, when it was opened."""
    since: int | None = None
    for turn in turns:
        if turn.since is not None and turn.since > until:
            break
        if person not in turn.people:
            since = None
        elif since is None:
            since = opened if turn.since is None else turn.since
    return opened if since is None else since


def _before(held: Mapping[SeatKey, Held], fields: Mapping[str, Any]) -> dict[SeatKey, Held]:
    """The seats these changes touched, with the people they had before."""
    found: dict[SeatKey, Held] = {}
    for name, pair in fields.items():
        place = CHANGE.fullmatch(name)
        if place is None:
            continue
        seat = (int(place[1]), int(place[2]), int(place[3]))
        people = found.setdefault(seat, dict(held.get(seat, {})))
        old = pair[0] if place[5] or pair[0] is None else pair[0]["login"]
        if old is None:
            people.pop(int(place[4]), None)
        else:
            people[int(place[4])] = old
    return found


def _in_order(people: Held) -> tuple[str, ...]:
    return tuple(people[place] for place in sorted(people))
