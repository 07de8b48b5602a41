"""What a lost deal waited for inside the house in its last days, and whom it waited for longest."""

from collections.abc import Callable, Sequence

from oppcli.rules.waiting import Span, Wait, attribute
from oppcli.tuples import NamedTuple


class Waited(NamedTuple):
    """Internal waits within some time, in business milliseconds."""

    total: int
    """Approvals and returns, an instant counted once."""
    longest: int
    """The longest single wait."""
    who: str | None
    """Whom that was for; None where the request was back with its submitter."""


NOTHING = Waited(0, 0, None)


def internal(
    window: Span,
    waits: Sequence[Wait],
    returned: Sequence[Span],
    worked: Callable[[int], int],
    closed: Sequence[Span] = (),
) -> Waited:
    """What a deal waited within a window, as `report waiting` divides its time; `worked` is the cumulative business
    clock."""
    start, end = window.start, window.until
    if end <= start or not (waits or returned):
        return NOTHING
    parts = attribute(start, end, waits, returned, worked, [each for each in closed if each.start < end])
    singles = [(each.span, each.holder) for each in waits] + [(each, None) for each in returned]
    best: tuple[int, str | None] = (0, None)
    for span, who in singles:
        first, last = max(span.start, start), min(span.until, end)
        spent = worked(last) - worked(first) if last > first else 0
        if spent > best[0]:
            best = (spent, who)
    return Waited(sum(parts.holders.values()) + parts.returned, *best)
