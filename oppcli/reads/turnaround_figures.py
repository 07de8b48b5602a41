"""What is said of how long approvals take: waits that ended with a decision, verdicts and reasons, what is open."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from oppcli.model.requests import APPROVE, REJECT, RETURN
from oppcli.model.said import say
from oppcli.model.units import HOUR_MS
from oppcli.reads.breakdown_cells import DIFFERENCE, SHARE, Cell, Measure
from oppcli.reads.table import Column, Kind, ranked
from oppcli.rules.statistics import share, summary
from oppcli.rules.waiting import Span, without
from oppcli.tuples import NamedTuple

VERDICTS = (APPROVE, REJECT, RETURN)
DECIDED = "decided"
"""What is counted: waits that ended with a decision."""
ELAPSED, BUSINESS = "elapsed", "business"
"""Their values."""
FATES = ("requests", "approved", "first_pass", "rejected", "resubmitted", "then_approved")
PASSED = (
    Column("first_pass_rate", Kind.FRACTION, title=say("FIRST PASS"), rank=2),
    *(Column(name, Kind.COUNT, wide=False) for name in FATES),
)
"""Of types of approval."""
FIGURES = ranked(
    (
        Column("decided", Kind.COUNT),
        Column("median_hours", Kind.HOURS, title=say("MEDIAN"), unit=say("h")),
        Column("p90_hours", Kind.HOURS, title=say("P90"), unit=say("h")),
        Column("median_business_hours", Kind.HOURS, title=say("MEDIAN BH"), unit=say("bh")),
        Column("p90_business_hours", Kind.HOURS, title=say("P90 BH"), unit=say("bh")),
        Column("late", Kind.COUNT, title=say("TIMES LATE"), wide=False),
        Column("late_share", Kind.FRACTION, title=say("LATE")),
        Column("approvals", Kind.COUNT, title=say("YES")),
        Column("rejections", Kind.COUNT, title=say("NO")),
        Column("returns", Kind.COUNT, title=say("BACK")),
        Column("reasons", Kind.LIST, cut=True, named=True),
        Column("open", Kind.COUNT),
        Column("returned_share", Kind.FRACTION, title=say("BACK OF ALL")),
    ),
    "median_business_hours late_share 1, decided p90_business_hours 2, rejections returns 4, approvals 5,"
    " median_hours p90_hours 6, reasons 7, open 3, returned_share 6",
)
OVER = (
    Column("over", Kind.COUNT, place=4, rank=2),
    Column("over_share", Kind.FRACTION, title=say("OF ALL"), place=4, rank=2),
)
"""With `--over`: how many took longer than that."""
_REASONS = 3
"""The most frequent reasons of rejections and returns, as many as a line holds."""


class Timed(NamedTuple):
    """One wait that ended with a decision."""

    elapsed: int
    business: int
    late: bool


class Waits:
    """Measures waits, without the time in which the request was returned: elapsed, and in business time, that of the
    open intervals whole."""

    def __init__(self, returned: Mapping[int, list[Span]], between: Callable[[str, int, int], int]) -> None:
        self._returned, self._between = returned, between

    def timed(self, request: int, calendar: str, start: int, at: int, limits: Iterable[int | None]) -> Timed:
        """The wait from `start` that ended `at`; late when it ended after it was due."""
        parts = without(Span(start, at), self._returned.get(request, ()))
        elapsed = sum(part.until - part.start for part in parts)
        business = sum(self._between(calendar, part.start, part.until) for part in parts)
        return Timed(elapsed, business, any(limit is not None and at > limit for limit in limits))


def add(cell: Cell, wait: Timed, limit: int | None) -> None:
    """One wait that ended with a decision; `limit`: how many took longer than that is asked."""
    cell.deals[DECIDED] += 1
    cell.values.setdefault(ELAPSED, []).append(wait.elapsed)
    cell.values.setdefault(BUSINESS, []).append(wait.business)
    cell.sums["late"] += wait.late
    cell.sums["over"] += limit is not None and wait.elapsed > limit


def decide(cell: Cell, verdict: str, reason: str | None, count: int = 1) -> None:
    """So many decisions of people that agree."""
    cell.sums[verdict] += count
    if reason and verdict in (REJECT, RETURN):
        cell.sums["reason", reason] += count


def figures(cell: Cell) -> dict[str, Any]:
    """Every figure of a cell, by the name of its column."""
    elapsed, business = summary(cell.listed(ELAPSED)), summary(cell.listed(BUSINESS))
    decided, verdicts = cell.deals[DECIDED], [cell.sums[verdict] for verdict in VERDICTS]
    return {
        "decided": decided,
        "median_hours": _hours(elapsed.median),
        "p90_hours": _hours(elapsed.p90),
        "median_business_hours": _hours(business.median),
        "p90_business_hours": _hours(business.p90),
        "late": cell.sums["late"],
        "late_share": share(cell.sums["late"], decided),
        **dict(zip(("approvals", "rejections", "returns"), verdicts, strict=True)),
        "reasons": tuple(f"{reason} ({count})" for reason, count in _frequent(cell)),
        "over": cell.sums["over"],
        "over_share": share(cell.sums["over"], decided),
        "open": cell.sums["open"],
        "returned_share": share(cell.sums[RETURN], sum(verdicts)),
        "first_pass_rate": share(cell.sums["first_pass"], cell.sums["requests"]),
        **{name: cell.sums[name] for name in FATES},
    }


def _frequent(cell: Cell) -> list[tuple[str, int]]:
    found = [(key[1], count) for key, count in cell.sums.items() if isinstance(key, tuple) and key[0] == "reason"]
    return sorted(found, key=lambda item: (-item[1], item[0]))[:_REASONS]


def _hours(span: float | None) -> float | None:
    return None if span is None else span / HOUR_MS


COMPARED: Mapping[str, str] = {"decided": SHARE, "median_business_hours": SHARE, "late_share": DIFFERENCE}


def measures(*, fates: bool, over: bool) -> Iterator[Measure]:
    """The columns behind the keys: of types of approval with how many passed at once."""

    def figure(name: str) -> Callable[[Cell, Any], Any]:
        def known(cell: Cell, whole: Any) -> Any:
            if "figures" not in cell.known:
                cell.known["figures"] = figures(cell)
            return cell.known["figures"][name]

        return known

    for column in (*(PASSED if fates else ()), *columns(over=over)):
        yield Measure(column, figure(column.name), COMPARED.get(column.name, ""))


def columns(*, over: bool) -> tuple[Column, ...]:
    """What stands behind the keys, with how many took longer where that is asked."""
    return (*FIGURES[:-2], *(OVER if over else ()), *FIGURES[-2:])
