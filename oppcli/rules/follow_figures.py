"""What the figures of follow-up count: promises kept and missed, touches that two people made, gaps between touches."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from oppcli.model.follow import CANCELLED, DONE, OPEN, OUT, WAIVED
from oppcli.model.units import HOUR_MS
from oppcli.tuples import NamedTuple

KEPT, MISSED = "kept", "missed"
DOUBLED_WITHIN = 72 * HOUR_MS
"""So soon after another person's a touch is the second of two."""


class Promise(NamedTuple):
    """A task with a date, as it was first promised."""

    deal: int | None
    late_from: int
    """The first instant at which what was promised was late."""
    state: str
    ended_at: int | None
    moves: int
    assignee: str | None
    """None where it is that of the deal's owner of the moment."""
    owner: str | None
    """The deal's of now."""


class Touch(NamedTuple):
    """A touch, by whom and with whom."""

    id: int
    at: int
    who: str
    deal: int | None
    customer: int | None
    direction: str


class Tenure(NamedTuple):
    """Whose a deal was, from when until when; None: since ever, until now."""

    owner: str | None
    began: int | None
    ended: int | None


def outcome(promise: Promise, now: int) -> str | None:
    """kept: done by what was promised first; missed: done later, open, or cancelled after. None for what is not past
    yet, was cancelled before, or waived: no moving of its date changes that."""
    if promise.late_from > now or promise.state == WAIVED:
        return None
    in_time = promise.ended_at is not None and promise.ended_at < promise.late_from
    if promise.state == DONE:
        return KEPT if in_time else MISSED
    return MISSED if promise.state == OPEN or (promise.state == CANCELLED and not in_time) else None


def owner_at(at: int, tenures: Sequence[Tenure], owner: str | None) -> str | None:
    """Whose a deal was at an instant; where it is still whose it was at first nothing is kept of it."""
    for tenure in tenures:
        if (tenure.began is None or tenure.began <= at) and (tenure.ended is None or at < tenure.ended):
            return tenure.owner
    return tenures[0].owner if tenures else owner


def holder(promise: Promise, tenures: Mapping[int, Sequence[Tenure]]) -> str | None:
    """Whose promise it was when it fell due."""
    if promise.assignee is not None:
        return promise.assignee
    return owner_at(promise.late_from - 1, tenures.get(promise.deal or 0, ()), promise.owner)


def doubled(touches: Iterable[Touch], together: Mapping[int, Collection[frozenset[str]]]) -> Iterator[Touch]:
    """Touches (out) on a customer that another person touched (out) within the 72 hours before. `together`: by customer
    the people of each of its deals; two who are of one deal are no two."""
    of_customer: dict[int, list[Touch]] = defaultdict(list)
    for touch in sorted(touches, key=lambda touch: (touch.at, touch.id)):
        if touch.customer is None or touch.direction != OUT:
            continue
        before = of_customer[touch.customer]
        while before and touch.at - before[0].at > DOUBLED_WITHIN:
            before.pop(0)
        teams = together.get(touch.customer, ())
        if any(_two(touch.who, other.who, teams) for other in before):
            yield touch
        before.append(touch)


def _two(one: str, other: str, teams: Iterable[frozenset[str]]) -> bool:
    return one != other and not any({one, other} <= team for team in teams)


def gaps(touches: Iterable[Touch]) -> dict[str, list[int]]:
    """By who made the later one, the time between two touches on one deal that follow one another."""
    of_deal: dict[int, list[Touch]] = defaultdict(list)
    for touch in touches:
        if touch.deal is not None:
            of_deal[touch.deal].append(touch)
    found: dict[str, list[int]] = defaultdict(list)
    for line in of_deal.values():
        line.sort(key=lambda touch: (touch.at, touch.id))
        for before, after in pairwise(line):
            found[after.who].append(after.at - before.at)
    return found
