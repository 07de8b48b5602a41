"""Time in each stage split by anything else, and compared with another time: stays as the records of a break-down."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from oppcli.model.said import say
from oppcli.reads import population, stay_figures, stays
from oppcli.reads.breakdown import answered
from oppcli.reads.breakdown_cells import Cell
from oppcli.reads.breakdown_gathering import Found, Times
from oppcli.reads.breakdown_keys import Key, Keys
from oppcli.reads.breakdown_records import Records
from oppcli.reads.breakdown_report import Breakdown
from oppcli.reads.counted_in import counting, uncounted
from oppcli.reads.population import Place
from oppcli.reads.stay_figures import OPEN, STAGE, Units, gathered
from oppcli.reads.stays import Gathered, Past
from oppcli.reads.table import Column, Frame, Row, Table
from oppcli.reads.where import Where
from oppcli.store.doors import ReadDoor

if TYPE_CHECKING:
    from oppcli.rules.exchange import Converter

_STAY = "v.stage_id, v.deal_id, v.entered_at, v.left_at, d.amount, d.currency, d.closed_at"


def table(
    door: ReadDoor,
    args: Mapping[str, Any],
    frame: Frame,
    stages: tuple[Sequence[Place], Sequence[Place]],
    units: Units,
    columns: tuple[Column, ...],
) -> Table:
    """A row for each combination of values that occurs: the keys first, the stage behind them where it is none.
    `stages`: all there are, and those that are measured."""
    every, places = stages
    where, told = population.ever(door, args, frame)
    on = args.get("on") or "created"
    own = stage_key(places)
    typed = Keys(door, frame, where, every, on, {STAGE.name: own}).read(args["by"]) if args.get("by") else ()
    keys = typed if own in typed else (*typed, own)
    by = counting(door, frame, args.get("in"))
    looking = _Stays(door, where, places, keys, units, frame.now, by, cumulative=bool(args.get("cumulative")))
    report = Breakdown(
        name="durations",
        title=say("Time in each stage"),
        on="created",
        by=STAGE.name,
        kind=OPEN,
        noun=lambda n: say("{n:,} {n:visit|visits}", n=n),
        measures=stay_figures.measures(units, columns),
        told=lambda total: stay_figures.told([gathered(total)], units, business=bool(args.get("business"))),
        crossed=len(typed) == 2 and own in typed,
    )

    return answered(report, keys, looking.found, on, args, frame, chain(told, uncounted(by)))


def stage_key(places: Sequence[Place]) -> Key:
    """The stage that was stayed in, in the order of the pipeline."""
    names = {place.id: place.name for place in places}
    order = {place.name: at for at, place in enumerate(places)}
    column = STAGE._replace(rank=1)
    return Key(column, "v.stage_id", lambda raw: (names[raw],), order.__getitem__)


class _Stays:
    """The stays of a population at a time."""

    def __init__(
        self,
        door: ReadDoor,
        where: Where,
        places: Sequence[Place],
        keys: Sequence[Key],
        units: Units,
        now: int,
        by: "Converter | None",
        *,
        cumulative: bool,
    ) -> None:
        self._door, self._where, self._keys, self._units, self._now, self._by = door, where, keys, units, now, by
        self._targets = {place.id: place.target_ms for place in places}
        self._cumulative = cumulative

    def found(self, times: Times) -> Found:
        """Every stay into the cell of its keys."""
        where, records = times.narrowed(self._where), Records(self._keys)
        where.clauses.append(f"v.stage_id IN ({', '.join(map(str, self._targets)) or 'NULL'})")
        order = "ORDER BY v.stage_id, v.deal_id, v.number" if self._cumulative else ""
        sql = f"SELECT {records.selected}{times.unknown}, {_STAY} FROM visit v JOIN deal d ON d.id = v.deal_id"
        for visits in self._together(self._door.stream(f"{sql} {where.sql} {order}", **where.params), records.width):
            if visits[0][records.width]:
                records.undated += 1
            else:
                self._put(records.cell(visits[0]), [row[records.width + 1 :] for row in visits])
        return records.found

    def _together(self, rows: Iterator[Row], width: int) -> Iterator[list[Row]]:
        """The visits that make up one stay: each alone, or all of a deal in a stage."""
        if not self._cumulative:
            yield from ([row] for row in rows)
            return
        from itertools import groupby

        for _, visits in groupby(rows, key=lambda row: row[width + 1 : width + 3]):
            yield list(visits)

    def _put(self, cell: Cell, visits: list[Row]) -> None:
        stage, _, _, _, amount, currency, closed_at = visits[-1]
        ends, target, stay = [row[2:4] for row in visits], self._targets[stage], Gathered()
        stays.add(stay, ends, self._now, self._units.measure)
        past: Past | None = None
        if target and self._units.business is not None:
            worked = stay
            if self._units.measure != self._units.business.between:
                worked = Gathered()
                stays.add(worked, ends, self._now, self._units.business.between)
            past = stays.beyond(worked, target)
        stay_figures.add(cell, stay, past, target)
        if visits[-1][3] is None and (stay.so_far or stay.undated_open):
            if self._by is not None and amount is not None:
                amount, currency = self._by.minor(int(amount), currency, closed_at), self._by.to
            cell.price(OPEN, amount, currency)
