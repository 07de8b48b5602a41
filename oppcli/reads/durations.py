"""How long deals stay in each stage: completed stays, open ones so far, and both together."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from oppcli.model.deals import LIVE_KINDS, OPEN, WON
from oppcli.model.policy import Calendar, Policy
from oppcli.model.records import COUNTED
from oppcli.model.said import say
from oppcli.model.units import DAY_MS, MINUTE_MS
from oppcli.reads import population, stay_figures, stays
from oppcli.reads.breakdown_cells import Cell, Whole
from oppcli.reads.counted_in import counting, uncounted
from oppcli.reads.population import Place
from oppcli.reads.stay_figures import COLUMNS, MONEY, STAGE, Units, figures
from oppcli.reads.stay_index import Indexed
from oppcli.reads.stays import Gathered, Past, Stays
from oppcli.reads.table import Chart, Column, Frame, Param, Read, Row, Table
from oppcli.reads.where import Where
from oppcli.store.doors import ReadDoor

if TYPE_CHECKING:
    from oppcli.rules.exchange import Converter

CHART = Chart("bars", ("stage",), ("median_days",))


def _elapsed(start: int, end: int) -> int:
    return end - start


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per stage in order, the won ones where a deal goes on after the win; with `by` for each value. Empty when
    there are no visits."""
    stages = population.stages(door, args)
    places = population.pipeline(stages)
    if sum(place.kind == WON for place in places) < 2:  # a single one is the end
        places = [place for place in places if place.kind in LIVE_KINDS]
    units = _units(bool(args.get("business")), any(place.target_ms for place in places), frame.policy)
    columns = _columns(bool(args.get("business")), frame.hidden)
    if population.split(args):
        from oppcli.reads import durations_by

        return durations_by.table(door, args, frame, (stages, places), units, columns)
    where, told = population.chosen(door, args, frame)
    by = counting(door, frame, args.get("in"))
    found = _stays(door, where, places, args, frame.now, units)
    late = {place.id: _past(door, where, place, args, frame, units) for place in places if place.target_ms}
    money = _money(door, where, places, by)
    rows = [_row(columns, place, found[place.id], units, late.get(place.id), money[place.id]) for place in places]
    completed = sum(one.completed.count + one.undated for one in found.values())
    opened = sum(one.ages.count + one.undated_open for one in found.values())
    notes = (
        stay_figures.population(completed, opened, cumulative=bool(args.get("cumulative"))),
        *stay_figures.told(found.values(), units, business=bool(args.get("business"))),
        *told,
        *uncounted(by),
    )
    return Table(columns, rows if completed or opened else [], READ.title, notes, chart=CHART)


def _row(
    columns: Sequence[Column],
    place: Place,
    found: Stays,
    units: Units,
    past: Past | None,
    money: Mapping[str, Any],
) -> Row:
    late = None if past is None else past._replace(of=found.completed.count)
    known = {STAGE.name: place.name, **figures(found, units, place.target_ms, late), **money}
    return tuple(known[column.name] for column in columns)


def _columns(business: bool, hidden: Sequence[str]) -> tuple[Column, ...]:
    """People read `bd` behind business days; the names are the same, whatever a day is. Who does not have amounts has
    no money."""
    seen = [column for column in COLUMNS if "amount" not in hidden or column.name not in MONEY]
    return tuple(column._replace(unit=say("bd")) if business and column.unit == "d" else column for column in seen)


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


def _past(door: ReadDoor, where: Where, place: Place, args: Mapping[str, Any], frame: Frame, units: Units) -> Past:
    """The stays of more business time than the target of their stage."""
    assert units.business is not None
    target = place.target_ms or 0
    if not args.get("cumulative"):
        return stays.past(door, where, place.id, target, units.business, frame.now)
    rows = stays.rows(door, where, cumulative=True, stage=place.id)
    found = stays.gather(rows, frame.now, units.business.between, cumulative=True).get(place.id)
    return stays.beyond(found, target) if found else Past()


def _money(door: ReadDoor, where: Where, places: Sequence[Place], by: "Converter | None") -> dict[int, dict[str, Any]]:
    """By stage what its column of money and the currency are: of the deals that are there now."""
    cells = {place.id: Cell() for place in places}
    stages = ", ".join(map(str, cells)) or "NULL"
    here = " AND ".join([*where.clauses, f"d.stage_id IN ({stages})"])
    sums = "d.stage_id, d.currency, count(*), count(d.amount), sum(d.amount)"
    rows = door.rows(f"SELECT {sums} FROM deal d WHERE {here} GROUP BY 1, 2", **where.params)
    for stage, code, deals, priced, amount in rows:
        cells[stage].deals[OPEN] += deals
        if priced and (by is None or by.to == code):
            cells[stage].priced[OPEN, code] += priced
            cells[stage].money[OPEN, code] += int(amount)
    if by is not None:
        from oppcli.reads.converting import of_deals

        for stage, _, minor in of_deals(door, by, where):
            if stage in cells:
                cells[stage].price(OPEN, minor, by.to)
    total = Cell()
    for cell in cells.values():
        total.add(cell)
    whole = Whole(total, by.to if by else None)
    found = {stage: (whole.amount(cell, OPEN), whole.currency_of(cell, OPEN)) for stage, cell in cells.items()}
    return {stage: dict(zip(MONEY, each, strict=True)) for stage, each in found.items()}


READ = Read(
    path="report durations",
    title=say("Time in each stage"),
    help="how long deals stay in each stage, open ones included",
    standing=COUNTED,
    columns=COLUMNS,
    params=(
        Param("business", "in business time: days of the policy's calendar", "flag"),
        Param("cumulative", "all visits of a deal to a stage added up", "flag"),
        *population.GRAMMAR,
        *population.FILTERS,
    ),
    build=build,
    examples=(
        "opp report durations",
        "opp report durations --business --outcome won",
        "opp report durations --by owner --period this-year --vs previous",
        "opp report durations --now 2026-01-01T00:00:00Z -o csv",
    ),
)
READS = (READ,)
