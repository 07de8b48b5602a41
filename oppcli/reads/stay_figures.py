"""What is said of the stays in a stage: completed ones, open ones so far, both together, what is beyond the target, and
the money of the deals that are there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from oppcli.model.said import Said, say
from oppcli.model.units import HOUR_MS
from oppcli.reads.breakdown_cells import SHARE, Cell, Measure, amount, currency
from oppcli.reads.stays import Gathered, Past, Stays
from oppcli.reads.stays import Measure as Clocked
from oppcli.reads.table import Beyond, Column, Footnote, Kind, ranked
from oppcli.rules.statistics import median, summary, survival_median
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from oppcli.rules.clock import Clock

OPEN, COMPLETED = "open", "completed"
"""Kinds of stays in a cell; open ones have the money of their deals."""
OVER = (30, 60, 90, 180)
"""Days by which open stays are counted."""
STAGE = Column("stage")
MONEY = ("open_amount", "currency")
COLUMNS = ranked(
    (
        STAGE,
        Column("visits", Kind.COUNT, title=say("VISITS")),
        Column("mean_days", Kind.DAYS, title=say("MEAN"), unit=say("d")),
        Column("median_days", Kind.DAYS, title=say("MEDIAN"), unit=say("d")),
        Column("p90_days", Kind.DAYS, title=say("P90"), unit=say("d")),
        Column("max_days", Kind.DAYS, title=say("MAX"), unit=say("d")),
        Column("open", Kind.COUNT),
        Column("open_median_days", Kind.DAYS, title=say("OPEN MEDIAN"), unit=say("d")),
        Column("median_incl_open_days", Kind.DAYS, title=say("INCL. OPEN"), unit=say("d")),
        Column("target_days", Kind.DAYS, title=say("TARGET"), unit=say("bd")),
        Column("over_target", Kind.FRACTION),
        Column("open_amount", Kind.MONEY, title=say("OPEN AMOUNT")),
        Column("currency"),
        Column("open_max_days", Kind.DAYS, title=say("OPEN MAX"), unit=say("d")),
        *(Column(f"over_{days}", Kind.COUNT, title=say("OPEN > {days} D", days=days)) for days in OVER),
        Column("excess_bh", Kind.HOURS, title=say("BEYOND TARGET"), unit=say("bh")),
    ),
    "stage median_days over_target open_median_days 1, visits p90_days open 2, target_days 3,"
    " median_incl_open_days 4, mean_days 5, max_days 6, excess_bh open_amount 7",
)


class Units(NamedTuple):
    """How time is measured and what a day of it is."""

    measure: Clocked
    day_ms: int
    business_day_ms: int | None
    """Of the policy's calendar, for targets, which are business time; None when no calendar was needed."""
    business: "Clock | None"


def figures(found: Stays, units: Units, target_ms: int | None, past: Past | None) -> dict[str, Any]:
    """Every figure of a stage but its money, by the name of its column."""
    day = units.day_ms
    known, opened = summary(found.completed), median(found.ages)
    both = survival_median(found.completed, found.ages.count, found.between())
    oldest = found.ages.nth(found.ages.count - 1) if found.ages.count else None
    return {
        "visits": known.n + found.undated,
        **{
            f"{name}_days": None if figure is None else figure / day
            for name, figure in zip(("mean", "median", "p90", "max"), known[1:], strict=True)
        },
        "open": found.ages.count + found.undated_open,
        "open_median_days": None if opened is None else opened / day,
        "median_incl_open_days": None if both is None else _reached(both.value / day, reached=both.reached),
        "target_days": target_ms / units.business_day_ms if target_ms and units.business_day_ms else None,
        "over_target": None if past is None else _share(past),
        "open_max_days": None if oldest is None else oldest / day,
        **{f"over_{days}": found.older(days * day) for days in OVER},
        "excess_bh": None if past is None else past.excess / HOUR_MS,
    }


def _reached(days: float, *, reached: bool) -> float:
    return days if reached else Beyond(days)


def _share(past: Past) -> float | None:
    """Of the completed stays and the open ones that are late already: whether the other open ones will be, nobody
    knows yet."""
    told = past.of + past.open
    return (past.completed + past.open) / told if told else None


def add(cell: Cell, stay: Gathered, past: Past | None, target_ms: int | None) -> None:
    """One stay into a cell."""
    for kind, spans, undated in ((COMPLETED, stay.spans, stay.undated), (OPEN, stay.so_far, stay.undated_open)):
        if spans or undated:
            cell.deals[kind] += 1
            cell.sums["undated", kind] += undated
            cell.values.setdefault(kind, []).extend(spans)
    cell.sums["backwards"] += stay.backwards
    if past is not None:
        cell.sums["target", target_ms] += 1
        cell.sums.update(past._asdict())


def gathered(cell: Cell) -> Gathered:
    """The stays of a cell."""
    found = Gathered()
    found.spans, found.so_far = cell.values.get(COMPLETED, []), cell.values.get(OPEN, [])
    found.undated, found.undated_open = cell.sums["undated", COMPLETED], cell.sums["undated", OPEN]
    found.backwards = cell.sums["backwards"]
    return found.settle()


def measures(units: Units, columns: tuple[Column, ...]) -> tuple[Measure, ...]:
    """The columns behind the keys, as figures of a cell, reckoned together once."""

    def known(cell: Cell) -> Mapping[str, Any]:
        if not cell.known:
            targets = [key[1] for key in cell.sums if isinstance(key, tuple) and key[0] == "target"]
            past = Past(*(cell.sums[name] for name in Past._fields)) if targets else None
            cell.known = figures(gathered(cell), units, targets[0] if len(targets) == 1 else None, past)
        return cell.known

    def figure(name: str) -> Callable[[Cell, Any], Any]:
        return lambda cell, whole: known(cell)[name]

    money = {"open_amount": amount(OPEN), "currency": currency(OPEN)}
    return tuple(
        Measure(
            column,
            money.get(column.name) or figure(column.name),
            SHARE if column.name in ("visits", "median_days") else "",
            "amount" if column.name in money else "",
        )
        for column in columns
        if column.name != STAGE.name
    )


def told(stays: Iterable[Stays], units: Units, *, business: bool) -> Iterator[Footnote]:
    """What could not be measured, and in which unit days are."""
    stays = list(stays)
    if undated := sum(one.undated + one.undated_open for one in stays):
        said = say("{n:,} {n:visit|visits} without a known beginning counted, not measured", n=undated)
        yield Footnote("unknown_date", undated, said)
    if backwards := sum(one.backwards for one in stays):
        said = say(
            "{n:,} {n:visit that ends before it begins, or begins|visits that end before they begin, or begin} "
            "after now, left out",
            n=backwards,
        )
        yield Footnote("negative_span", backwards, said)
    if business:
        yield Footnote("unit", None, say("in business days of {hours} hours", hours=f"{units.day_ms / HOUR_MS:g}"))
    elif units.business_day_ms:
        hours = f"{units.business_day_ms / HOUR_MS:g}"
        yield Footnote("unit", None, say("targets are business time, a day of them {hours} hours", hours=hours))


def population(completed: int, opened: int, *, cumulative: bool) -> Footnote:
    """How many stays the figures are about."""
    said: Said
    if cumulative:
        said = say("{n:,} completed {n:deal|deals} that stayed, {opened:,} open", n=completed, opened=opened)
    else:
        said = say("{n:,} completed {n:visit|visits}, {opened:,} open", n=completed, opened=opened)
    return Footnote("population", completed + opened, said)
