"""The funnel split by anything else, and compared with another time: deals as the records of a break-down, each in the
cells of all stages.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from oppcli.model.deals import LOST, WON
from oppcli.model.said import say
from oppcli.reads import population
from oppcli.reads.breakdown import answered
from oppcli.reads.breakdown_cells import DIFFERENCE, SHARE, Cell, Measure, Whole, amount, counted, currency
from oppcli.reads.breakdown_gathering import Found, Times
from oppcli.reads.breakdown_keys import Key, Keys
from oppcli.reads.breakdown_records import Records
from oppcli.reads.breakdown_report import Breakdown
from oppcli.reads.counted_in import counting, uncounted
from oppcli.reads.funnel_figures import COLUMNS, STILL_OPEN, furthest, nowhere, outcome, undated, win_rate
from oppcli.reads.population import Place
from oppcli.reads.table import Chart, Column, Footnote, Frame, Kind, Table
from oppcli.reads.where import Where
from oppcli.rules.statistics import share
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from oppcli.rules.exchange import Converter

STAGE = Column("stage", rank=1)
_HERE, _ELSEWHERE = "here", "elsewhere"
"""Kinds of deals in a cell: those in its stage, whose money it tells, and those in a stage that is not shown."""
_BEGUN, _REACHED, _ONWARD, _STILL, _LOST, _WON, _NOWHERE = (
    *("begun", "reached", "onward", "still_open", "lost_here", WON, "nowhere"),
)
"""What is added up of deals by the place of a stage: those that reached any, this one, the next, this one and are open
yet; and of all: lost ones by where, won ones, those that reached nothing as far as is known."""


def table(door: ReadDoor, args: Mapping[str, Any], frame: Frame, places: Sequence[Place]) -> Table:
    """A funnel for each combination of values that occurs: the keys first, the stage behind them where it is none."""
    stages = population.pipeline(places)
    where, told = population.ever(door, args, frame)
    on = args.get("on") or "created"
    own = _stage_key(stages)
    asked = Keys(door, frame, where, places, on, {STAGE.name: own})
    typed = asked.read(args["by"]) if args.get("by") else ()
    keys = typed if own in typed else (*typed, own)
    undated_ones: Iterator[Footnote] = iter(())
    if unit := args.get("cohort"):
        undated_ones = _undated(door, where)
        (period,) = Keys(door, frame, where, places, "created").read(unit)
        keys = (period._replace(column=Column("cohort", Kind.REF, rank=1)), *keys)
        where.clauses.append("d.created_at IS NOT NULL")
    by = counting(door, frame, args.get("in"))
    deals = _Deals(door, where, places, keys, by)
    crossed = len(typed) == 2 and own in typed and not unit
    named = {key.name for key in keys} | ({"kind"} if crossed else set())
    report = Breakdown(
        name="funnel",
        title=say("Sales funnel"),
        on="created",
        by=STAGE.name,
        kind=_HERE,
        noun=population.counted,
        measures=tuple(each for each in _measures(stages, cohorts=bool(unit)) if each.name not in named),
        told=lambda total: nowhere(total.sums[_NOWHERE]),
        ordered="reached",
        crossed=crossed,
    )
    notes = chain(undated_ones, told, uncounted(by), population.dropped(door))
    found = answered(report, keys, deals.found, on, args, frame, notes)
    whole = outcome(deals.total.population, deals.total.sums[_WON], deals.total.deals[LOST])
    return found._replace(total=whole, summed=win_rate(whole), chart=_chart(keys))


def _chart(keys: Sequence[Key]) -> Chart | None:
    """A funnel for each value of a single key; of cohorts a line for each stage."""
    if [key.name for key in keys] == [STAGE.name]:
        return Chart("funnel", (STAGE.name,), ("reached",))
    if len(keys) != 2:
        return None
    if keys[0].name == "cohort":
        return Chart("lines", ("cohort",), ("reached",), STAGE.name)
    return Chart("funnel", (STAGE.name,), ("reached",), keys[0].name)


def _stage_key(stages: Sequence[Place]) -> Key:
    """The stage of the funnel, by its place."""
    order = {stage.name: at for at, stage in enumerate(stages)}
    return Key(STAGE, "", lambda at: (stages[at].name,), order.__getitem__)


def _undated(door: ReadDoor, where: Where) -> Iterator[Footnote]:
    """Deals that are in no cohort."""
    clauses = " AND ".join([*where.clauses, "d.created_at IS NULL"])
    return undated(door.value(f"SELECT count(*) FROM deal d WHERE {clauses}", **where.params) or 0)


def _measures(stages: Sequence[Place], *, cohorts: bool) -> Iterator[Measure]:
    """The columns of a funnel as figures of a cell: of one stage, or of all, where the first and the last count."""
    changes = {"reached": SHARE, "now": SHARE, "amount": SHARE, "lost_here": SHARE}
    changes |= dict.fromkeys(("step_conversion", "overall_conversion"), DIFFERENCE)
    figures = _figures(stages)
    columns = (*COLUMNS, STILL_OPEN) if cohorts else COLUMNS  # what came later stands last
    for column in columns[1:]:
        field = "amount" if column.name in ("amount", "currency") else ""
        yield Measure(column, figures[column.name], changes.get(column.name, ""), field)


def _figures(stages: Sequence[Place]) -> Mapping[str, Callable[[Cell, Whole], object]]:
    def places(cell: Cell) -> list[int]:
        return sorted(key[1] for key in cell.sums if isinstance(key, tuple) and key[0] == _BEGUN)

    def first(name: str) -> Callable[[Cell, Whole], int]:
        return lambda cell, whole: cell.sums[name, min(places(cell), default=0)]

    def onward(cell: Cell, whole: Whole) -> float | None:
        at = places(cell)
        alone = len(at) == 1 and at[0] + 1 < len(stages)
        return share(cell.sums[_ONWARD, at[0]], cell.sums[_REACHED, at[0]]) if alone else None

    def overall(cell: Cell, whole: Whole) -> float | None:
        at = max(places(cell), default=0)
        return share(cell.sums[_REACHED, at], cell.sums[_BEGUN, at])

    def lost(cell: Cell, whole: Whole) -> int | None:
        at = places(cell)
        return None if len(at) == 1 and stages[at[0]].kind == WON else cell.sums[_LOST]

    def kind(cell: Cell, whole: Whole) -> str | None:
        at = places(cell)
        return stages[at[0]].kind if len(at) == 1 else None

    return {
        "kind": kind,
        "reached": first(_REACHED),
        "still_open": first(_STILL),
        "now": counted(_HERE),
        "amount": amount(_HERE),
        "currency": currency(_HERE),
        "step_conversion": onward,
        "overall_conversion": overall,
        "lost_here": lost,
    }


class _Group(NamedTuple):
    """Deals that share their keys, how far they got, and where they are."""

    furthest: int | None
    stage: int
    last_open: int | None
    currency: str
    deals: int
    priced: int
    amount: Any


class _Deals:
    """The deals of a population at a time."""

    def __init__(
        self, door: ReadDoor, where: Where, places: Sequence[Place], keys: Sequence[Key], by: "Converter | None"
    ) -> None:
        self._door, self._where, self._keys, self._by = door, where, keys, by
        self._stages = population.pipeline(places)
        self._at = {stage.id: at for at, stage in enumerate(self._stages)}
        self._kinds = {place.id: place.kind for place in places}
        self.total = Cell()
        """Of the time that was asked for first."""

    def found(self, times: Times) -> Found:
        """Every deal into the cells of its keys, one for each stage."""
        where, records = times.narrowed(self._where), Records(self._keys)
        for row in self._door.rows(self._sql(where, times, records), **where.params):
            unknown, *rest = row[records.width :]
            group = _Group._make(rest)
            if unknown:
                records.undated += group.deals
            else:
                self._put(lambda at, row=row: records.cell(row, {STAGE.name: at}), group)  # type: ignore[misc]
        if self._by is not None:
            self._convert(where, times, records)
        if not self.total.population:
            for cell in records.found.cells.values():
                self.total.add(cell)
        return records.found

    def _sql(self, where: Where, times: Times, records: Records) -> str:
        far = f"SELECT v.deal_id AS deal_id, {furthest(self._stages)} AS furthest FROM visit v GROUP BY v.deal_id"
        rest = "t.furthest AS furthest, d.stage_id AS stage, d.last_open_stage_id AS last_open, d.currency AS currency"
        groups = ", ".join(map(str, range(1, records.width // 2 + 6)))
        inner = (
            f"SELECT {records.raw}{times.unknown} AS unknown, {rest}, count(*) AS deals, count(d.amount) AS priced,"
            f" sum(d.amount) AS amount FROM deal d LEFT JOIN ({far}) t ON t.deal_id = d.id {where.sql}"
            f" GROUP BY {groups}"
        )
        return records.grouped(inner, ", ".join(f"t.{name}" for name in ("unknown", *_Group._fields)))

    def _put(self, cell: Callable[[int], Cell], group: _Group) -> None:
        """Deals into the cells of their stages. Imported ones may have no visit but the one in a lost stage: they
        reached their last open stage, and the first where none is known."""
        far, kind, n = group.furthest, self._kinds[group.stage], group.deals
        if far is None and kind == LOST:
            far = self._at.get(group.last_open or 0, 0)
        for at in range(len(self._stages)):
            sums = cell(at).sums
            sums[_BEGUN, at] += n if far is not None else 0
            if far is not None and far >= at:
                sums[_REACHED, at] += n
                sums[_ONWARD, at] += n if far > at else 0
                sums[_STILL, at] += n if kind not in (WON, LOST) else 0
        self._stand(cell, group, kind)
        if far is None:
            cell(0).sums[_NOWHERE] += n
        if kind == WON:
            cell(0).sums[_WON] += n

    def _stand(self, cell: Callable[[int], Cell], group: _Group, kind: str) -> None:
        """Where they are now, with their money; lost ones where they were lost."""
        if kind == LOST:
            last = self._at.get(group.last_open or 0)
            here = cell(last or 0)
            here.deals[LOST] += group.deals
            here.sums[_LOST] += group.deals if last is not None else 0
        elif (at := self._at.get(group.stage)) is None:
            cell(0).deals[_ELSEWHERE] += group.deals
        else:
            here = cell(at)
            here.deals[_HERE] += group.deals
            if group.priced and (self._by is None or self._by.to == group.currency):
                here.priced[_HERE, group.currency] += group.priced
                here.money[_HERE, group.currency] += int(group.amount)

    def _convert(self, where: Where, times: Times, records: Records) -> None:
        """What is in other currencies, deal by deal."""
        from oppcli.reads.converting import of_deals

        assert self._by is not None
        dated = where.copy()
        if times.asked:
            dated.clauses.append(f"{times.column} IS NOT NULL")
        for row in of_deals(self._door, self._by, dated, records.selected):
            stage, _, minor = row[-3:]
            if minor is not None and (at := self._at.get(stage)) is not None:
                records.cell(row, {STAGE.name: at}).price(_HERE, minor, self._by.to)
