"""Signs that a record of follow-up may tell of none: no verdict, only what stands out.

alike: nearly the text its author wrote on another deal; batch: many at once; late: long after it happened; eve: just
before its deal would have been taken away; alone: one more where nobody ever answers.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from oppcli.model.follow import IN
from oppcli.model.records import folded
from oppcli.model.units import DAY_MS, HOUR_MS, MINUTE_MS
from oppcli.rules import likeness
from oppcli.rules.dues import worked
from oppcli.tuples import NamedTuple
from oppcli.words import zones

ALIKE, BATCH, LATE, EVE, ALONE = SIGNS = ("alike", "batch", "late", "eve", "alone")
LEAST_ALIKE, SHORTEST, ALIKE_WITHIN = 80, 10, 30 * DAY_MS
"""Per cent; characters; between the two."""
BATCH_OF, BATCH_WITHIN = 5, 10 * MINUTE_MS
"""Deals; of one author."""
MOST_DATES = 3
"""Business dates between what happened and its record."""
EVE_WITHIN = 48 * HOUR_MS
UNANSWERED = 5


class Noted(NamedTuple):
    """An activity, as these signs see it."""

    id: int
    at: int
    who: str
    deal: int | None
    direction: str
    recorded_at: int
    text: str
    typed: bool = True
    """Whether it was entered alone: not with many of a file."""
    touch: bool = True


class Sign(NamedTuple):
    """What stands out of an activity."""

    sign: str
    activity: int
    other: int | None = None
    """The activity it is like."""
    n: int | None = None
    """Per cent alike; deals of the batch; business dates; hours; touches without an answer."""


def alike(noted: Iterable[Noted]) -> Iterator[Sign]:
    """Texts of at least 10 characters that are 80 % like one of the same author on another deal, of the 30 days before;
    each with the one it is most like."""
    by_author: dict[str, list[tuple[Noted, str]]] = defaultdict(list)
    for each in noted:
        text = " ".join(folded(each.text).split())
        if len(text) >= SHORTEST and each.deal is not None:
            by_author[each.who].append((each, text))
    for written in by_author.values():
        written.sort(key=lambda pair: (pair[0].at, pair[0].id))
        best: dict[int, tuple[int, int]] = {}
        for first, second, score in _pairs([text for _, text in written]):
            one, other = written[first][0], written[second][0]
            if one.deal != other.deal and other.at - one.at <= ALIKE_WITHIN:
                best[other.id] = max(best.get(other.id, (0, 0)), (score, -one.id))
        yield from (Sign(ALIKE, key, -other, score) for key, (score, other) in best.items())


def _pairs(texts: list[str]) -> Iterator[tuple[int, int, int]]:
    """The places of every two texts that are alike enough, equal ones included."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        places[text].append(place)
    different = list(places)
    for same in places.values():
        yield from ((one, other, 100) for n, one in enumerate(same) for other in same[n + 1 :])
    for first, second, score in likeness.alike(different, LEAST_ALIKE):
        for one in places[different[first]]:
            yield from ((min(one, other), max(one, other), score) for other in places[different[second]])


def batch(noted: Iterable[Noted]) -> Iterator[Sign]:
    """Activities that one author recorded on at least 5 deals within 10 minutes; of those that were entered alone."""
    by_author: dict[str, list[Noted]] = defaultdict(list)
    for each in noted:
        if each.typed and each.deal is not None:
            by_author[each.who].append(each)
    for written in by_author.values():
        written.sort(key=lambda each: (each.recorded_at, each.id))
        most: dict[int, int] = {}
        begin = 0
        for end, each in enumerate(written):
            while each.recorded_at - written[begin].recorded_at > BATCH_WITHIN:
                begin += 1
            together = written[begin : end + 1]
            deals = len({one.deal for one in together})
            if deals >= BATCH_OF:
                most |= {one.id: max(most.get(one.id, 0), deals) for one in together}
        yield from (Sign(BATCH, key, n=deals) for key, deals in most.items())


def late(noted: Iterable[Noted], works: Callable[[date], bool], tz: str) -> Iterator[Sign]:
    """Activities recorded more than 3 business dates after they happened; of those that were entered alone."""
    for each in noted:
        day, recorded = zones.today(each.at, tz), zones.today(each.recorded_at, tz)
        dates = worked(day, recorded, works) if each.typed else 0
        if dates > MOST_DATES:
            yield Sign(LATE, each.id, n=dates)


def eve(noted: Iterable[Noted], returns_at: Callable[[Noted], int | None]) -> Iterator[Sign]:
    """Touches at most 48 hours before their deal would have gone back to the pool without them."""
    for each in noted:
        taken = returns_at(each) if each.touch and each.direction != IN else None
        if taken is not None and 0 <= taken - each.at <= EVE_WITHIN:
            yield Sign(EVE, each.id, n=(taken - each.at) // HOUR_MS)


def alone(noted: Iterable[Noted]) -> Iterator[Sign]:
    """Of each deal the 5th touch out in a row, none in between them coming in."""
    row: dict[int, int] = defaultdict(int)
    for each in sorted(noted, key=lambda each: (each.at, each.id)):
        if not each.touch or each.deal is None:
            continue
        row[each.deal] = 0 if each.direction == IN else row[each.deal] + 1
        if row[each.deal] == UNANSWERED:
            yield Sign(ALONE, each.id, n=UNANSWERED)
