"""How long deals stay in each stage: completed stays, open ones so far, and both together."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from oppcli.model.deals import LIVE_KINDS, WON
from oppcli.model.policy import Calendar, Policy
from oppcli.model.records import COUNTED
from oppcli.model.said import say
from oppcli.model.units import DAY_MS, HOUR_MS, MINUTE_MS
from oppcli.reads import population, stays
from oppcli.reads.population import Place
from oppcli.reads.stay_index import Indexed
from oppcli.reads.stays import Gathered, Measure, Stays
from oppcli.reads.table import Beyond, Chart, Column, Footnote, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.reads.where import Where
from oppcli.rules.statistics import median, summary, survival_median
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from oppcli.rules.clock import Clock

COLUMNS = ranked(
    (
        Column("stage"),
        Column("visits", Kind.COUNT, title=say("VISITS")),
        Column("mean_days", Kind.DAYS, title=say("MEAN"), unit=say("d")),
        Column("median_days", Kind.DAYS, title=say("MEDIAN"), unit=say("d")),
        Column("p90_days", Kind.DAYS, title=say("P90"), unit=say("d")),
        Column("max_days", Kind.DAYS, title=say("MAX"), unit=say("d")),
        Column("open", Kind.COUNT),
        Column("open_median_days", Kind.DAYS, title=say("OPEN MEDIAN"), unit=say("d")),
        Column("median_incl_open_days", Kind.DAYS, title="INCL. OPEN", unit=say("d")),
        Column("target_days", Kind.DAYS, title=say("TARGET"), unit=say("bd")),
        Column("over_target", Kind.FRACTION),
    ),
    "stage median_days over_target open_median_days 1, visits p90_days open 2, target_days 3, median_incl_open_days 4,"
    " mean_days 5, max_days 6",
)


CHART = Chart("bars", ("stage",), ("median_days",))


class Late(NamedTuple):
    """Stays of more business time than the target."""

    completed: int
    open: int


def _elapsed(start: int, end: int) -> int:
    return end - start


class Units(NamedTuple):
    """How time is measured and what a day of it is."""

    measure: Measure
    day_ms: int
    business_day_ms: int | None
    """Of the policy's calendar, for targets, which are business time; None when no calendar was needed."""
    business: "Clock | None"


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per stage in order, the won ones where a deal goes on after the win. Empty when there are no visits."""
    places = population.pipeline(population.stages(door, args))
    if sum(place.kind == WON for place in places) < 2:  # a single one is the end
        places = [place for place in places if place.kind in LIVE_KINDS]
    where, told = population.chosen(door, args, frame)
    units = _units(bool(args.get("business")), any(place.target_ms for place in places), frame.policy)
    found = _stays(door, where, places, args, frame.now, units)
    late = {place.id: _over(door, where, place, args, frame, units) for place in places if place.target_ms}
    rows = [_row(place, found[place.id], units, late.get(place.id)) for place in places]
    if not any(row[1] or row[6] for row in rows):
        rows = []
    notes = (*_notes(list(found.values()), units, args), *told)
    return Table(_columns(bool(args.get("business"))), rows, READ.title, notes, chart=CHART)


def _columns(business: bool) -> tuple[Column, ...]:
    """People read `bd` behind business days; the names are the same, whatever a day is."""
    return tuple(column._replace(unit=say("bd")) if business and column.unit else column for column in COLUMNS)


def _units(business: bool, targets: bool, policy: Callable[[], Policy]) -> Units:
    """The calendar is looked up only when business time is asked for or a stage has a target."""
    if not business and not targets:
        return Units(_elapsed, DAY_MS, None, None)
    from oppcli.rules.clock import clock

    applied = policy()
    calendar = applied.calendars[applied.calendar]
    hours, day_ms = clock(calendar), working_day(calendar)
    if business:
        return Units(hours.between, day_ms, day_ms, hours)
    return Units(_elapsed, DAY_MS, day_ms, hours)


def working_day(calendar: Calendar) -> int:
    """Business milliseconds of an ordinary working day of the calendar."""
    return sum(end - start for start, end in calendar.working_hours()) * MINUTE_MS or DAY_MS


def _stays(
    door: ReadDoor, where: Where, places: list[Place], args: Mapping[str, Any], now: int, units: Units
) -> dict[int, Stays]:
    """Per stage; from the index where it can answer."""
    cumulative = bool(args.get("cumulative"))
    if not where.clauses and not cumulative and units.measure is _elapsed:
        return {place.id: Indexed(door, place.id, now) for place in places}
    rows = stays.rows(door, where, cumulative=cumulative)
    found = stays.gather(rows, now, units.measure, cumulative=cumulative)
    return {place.id: found.get(place.id) or Gathered().settle() for place in places}


def _row(place: Place, found: Stays, units: Units, late: Late | None) -> Row:
    day = units.day_ms
    known, opened = summary(found.completed), median(found.ages)
    both = survival_median(found.completed, found.ages.count, found.between())
    target = place.target_ms / units.business_day_ms if place.target_ms and units.business_day_ms else None
    return (
        place.name,
        known.n + found.undated,
        *(None if figure is None else figure / day for figure in known[1:]),
        found.ages.count + found.undated_open,
        None if opened is None else opened / day,
        None if both is None else both.value / day if both.reached else Beyond(both.value / day),
        target,
        None if late is None else _share(late, known.n),
    )


def _share(late: Late, completed: int) -> float | None:
    """Of the completed stays and the open ones that are late already: whether the other open ones will be, nobody
    knows yet."""
    told = completed + late.open
    return (late.completed + late.open) / told if told else None


def _over(door: ReadDoor, where: Where, place: Place, args: Mapping[str, Any], frame: Frame, units: Units) -> Late:
    """Completed stays of more business time than the target, and open ones that are past it already."""
    assert units.business is not None
    target = place.target_ms or 0
    if args.get("cumulative"):
        rows = stays.rows(door, where, cumulative=True, stage=place.id)
        found = stays.gather(rows, frame.now, units.business.between, cumulative=True).get(place.id)
        spans, ages = (found.spans, found.so_far) if found else ([], [])
        return Late(sum(span > target for span in spans), sum(age > target for age in ages))
    completed = stays.longer(door, where, place.id, target, units.business)
    return Late(completed, stays.older(door, where, place.id, target, units.business, frame.now))


def _notes(found: Sequence[Stays], units: Units, args: Mapping[str, Any]) -> tuple[Footnote, ...]:
    """The population, the unit, and what could not be measured."""
    completed = sum(one.completed.count + one.undated for one in found)
    opened = sum(one.ages.count + one.undated_open for one in found)
    if args.get("cumulative"):
        said = say("{n:,} completed {n:deal|deals} that stayed, {opened:,} open", n=completed, opened=opened)
    else:
        said = say("{n:,} completed {n:visit|visits}, {opened:,} open", n=completed, opened=opened)
    notes = [Footnote("population", completed + opened, said)]
    if undated := sum(one.undated + one.undated_open for one in found):
        said = say("{n:,} {n:visit|visits} without a known beginning counted, not measured", n=undated)
        notes.append(Footnote("unknown_date", undated, said))
    if backwards := sum(one.backwards for one in found):
        said = say(
            "{n:,} {n:visit that ends before it begins, or begins|visits that end before they begin, or begin} "
            "after now, left out",
            n=backwards,
        )
        notes.append(Footnote("negative_span", backwards, said))
    if args.get("business"):
        hours = f"{units.day_ms / HOUR_MS:g}"
        notes.append(Footnote("unit", None, say("in business days of {hours} hours", hours=hours)))
    elif units.business_day_ms:
        hours = f"{units.business_day_ms / HOUR_MS:g}"
        said = say("targets are business time, a day of them {hours} hours", hours=hours)
        notes.append(Footnote("unit", None, said))
    return tuple(notes)


READ = Read(
    path="report durations",
    title=say("Time in each stage"),
    help="how long deals stay in each stage, open ones included",
    standing=COUNTED,
    columns=COLUMNS,
    params=(
        Param("business", "in business time: days of the policy's calendar", "flag"),
        Param("cumulative", "all visits of a deal to a stage added up", "flag"),
        *population.FILTERS,
    ),
    build=build,
    examples=(
        "opp report durations",
        "opp report durations --business --outcome won",
        "opp report durations --now 2026-01-01T00:00:00Z -o csv",
    ),
)
READS = (READ,)
