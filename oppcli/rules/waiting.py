"""Whose time a deal spent: every instant of it charged to one holder, so that the parts add up to the whole."""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from oppcli.model.units import DAY_MS
from oppcli.tuples import NamedTuple

FOREVER = 1 << 62


class Span(NamedTuple):
    """From `start` up to, but not including, `end`; `end` None: it goes on."""

    start: int
    end: int | None

    @property
    def until(self) -> int:
        return FOREVER if self.end is None else self.end


class Wait(NamedTuple):
    """A seat that waited for somebody."""

    span: Span
    holder: str
    type: str = ""
    """Of approval; what it is called; the step."""
    title: str = ""
    step: str = ""


class Parts(NamedTuple):
    """How the time from a deal's beginning to its end (or now) divides, in milliseconds: the parts make `whole`, which
    leaves out what it was closed for before it was reopened."""

    whole: int
    seller: int
    """Business time in which nothing was asked of anybody else."""
    returned: int
    """Business time in which a request was back with its submitter."""
    holders: dict[str, int]
    """Business time by whom it waited for."""
    outside: int
    """Time outside business hours, whoever held it."""


def attribute(
    start: int,
    end: int,
    waits: Sequence[Wait],
    returned: Sequence[Span],
    worked: Callable[[int], int],
    closed: Sequence[Span] = (),
) -> Parts:
    """Divide [start, end) without the time in which the deal was `closed`. An instant that waited for several is shared
    equally among them; a wait counts before a return, a return before the seller. `worked` is the cumulative business
    clock."""
    cuts = sorted({start, end, *(_inside(_edges(waits, (*returned, *closed)), start, end))})
    whole = seller = back = outside = 0
    spent: dict[str, int] = {}
    for left, right in pairwise(cuts):
        if any(span.start <= left < span.until for span in closed):
            continue
        whole += right - left
        business = worked(right) - worked(left)
        outside += right - left - business
        people = sorted({wait.holder for wait in waits if wait.span.start <= left < wait.span.until})
        for holder, share in zip(people, shares(business, len(people)), strict=True):
            spent[holder] = spent.get(holder, 0) + share
        if not people and any(span.start <= left < span.until for span in returned):
            back += business
        elif not people:
            seller += business
    return Parts(whole, seller, back, {name: held for name, held in spent.items() if held}, outside)


class Held(NamedTuple):
    """What of a deal's time is one wait's."""

    wait: Wait
    business: int
    elapsed: int
    """Calendar time, which delay costs."""


def held(
    start: int,
    end: int,
    waits: Sequence[Wait],
    worked: Callable[[int], int],
    closed: Sequence[Span] = (),
) -> list[Held]:
    """What of [start, end) each wait is charged with, as `attribute` charges those they wait for: an instant is shared
    equally among these, and among the waits of each."""
    cuts = sorted({start, end, *(_inside(_edges(waits, closed), start, end))})
    found = [[0, 0] for _ in waits]
    for left, right in pairwise(cuts):
        if any(span.start <= left < span.until for span in closed):
            continue
        asked: dict[str, list[int]] = {}
        for place, wait in enumerate(waits):
            if wait.span.start <= left < wait.span.until:
                asked.setdefault(wait.holder, []).append(place)
        for at, spent in enumerate((worked(right) - worked(left), right - left)):
            for holder, share in zip(sorted(asked), shares(spent, len(asked)), strict=True):
                for place, part in zip(asked[holder], shares(share, len(asked[holder])), strict=True):
                    found[place][at] += part
    return [Held(wait, *spent) for wait, spent in zip(waits, found, strict=True) if any(spent)]


def delay_cost(minor: int, probability: int, elapsed: int, rate: int) -> int:
    """Minor units, half up: an amount × a probability in per cent × the days that passed × a rate of a day in
    ten-thousandths of one per cent. 800,000.00 at 50 % for 2.5 days at 0.1 % is 1,000.00."""
    parts, whole = minor * probability * elapsed * rate, 100 * DAY_MS * 100 * 10_000
    return (2 * parts + whole) // (2 * whole)


def shares(whole: int, count: int) -> list[int]:
    """Equal parts that add up to the whole: what cannot be divided goes to the first ones."""
    return [whole // count + (place < whole % count) for place in range(count)]


def _edges(waits: Iterable[Wait], returned: Iterable[Span]) -> Iterable[int]:
    for span in (*(wait.span for wait in waits), *returned):
        yield span.start
        yield span.until


def _inside(edges: Iterable[int], start: int, end: int) -> Iterable[int]:
    return (edge for edge in edges if start < edge < end)


def without(span: Span, gaps: Iterable[Span]) -> list[Span]:
    """The parts of a span that lie in none of the gaps, in order."""
    parts, start = [], span.start
    for gap in sorted(gaps, key=lambda gap: gap.start):
        if gap.until <= start or gap.start >= span.until:
            continue
        if gap.start > start:
            parts.append(Span(start, gap.start))
        start = max(start, gap.until)
    if start < span.until:
        parts.append(Span(start, span.end))
    return parts
