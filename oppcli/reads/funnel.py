"""The funnel: how many deals ever got how far, where they are now, and where they were lost."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from oppcli.model.deals import LOST, WON
from oppcli.model.records import COUNTED
from oppcli.model.said import listed, say
from oppcli.model.units import PERIODS
from oppcli.reads import population
from oppcli.reads.funnel_splits import Split, Splits, splitting
from oppcli.reads.population import Place
from oppcli.reads.table import Chart, Column, Footnote, Frame, Kind, Param, Read, Row, Table, ranked
from oppcli.reads.where import Where
from oppcli.store.doors import ReadDoor
from oppcli.store.patterns import quoted

if TYPE_CHECKING:
    from oppcli.reads.breakdown_keys import Key

COLUMNS = ranked(
    (
        Column("stage"),
        Column("kind", words="kind", wide=False),
        Column("reached", Kind.COUNT, bar=True),
        Column("now", Kind.COUNT),
        Column("amount", Kind.MONEY),
        Column("currency", wide=False),
        Column("step_conversion", Kind.FRACTION, title=say("TO NEXT")),
        Column("overall_conversion", Kind.FRACTION, title=say("OVERALL")),
        Column("lost_here", Kind.COUNT, title=say("LOST HERE")),
    ),
    "stage reached now 1, amount step_conversion 2, overall_conversion 3, lost_here 4",
)


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
    """A row per stage in order, won last; with `cohort` or `by` a whole funnel for each period or currency."""
    places = population.stages(door, args)
    stages = population.pipeline(places)
    where, told = population.chosen(door, args, frame)
    key = splitting(door, args, frame, where, places)
    keys = [name for name, asked in (("cohort", args.get("cohort")), ("currency", args.get("by") and not key)) if asked]
    undated = _undated(door, where) if "cohort" in keys else 0
    if "cohort" in keys:
        where.clauses.append("d.created_at IS NOT NULL")
    splits = Splits(keys, str(args.get("cohort")), frame, key)
    tallies = _tallies(door, places, where, splits)
    if args.get("in"):
        from oppcli.reads.converting import converter, of_deals, unconverted

        by, found = converter(door, frame, args["in"]), dict(tallies)
        for *raw, stage, currency, minor in of_deals(door, by, where, splits.select()):
            if minor is not None and stage in found[splits.of(raw)].money[currency]:
                money = found[splits.of(raw)].money[by.to]
                money[stage] = money.get(stage, 0) + minor
        told = (*told, *unconverted(by))
    rows = [
        (split.cohort, *row)
        for split, tally in tallies
        for row in funnel(stages, tally, args.get("in") or split.currency)
    ]
    every = [tally for _, tally in tallies]
    columns: tuple[Column, ...] = COLUMNS
    if "cohort" in keys:
        columns = (Column("cohort", Kind.REF), *COLUMNS)
    else:
        rows = [row[1:] for row in rows]
    if key is not None:
        called = [splits.called(split) for split, _ in tallies for _ in stages]
        columns, rows = (splits.column, *columns), [(one, *row) for one, row in zip(called, rows, strict=True)]
    total = _total(stages, every)
    notes = (*_notes(door, every, undated, args), *told)
    return Table(columns, rows, READ.title, notes, total=total, summed=_win_rate(total), chart=_chart(keys, key))


def _chart(keys: Sequence[str], key: "Key | None") -> Chart:
    """A funnel, one for each currency; by periods a line for each stage."""
    if key is not None:
        return Chart("funnel", ("stage",), ("reached",), key.name)
    if keys == ["cohort"]:
        return Chart("lines", ("cohort",), ("reached",), "stage")
    return Chart(
        "funnel", ("cohort", "stage") if "cohort" in keys else ("stage",), ("reached",), "currency" if keys else ""
    )


def _tallies(door: ReadDoor, places: Sequence[Place], where: Where, splits: Splits) -> list[tuple[Split, Tally]]:
    """The readings of the funnel added up per split, in order: how far each deal got, and where each deal is."""
    tallies: dict[Split, Tally] = defaultdict(Tally)
    stages, lost = population.pipeline(places), {place.id for place in places if place.kind == LOST}
    shown = {stage.id for stage in stages}
    for *key, stage_id, last_open, currency, deals, priced, amount in _standing(door, where, splits):
        tally = tallies[splits.of(key, deals)]
        tally.now[stage_id] += deals
        if stage_id in lost:
            tally.lost[last_open] += deals
        elif stage_id in shown and priced:
            tally.money[currency][stage_id] = tally.money[currency].get(stage_id, 0) + int(amount)
    for *key, place, deals in _furthest(door, stages, where, splits):
        tallies[splits.of(key)].furthest[place] += deals
    if any(tally.furthest[None] for tally in tallies.values()):
        _lost_from_nowhere(door, places, where, splits, tallies)
    return sorted(tallies.items(), key=lambda item: splits.place(item[0], sum(item[1].now.values())))


def _standing(door: ReadDoor, where: Where, splits: Splits) -> list[Row]:
    """(*key, stage, last open stage, currency, deals, deals with an amount, sum of amounts)."""
    group = ", ".join(["d.stage_id", "d.last_open_stage_id", "d.currency", *splits.expressions])
    return door.rows(
        f"SELECT {splits.select()} d.stage_id, d.last_open_stage_id, d.currency, count(*), count(d.amount),"
        f" sum(d.amount) FROM deal d {where.sql} GROUP BY {group}",
        **where.params,
    )


def _furthest(door: ReadDoor, stages: Sequence[Place], where: Where, splits: Splits) -> list[Row]:
    """(*key, furthest place, deals). Places are worked out per visit by a CASE, because joining `stage` is a look-up
    for each; without filter or split only `visit` is read, in the order it lies in. A win counts where the deal still
    is: one that was taken back has not reached it; of no other visit it is asked when it ended."""
    still = "CASE WHEN v.left_at IS NULL THEN {place} END"
    cases = " ".join(
        f"WHEN {stage.id} THEN {still.format(place=place) if stage.kind == WON else place}"
        for place, stage in enumerate(stages)
    )
    furthest = f"max(CASE v.stage_id {cases} END)" if stages else "max(NULL)"
    deals = "JOIN deal d ON d.id = v.deal_id" if where.clauses or splits.keys else ""
    inner = ", ".join(["v.deal_id", *splits.expressions])
    outer = ", ".join([*splits.keys, "furthest"])
    return door.rows(
        f"SELECT {outer}, count(*) FROM (SELECT {splits.select()} {furthest} AS furthest"
        f" FROM visit v {deals} {where.sql} GROUP BY {inner}) t GROUP BY {outer}",
        **where.params,
    )


def _lost_from_nowhere(
    door: ReadDoor,
    places: Sequence[Place],
    where: Where,
    splits: Splits,
    tallies: Mapping[Split, Tally],
) -> None:
    """Imported deals may have no visit but the one in a lost stage: they reached their last open stage, and the first
    where none is known."""
    at = {stage.id: place for place, stage in enumerate(population.pipeline(places))}
    lost = quoted(place.id for place in places if place.kind == LOST) or "NULL"
    known = quoted(place.id for place in places if place.id in at and place.kind != WON) or "NULL"
    rare = f"NOT EXISTS (SELECT 1 FROM visit v WHERE v.deal_id = d.id AND v.stage_id IN ({known}))"
    clauses = " AND ".join([*where.clauses, f"d.stage_id IN ({lost})", rare])
    group = ", ".join([*splits.expressions, "d.last_open_stage_id"])
    rows = door.rows(
        f"SELECT {splits.select()} d.last_open_stage_id, count(*) FROM deal d WHERE {clauses} GROUP BY {group}",
        **where.params,
    )
    for *key, last_open, deals in rows:
        furthest = tallies[splits.of(key)].furthest
        furthest[at.get(last_open, 0)] += deals
        furthest[None] -= deals


def _undated(door: ReadDoor, where: Where) -> int:
    clauses = " AND ".join([*where.clauses, "d.created_at IS NULL"])
    row = door.one(f"SELECT count(*) FROM deal d WHERE {clauses}", **where.params)
    return row[0] if row else 0


def _notes(door: ReadDoor, tallies: Sequence[Tally], undated: int, args: Mapping[str, Any]) -> tuple[Footnote, ...]:
    """The population, and everything that could not be counted."""
    notes = [population.deals(sum(sum(tally.now.values()) for tally in tallies))]
    if undated:
        said = say("{n:,} {n:deal|deals} without a date of creation left out", n=undated)
        notes.append(Footnote("unknown_date", undated, said))
    if nowhere := sum(tally.furthest[None] for tally in tallies):
        said = say("{n:,} {n:deal|deals} that reached no stage of the pipeline as far as is known", n=nowhere)
        notes.append(Footnote("left_out", nowhere, said))
    return (*notes, *_money_notes(tallies, args), *population.dropped(door))


def _total(stages: Sequence[Place], tallies: Sequence[Tally]) -> dict[str, Any]:
    """Of the whole population. The win rate is won of won and lost; open deals are in neither."""
    won = sum(tally.now[stage.id] for tally in tallies for stage in stages if stage.kind == WON)
    lost = sum(sum(tally.lost.values()) for tally in tallies)
    deals = sum(sum(tally.now.values()) for tally in tallies)
    return {"deals": deals, "won": won, "lost": lost, "win_rate": _share(won, won + lost)}


def _win_rate(total: Mapping[str, Any]) -> tuple[str, ...]:
    won, closed = total["won"], total["won"] + total["lost"]
    if not closed:
        return ()
    rate = f"{100 * total['win_rate']:.1f}"
    return (say("win rate {rate} %: {won:,} of {closed:,} closed", rate=rate, won=won, closed=closed),)


def _money_notes(tallies: Sequence[Tally], args: Mapping[str, Any]) -> list[Footnote]:
    currencies = sorted({currency for tally in tallies for currency in tally.money})
    if len(currencies) > 1 and not args.get("in") and not args.get("by"):
        said = say(
            "amounts are in {currencies} and not added up: --by currency, or --in {first}",
            currencies=listed(currencies, " and "),
            first=currencies[0],
        )
        return [Footnote("left_out", len(currencies), said)]
    return []


READ = Read(
    path="report funnel",
    title=say("Sales funnel"),
    help="how far deals get, where they are, where they are lost",
    standing=COUNTED,
    columns=COLUMNS,
    params=(
        Param("cohort", "a funnel for the deals created in each period", "choice", choices=PERIODS[1:]),
        Param(
            "by",
            "a funnel for the deals of each currency, owner, source … or field of the team's own",
            "keys",
            population.KEYS,
            metavar="K",
        ),
        Param("in", "money counted in this currency, at the dated rates", "currency"),
        *population.FILTERS,
    ),
    build=build,
    examples=(
        "opp report funnel",
        "opp report funnel --cohort quarter --owner me",
        "opp report funnel --by source --period this-year",
        "opp report funnel -o html > funnel.html",
    ),
)
READS = (READ,)
