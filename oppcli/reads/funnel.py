"""The funnel: how many deals ever got how far, where they are now, and where they were lost."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from oppcli.model.deals import LOST, WON
from oppcli.model.records import COUNTED
from oppcli.model.said import say
from oppcli.model.units import PERIODS
from oppcli.reads import population
from oppcli.reads.funnel_figures import COLUMNS, furthest, nowhere, outcome, win_rate
from oppcli.reads.population import Place
from oppcli.reads.table import Chart, Footnote, Frame, Param, Read, Row, Table
from oppcli.reads.where import Where
from oppcli.store.doors import ReadDoor
from oppcli.store.patterns import quoted


class Tally:
    """The deals of one funnel, counted."""

    def __init__(self) -> None:
        self.furthest: Counter[int | None] = Counter()
        """Place in the pipeline → deals that got no further; None: no stage of it is known."""
        self.now: Counter[int] = Counter()
        """Stage id → deals in it."""
        self.lost: Counter[int | None] = Counter()
        """Last open stage's id → lost deals."""
        self.money: dict[str, dict[int, int]] = defaultdict(dict)
        """Currency → stage id → minor units, where at least one deal has an amount."""


def funnel(stages: Sequence[Place], tally: Tally, currency: str | None = None) -> list[Row]:
    """One row per stage. Reached: deals whose furthest stage is this one or a later one. Money is given in `currency`,
    by default in the only one there is, else not at all."""
    reached = [_reaching(tally, place) for place in range(len(stages))]
    only = currency or (next(iter(tally.money)) if len(tally.money) == 1 else None)
    return [
        (
            stage.name,
            stage.kind,
            reached[i],
            tally.now[stage.id],
            _amount(tally, stage, only),
            only,
            _share(reached[i + 1], reached[i]) if i + 1 < len(stages) else None,
            _share(reached[i], reached[0]),
            None if stage.kind == WON else tally.lost[stage.id],
        )
        for i, stage in enumerate(stages)
    ]


def _reaching(tally: Tally, place: int) -> int:
    return sum(deals for furthest, deals in tally.furthest.items() if furthest is not None and furthest >= place)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _amount(tally: Tally, stage: Place, currency: str | None) -> int | None:
    """Minor units; None where there are deals but not one has an amount, which is not the same as nothing."""
    if currency is None:
        return None
    return tally.money.get(currency, {}).get(stage.id, None if tally.now[stage.id] else 0)


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per stage in order, won last, none without deals; split by `by` or `cohort` a whole funnel for each
    value."""
    places = population.stages(door, args)
    if args.get("cohort") or population.split(args):
        from oppcli.reads import funnel_by

        return funnel_by.table(door, args, frame, places)
    stages = population.pipeline(places)
    where, told = population.chosen(door, args, frame)
    tally, uncounted = _tally(door, places, where), tuple[Footnote, ...]()
    if args.get("in"):
        from oppcli.reads.converting import converter, of_deals, unconverted

        by = converter(door, frame, args["in"])
        for stage, currency, minor in of_deals(door, by, where):
            if minor is not None and stage in tally.money[currency]:
                tally.money[by.to][stage] = tally.money[by.to].get(stage, 0) + minor
        uncounted = tuple(unconverted(by))
    whole = _whole(stages, tally)
    notes = (
        population.deals(whole["deals"]),
        *nowhere(tally.furthest[None]),
        *(() if args.get("in") else population.not_added_up(sorted(tally.money))),
        *population.dropped(door),
        *told,
        *uncounted,
    )
    chart = Chart("funnel", ("stage",), ("reached",))
    rows = funnel(stages, tally, args.get("in")) if whole["deals"] else []
    return Table(COLUMNS, rows, READ.title, notes, total=whole, summed=win_rate(whole), chart=chart)


def _tally(door: ReadDoor, places: Sequence[Place], where: Where) -> Tally:
    """How far each deal got, and where each deal is."""
    tally, stages = Tally(), population.pipeline(places)
    shown, lost = {stage.id for stage in stages}, {place.id for place in places if place.kind == LOST}
    for stage_id, last_open, currency, deals, priced, amount in _standing(door, where):
        tally.now[stage_id] += deals
        if stage_id in lost:
            tally.lost[last_open] += deals
        elif stage_id in shown and priced:
            tally.money[currency][stage_id] = tally.money[currency].get(stage_id, 0) + int(amount)
    for place, deals in _furthest(door, stages, where):
        tally.furthest[place] += deals
    if tally.furthest[None]:
        _lost_from_nowhere(door, places, where, tally)
    return tally


def _standing(door: ReadDoor, where: Where) -> list[Row]:
    """(stage, last open stage, currency, deals, deals with an amount, sum of amounts)."""
    return door.rows(
        "SELECT d.stage_id, d.last_open_stage_id, d.currency, count(*), count(d.amount), sum(d.amount)"
        f" FROM deal d {where.sql} GROUP BY d.stage_id, d.last_open_stage_id, d.currency",
        **where.params,
    )


def _furthest(door: ReadDoor, stages: Sequence[Place], where: Where) -> list[Row]:
    """(furthest place, deals). Without a filter only `visit` is read, in the order it lies in."""
    deals = "JOIN deal d ON d.id = v.deal_id" if where.clauses else ""
    return door.rows(
        f"SELECT furthest, count(*) FROM (SELECT {furthest(stages)} AS furthest"
        f" FROM visit v {deals} {where.sql} GROUP BY v.deal_id) t GROUP BY furthest",
        **where.params,
    )


def _lost_from_nowhere(door: ReadDoor, places: Sequence[Place], where: Where, tally: Tally) -> None:
    """Imported deals may have no visit but the one in a lost stage: they reached their last open stage, and the first
    where none is known."""
    at = {stage.id: place for place, stage in enumerate(population.pipeline(places))}
    lost = quoted(place.id for place in places if place.kind == LOST) or "NULL"
    known = quoted(place.id for place in places if place.id in at and place.kind != WON) or "NULL"
    rare = f"NOT EXISTS (SELECT 1 FROM visit v WHERE v.deal_id = d.id AND v.stage_id IN ({known}))"
    clauses = " AND ".join([*where.clauses, f"d.stage_id IN ({lost})", rare])
    rows = door.rows(
        f"SELECT d.last_open_stage_id, count(*) FROM deal d WHERE {clauses} GROUP BY d.last_open_stage_id",
        **where.params,
    )
    for last_open, deals in rows:
        tally.furthest[at.get(last_open, 0)] += deals
        tally.furthest[None] -= deals


def _whole(stages: Sequence[Place], tally: Tally) -> dict[str, Any]:
    won = sum(tally.now[stage.id] for stage in stages if stage.kind == WON)
    return outcome(sum(tally.now.values()), won, sum(tally.lost.values()))


READ = Read(
    path="report funnel",
    title=say("Sales funnel"),
    help="how far deals get, where they are, where they are lost",
    standing=COUNTED,
    columns=COLUMNS,
    params=(
        Param("cohort", "a funnel for the deals created in each period", "choice", choices=PERIODS[1:]),
        *population.GRAMMAR,
        *population.FILTERS,
    ),
    build=build,
    examples=(
        "opp report funnel",
        "opp report funnel --cohort quarter --owner me",
        "opp report funnel --by source --period this-year",
        "opp report funnel --period this-quarter --vs previous",
        "opp report funnel -o html > funnel.html",
    ),
)
READS = (READ,)
