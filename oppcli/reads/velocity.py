"""How much is won per day at the present pace: open deals × win rate × mean won amount / median days to win."""

from fractions import Fraction

from oppcli.model.deals import LOST, OPEN, WON
from oppcli.model.money import half_up
from oppcli.model.said import say
from oppcli.model.units import DAY_MS
from oppcli.reads.breakdown import read
from oppcli.reads.breakdown_cells import (
    Cell,
    Measure,
    Whole,
    counted,
    currency,
    mean_amount,
    middle,
    summarized,
    win_rate,
)
from oppcli.reads.breakdown_gathering import DEAL, Counted
from oppcli.reads.breakdown_report import Breakdown
from oppcli.reads.table import Column, Kind


def _velocity(cell: Cell, whole: Whole) -> int | None:
    """Minor units per day, half up, from figures that are not rounded before; None where one of them is not known, or
    deals are won in no time."""
    code, days = whole.currency_of(cell, WON), middle(cell.values.get(DEAL, ()))
    priced, closed = cell.priced[WON, code or ""], cell.deals[WON] + cell.deals[LOST]
    if code is None or not days or not priced:
        return None
    mean = Fraction(cell.money[WON, code], priced)
    return half_up(cell.deals[OPEN] * Fraction(cell.deals[WON], closed) * mean * DAY_MS / Fraction(days))


VELOCITY = Breakdown(
    name="velocity",
    title=say("Sales velocity"),
    help="what is won per day at the present pace: open deals × win rate × mean won / median days to win",
    counted=Counted((OPEN, WON, LOST), spans=(DEAL,), spanned=(WON,), timeless=(OPEN,)),
    on="closed",
    by="",
    kind=WON,
    noun=lambda n: say("{n:,} {n:deal|deals} open or closed", n=n),
    periods=False,
    measures=(
        Measure(Column("open", Kind.COUNT, rank=2), counted(OPEN)),
        Measure(Column("win_rate", Kind.FRACTION, rank=2), win_rate),
        Measure(Column("mean_won", Kind.MONEY, title=say("MEAN WON"), rank=2), mean_amount(WON), field="amount"),
        Measure(
            Column("cycle_days", Kind.DAYS, title=say("CYCLE"), unit=say("d"), rank=2), summarized(DEAL, middle, DAY_MS)
        ),
        Measure(Column("velocity", Kind.MONEY, title=say("PER DAY"), bar=True, rank=1), _velocity, field="amount"),
        Measure(Column("currency", wide=False), currency(WON), field="amount"),
    ),
    examples=(
        "opp report velocity",
        "opp report velocity --by owner --period 2026",
        "opp report velocity --in CNY",
    ),
)
READS = (read(VELOCITY),)
