"""What the coming months are to bring: open deals by the month in which they are expected to close, weighted and by
category, beside what was won in it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from oppcli.errors import UsageError
from oppcli.model.deals import BEST, COMMIT, OMITTED, PIPELINE
from oppcli.model.records import ANY
from oppcli.model.said import say
from oppcli.model.units import Met
from oppcli.reads import population
from oppcli.reads.breakdown import CHOSEN, read
from oppcli.reads.breakdown_cells import Cell, Measure, Whole, counted, currency
from oppcli.reads.breakdown_gathering import Found
from oppcli.reads.breakdown_report import Breakdown
from oppcli.reads.breakdown_table import Split, notes_of
from oppcli.reads.counted_in import counting, uncounted
from oppcli.reads.forecast_gathering import ALL, UNWEIGHED, WEIGHTED, Gathering, Question, plainly
from oppcli.reads.forecast_months import Months
from oppcli.reads.forecast_targets import TARGET, beside
from oppcli.reads.table import IN, Column, Footnote, Frame, Kind, Param, Table
from oppcli.rules.forecasting import CLOSED, COUNTED, coverage
from oppcli.rules.scopes import require_had
from oppcli.store.doors import ReadDoor

BY = Param("by", "split by this instead of by month, or by two: owner region,month …", "keys", metavar="K[,K2]")
BY = BY._replace(choices=population.KEYS)
PERIOD = Param("period", "deals expected to close in it, and won in it: 2026-11 2026Q4 next-month", "period")
SINCE = Param("since", "expected, or won, on or after this day; default: the month that is under way", "since")
UNTIL = Param("until", "expected, or won, before the end of this day", "until")
ROLL = Param("roll", "deals past due, and those without a date, stand in the month that is under way", "flag")
MODEL = "model"
LIKELY = Param("probability", "weighted by the one shown (own, the default), or by what closed deals say (model)")
LIKELY = LIKELY._replace(kind="choice", choices=("own", MODEL))
RECEIPTS = Param("receipts", "by the payment plans: what is due, guaranteed where signed, high where commit", "flag")
"""What the forecast takes besides the filters of reports."""
PARAMS = (
    *(BY, PERIOD._replace(metavar="P"), SINCE, UNTIL, ROLL, LIKELY, RECEIPTS),
    *(population.TOP, population.TOTAL, IN),
    *CHOSEN,
)
_AMOUNT, _WEIGHT = "amount", "amount probability category"


def _sum(*categories: str) -> Callable[[Cell, Whole], int | None]:
    """Minor units of the deals of these categories. None in several currencies; and where there are such deals, of
    which not one has an amount, which is not the same as nothing."""

    def figure(cell: Cell, whole: Whole) -> int | None:
        code = whole.currency_of(cell, ALL)
        if code is None:
            return None
        deals = sum(cell.deals[each] for each in categories)
        priced = sum(cell.priced[each, code] for each in categories)
        return None if deals and not priced else sum(cell.money[each, code] for each in categories)

    return figure


def _weighted(cell: Cell, whole: Whole) -> int | None:
    """None as the amount is; and where nothing says of any deal how likely it is."""
    code = whole.currency_of(cell, ALL) or ""
    nothing = cell.sums[UNWEIGHED] and not cell.priced[WEIGHTED, code]
    return None if nothing or _sum(*COUNTED)(cell, whole) is None else cell.money[WEIGHTED, code]


def _target(cell: Cell, whole: Whole) -> int | None:
    """Of a row; the whole has none of its own, and what is set below is not forced to be equal to it."""
    code = whole.currency_of(cell, ALL) or ""
    return cell.money[TARGET, code] if cell is not whole.total and cell.priced[TARGET, code] else None


def _coverage(cell: Cell, whole: Whole) -> float | None:
    """What is open, as a part of what the target lacks."""
    open_, closed = _weighted(cell, whole), _sum(CLOSED)(cell, whole)
    if open_ is None and cell.sums[UNWEIGHED]:
        return None
    found = coverage(open_ or 0, _target(cell, whole), closed or 0)
    return found if found is None else Met("inf") if found is True else float(found)


FORECAST = Breakdown(
    name="forecast",
    title=say("Forecast"),
    help="what is expected to close by month, weighted by its probability and by category, beside what was won",
    on="expected",
    by="month",
    kind=ALL,
    noun=lambda n: say("{n:,} {n:deal|deals} open or won", n=n),
    measures=(
        Measure(Column("deals", Kind.COUNT, rank=1), counted(*COUNTED)),
        Measure(Column("amount", Kind.MONEY, rank=1), _sum(*COUNTED), field=_AMOUNT),
        Measure(Column("weighted", Kind.MONEY, bar=True, rank=1), _weighted, field=_WEIGHT),
        Measure(Column("pipeline", Kind.MONEY, title=say("IN PIPELINE"), rank=3), _sum(PIPELINE), field=_WEIGHT),
        Measure(Column("best", Kind.MONEY, rank=2), _sum(BEST), field=_WEIGHT),
        Measure(Column("commit", Kind.MONEY, rank=2), _sum(COMMIT), field=_WEIGHT),
        Measure(Column("omitted", Kind.MONEY, rank=4), _sum(OMITTED), field=_WEIGHT),
        Measure(Column("closed", Kind.MONEY, rank=2), _sum(CLOSED), field=_AMOUNT),
        Measure(Column("currency", wide=False), currency(ALL), field=_AMOUNT),
        Measure(Column("target", Kind.MONEY, title=say("TARGET"), rank=2), _target, field=_AMOUNT),
        Measure(Column("coverage", Kind.FRACTION, title=say("OPEN COVERS"), rank=2), _coverage, field=_WEIGHT),
    ),
    examples=(
        "opp report forecast",
        "opp report forecast --by owner --period this-quarter",
        "opp report forecast --roll --in CNY --csv",
    ),
)


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row for each month, first what is past due, last what has no date; by other keys their values. Refused for a
    period beside since or until, for a probability of receipts, and for what `Keys.read` and `_weighed` refuse."""
    if args.get("receipts"):
        from oppcli.reads.forecast_receipts import receipts

        if args.get("probability"):
            raise UsageError(say("--receipts counts what is due: no probability is asked"))
        return receipts(door, args, frame)
    places = population.stages(door, args)
    where, told = population.ever(door, args, frame)
    months = Months(args, frame)
    keys = months.keys(door, where, places, args.get("by") or FORECAST.by)
    by = counting(door, frame, args.get("in"))
    report, found, said = _weighed(door, args, frame, Question(where, keys, months, by))
    split = Split(report, keys, found, None, None, args, frame)
    table = split.table(
        (
            *notes_of(FORECAST, split, found._replace(undated=0), months.times),
            *months.told(found),
            *told,
            *said,
            *uncounted(by),
        )
    )
    if [key.unit for key in keys] != ["month"] or not months.asked or set(_WEIGHT.split()) & set(frame.hidden):
        return table
    from oppcli.reads.forecast_past import with_past

    return with_past(table, door, args, frame)


def _weighed(
    door: ReadDoor, args: Mapping[str, Any], frame: Frame, asked: Question
) -> tuple[Breakdown, Found, list[Footnote]]:
    """The deals, as they are shown or as is learnt to weigh, beside their targets and what managers think of them; and
    what is told of that. Refused (4) to weigh by a model for who lacks a field of what weighs."""
    gathering, report, said = Gathering(door, asked.keys, asked.months), FORECAST, list[Footnote]()
    found, weigh = gathering.found(asked.where, asked.by), plainly
    veiled = sorted(set(_WEIGHT.split()) & set(frame.hidden))
    if args.get("probability") == MODEL:
        require_had(frame.actor, veiled, veiled)
        from oppcli.reads.forecast_model import Learnt

        model = Learnt(door, frame)
        found, weigh = model.weigh(found, asked), model.of
        said += model.told()
    if _AMOUNT not in frame.hidden:
        found = found._replace(beside=tuple(beside(door, args, asked.keys, asked.months, asked.by)))
    if gathering.judged and not veiled:
        from oppcli.reads.forecast_judged import Judged, judged_to

        judged = Judged(door, asked, weigh)
        found = judged.added(found, args)
        said += judged.told()
        report = FORECAST._replace(measures=judged_to(FORECAST.measures))
    return report, found, said


READS = (read(FORECAST)._replace(standing=ANY, params=PARAMS, build=build),)
