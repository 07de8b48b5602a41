"""Where deals come from: leads, how many of them were qualified and won, for how much, and what it cost."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from oppcli.model.deals import LEAD, LOST, OPEN, WON
from oppcli.model.money import half_up
from oppcli.model.said import say
from oppcli.reads.breakdown import read
from oppcli.reads.breakdown_cells import SHARE, Cell, Measure, Whole, amount, counted, currency
from oppcli.reads.breakdown_gathering import Counted
from oppcli.reads.breakdown_report import Asking, Breakdown
from oppcli.reads.table import Column, Kind
from oppcli.reads.where import Where
from oppcli.rules.costs import part
from oppcli.rules.statistics import share
from oppcli.store.reading import TAKEN
from oppcli.words.periods import Period, parse_period
from oppcli.words.periods import between as periods_between
from oppcli.words.zones import midnight, today

SOURCE = "source"
OTHERWISE = ("owner", "team", "where", "pipeline")
"""Filters that choose deals within a source, of which nobody knows what they cost."""


def _cost(cell: Cell, whole: Whole) -> int | None:
    """Minor units, half up; None where nothing was entered, or in another currency than the row's money."""
    code = whole.currency_of(cell, WON)
    return half_up(cell.costs[code]) if code in cell.costs else None


def _per_win(cell: Cell, whole: Whole) -> int | None:
    code, won = whole.currency_of(cell, WON), cell.deals[WON]
    return half_up(cell.costs[code] / won) if code in cell.costs and won else None


def _roi(cell: Cell, whole: Whole) -> float | None:
    """(won amount - cost) / cost."""
    spent, earned = _cost(cell, whole), whole.amount(cell, WON)
    return (earned - spent) / spent if spent and earned is not None else None


def _leads(cell: Cell) -> int:
    return cell.population


def beside(asking: Asking) -> Iterator[tuple[Sequence[Sequence[Any]], Cell]]:
    """The costs of the sources asked for, spread over the days of the time asked about. Nothing where rows are split by
    anything else than source and period, or deals are chosen otherwise: nobody knows which part was for them."""
    if any(key.name != SOURCE and not key.unit for key in asking.keys) or any(map(asking.args.get, OTHERWISE)):
        return
    where = Where(f"c.{TAKEN}")
    where.among("c.source", *(asking.args.get(SOURCE) or ((), ())))
    sql = f"SELECT c.source, c.first, c.last, c.amount, c.currency FROM cost c {where.sql} ORDER BY c.id"
    for source, first, last, minor, code in asking.door.rows(sql, **where.params):
        period = Period(date.fromisoformat(first), date.fromisoformat(last))
        worth = (minor, code) if asking.by is None else (_converted(asking, minor, code, period), asking.by.to)
        if worth[0] is not None:
            yield from _spread(asking, source, period, worth[0], worth[1])


def _converted(asking: Asking, minor: int, code: str, period: Period) -> int | None:
    """At the rate of the last day of its period."""
    assert asking.by is not None
    return asking.by.minor(minor, code, midnight(period.last, asking.times.tz))


def _spread(
    asking: Asking, source: str, period: Period, minor: int, code: str
) -> Iterator[tuple[Sequence[Sequence[Any]], Cell]]:
    """What of one cost lies in the time asked about, by the periods of the rows."""
    since, until, tz = asking.times.since, asking.times.until, asking.times.tz
    begin = None if since is None else today(since, tz)
    end = None if until is None else today(until - 1, tz)
    for labels, days in _periods(asking, source, period):
        first = days.first if begin is None else max(begin, days.first)
        last = days.last if end is None else min(end, days.last)
        found = part(minor, period, first, last)
        if found:
            cell = Cell()
            cell.costs[code] = found
            yield labels, cell


def _periods(asking: Asking, source: str, period: Period) -> Iterator[tuple[list[tuple[Any, ...]], Period]]:
    """The values of the keys, for each period of them that a cost lies in, and its days."""
    unit = next((key.unit for key in asking.keys if key.unit), "")
    begins = asking.begins if unit in ("quarter", "year") else 1
    labels = periods_between(period.first, period.last, unit, begins) if unit else iter(("",))
    for label in labels:
        days = parse_period(label, today=period.first, begins=begins) if label else period
        yield [(label if key.unit else source,) for key in asking.keys], days


SOURCES = Breakdown(
    name="sources",
    title=say("Sources"),
    help="where deals come from: leads, qualified, won, for how much, at which cost",
    counted=Counted((LEAD, OPEN, WON, LOST), qualified=True),
    on="created",
    by=SOURCE,
    kind=WON,
    noun=lambda n: say("{n:,} {n:deal|deals}", n=n),
    beside=beside,
    measures=(
        Measure(Column("leads", Kind.COUNT, bar=True, rank=1), lambda cell, whole: _leads(cell), SHARE),
        Measure(Column("qualified", Kind.COUNT, rank=2), lambda cell, whole: cell.qualified),
        Measure(
            Column("qualified_rate", Kind.FRACTION, title=say("OF LEADS"), rank=2),
            lambda cell, whole: share(cell.qualified, _leads(cell)),
        ),
        Measure(Column("won", Kind.COUNT, rank=1), counted(WON), SHARE),
        Measure(
            Column("won_rate", Kind.FRACTION, title=say("WON OF LEADS"), rank=2),
            lambda cell, whole: share(cell.deals[WON], _leads(cell)),
        ),
        Measure(Column("lost", Kind.COUNT, rank=4), counted(LOST)),
        Measure(Column("open", Kind.COUNT, rank=4), counted(LEAD, OPEN)),
        Measure(Column("won_amount", Kind.MONEY, title=say("AMOUNT"), rank=1), amount(WON), SHARE, "amount"),
        Measure(Column("currency", wide=False), currency(WON), field="amount"),
        Measure(Column("cost", Kind.MONEY, rank=2), _cost, field="amount"),
        Measure(Column("cost_per_win", Kind.MONEY, title=say("PER WIN"), rank=3), _per_win, field="amount"),
        Measure(Column("roi", Kind.FRACTION, title=say("ROI"), rank=2), _roi, field="amount"),
        Measure(Column("invalid", Kind.COUNT, title=say("INVALID LEADS"), rank=4), lambda cell, whole: cell.invalid),
        Measure(
            Column("invalid_rate", Kind.FRACTION, title=say("INVALID OF LEADS"), rank=3),
            lambda cell, whole: share(cell.invalid, _leads(cell)),
        ),
    ),
    examples=(
        "opp report sources",
        "opp report sources --by source,quarter --period 2026",
        "opp report sources --in CNY -c source,leads,won,cost,roi",
    ),
)
READS = (read(SOURCES),)
