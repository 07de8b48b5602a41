"""The stays of deals in a stage, gathered from the rows of visits: for filters, business hours and sums per deal.

`stay_index` answers the same questions for a whole stage in calendar time from an index; a test compares the two.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Protocol

from oppcli.reads.where import Where
from oppcli.rules.statistics import Gap, Listed, Spans, gaps
from oppcli.store.doors import ReadDoor, Row
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from oppcli.rules.clock import Clock

Measure = Callable[[int, int], int]
"""From, to → the time between, in milliseconds of the clock that is wanted."""
Ends = tuple[int | None, int | None]
"""When a visit began, if anybody knows, and when it ended, if it has."""


class Past(NamedTuple):
    """Stays of more business time than the target of their stage."""

    completed: int = 0
    open: int = 0
    excess: int = 0
    """Business milliseconds beyond the target, of both together."""
    of: int = 0
    """Completed stays that were measured against a target."""


class Stays(Protocol):
    """What is known of one stage. Stays are milliseconds."""

    @property
    def completed(self) -> Spans:
        """Visits that are over and whose beginning is known."""
        ...

    @property
    def ages(self) -> Spans:
        """Open visits so far."""
        ...

    @property
    def undated(self) -> int:
        """Completed visits whose beginning nobody knows."""
        ...

    @property
    def undated_open(self) -> int: ...

    @property
    def backwards(self) -> int:
        """Visits that end before they begin, or begin after now."""
        ...

    def between(self) -> Iterator[Gap]:
        """The completed stays counted between the ages of open ones."""
        ...

    def older(self, age: int) -> int:
        """How many open visits have taken more than that so far."""
        ...


class Gathered:
    """Stays in memory."""

    def __init__(self) -> None:
        self.spans: list[int] = []
        self.so_far: list[int] = []
        self.undated = self.undated_open = self.backwards = 0

    def settle(self) -> "Gathered":
        """Sort, once all are there."""
        self.completed, self.ages = Listed(self.spans), Listed(self.so_far)
        return self

    def between(self) -> Iterator[Gap]:
        return gaps(self.completed.spans, self.ages.spans)

    def older(self, age: int) -> int:
        return self.ages.count - bisect_right(self.ages.spans, age)


def gather(rows: Iterable[Row], now: int, measure: Measure, *, cumulative: bool = False) -> dict[int, Gathered]:
    """Rows (stage, deal, entered, left), ordered by stage and deal when `cumulative`, → what is known per stage."""
    found: dict[int, Gathered] = defaultdict(Gathered)
    for stage, visits in _stays(rows, cumulative=cumulative):
        add(found[stage], visits, now, measure)
    return {stage: stays.settle() for stage, stays in found.items()}


def _stays(rows: Iterable[Row], *, cumulative: bool) -> Iterator[tuple[int, list[Ends]]]:
    """The visits that make up one stay: each alone, or all of a deal in a stage together."""
    if not cumulative:
        for stage, _, entered, left in rows:
            yield stage, [(entered, left)]
        return
    last, visits = None, []
    for stage, deal, entered, left in rows:
        if (stage, deal) != last and last is not None:
            yield last[0], visits
            visits = []
        last = (stage, deal)
        visits.append((entered, left))
    if last is not None:
        yield last[0], visits


def add(stays: Gathered, visits: list[Ends], now: int, measure: Measure) -> None:
    """One stay, by the clock that is wanted; of unknown beginning, or backwards, it is counted as that."""
    opened = any(left is None for _, left in visits)
    total = 0
    for entered, left in visits:
        end = now if left is None else left
        if entered is None:
            stays.undated_open += opened
            stays.undated += not opened
            return
        if end < entered:
            stays.backwards += 1
            return
        total += measure(entered, end)
    (stays.so_far if opened else stays.spans).append(total)


def rows(door: ReadDoor, where: Where, *, cumulative: bool = False, stage: int | None = None) -> Iterator[Row]:
    """(stage, deal, entered, left) of the visits of the deals chosen, or of one stage of them."""
    of_stage = [] if stage is None else ["v.stage_id = :stage"]
    order = "ORDER BY v.stage_id, v.deal_id, v.number" if cumulative else ""
    sql = f"SELECT v.stage_id, v.deal_id, v.entered_at, v.left_at {_visits(where, *of_stage)} {order}"
    return door.stream(sql, **where.params, **({} if stage is None else {"stage": stage}))


def _visits(where: Where, *more: str) -> str:
    """FROM and WHERE over `visit v`; deals are joined only where they are asked about."""
    clauses = " AND ".join([*where.clauses, *more])
    deals = "JOIN deal d ON d.id = v.deal_id" if where.clauses else ""
    return f"FROM visit v {deals} {'WHERE ' + clauses if clauses else ''}"


def beyond(found: Gathered, target: int) -> Past:
    """Of stays in business time those that took more than the target."""
    spans = [span - target for span in found.spans if span > target]
    ages = [age - target for age in found.so_far if age > target]
    return Past(len(spans), len(ages), sum(spans) + sum(ages), len(found.spans))


def past(door: ReadDoor, where: Where, stage: int, target: int, hours: "Clock", now: int) -> Past:
    """The stays in a stage, completed ones and open ones so far, that took more than `target` of business time.

    From how little elapsed time a moment more than the target can take, most others are told without the calendar."""
    end, given = "coalesce(v.left_at, :now)", {"stage": stage, "now": now, **where.params}
    most = ("v.stage_id = :stage", f"({end} - v.entered_at) > :least")
    first, last = door.rows(
        f"SELECT min(v.entered_at), max(v.entered_at) {_visits(where, *most)}", least=target, **given
    )[0]
    if first is None:
        return Past()
    least, _ = hours.spread(target + 1, first, last)
    rows = door.stream(
        f"SELECT v.entered_at, {end}, v.left_at IS NULL {_visits(where, *most)}", least=least - 1, **given
    )
    completed = opened = excess = 0
    worked = hours.worked
    for entered, left, is_open in rows:
        beyond = worked(left) - worked(entered) - target
        if beyond > 0:
            excess += beyond
            if is_open:
                opened += 1
            else:
                completed += 1
    return Past(completed, opened, excess)
