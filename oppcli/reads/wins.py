"""Won and lost deals: how many, at which rate, for how much."""

from oppcli.model.deals import LOST, WON
from oppcli.model.said import say
from oppcli.reads.breakdown import read
from oppcli.reads.breakdown_cells import (
    DIFFERENCE,
    SHARE,
    Measure,
    amount,
    counted,
    currency,
    mean_amount,
    median_amount,
    win_interval,
    win_rate,
)
from oppcli.reads.breakdown_gathering import Counted
from oppcli.reads.breakdown_report import Breakdown
from oppcli.reads.table import Column, Kind

WINS = Breakdown(
    name="wins",
    title=say("Wins"),
    help="won and lost deals by owner or anything else: how many, at which rate, for how much",
    counted=Counted((WON, LOST), amounts=(WON,)),
    on="closed",
    by="owner",
    kind=WON,
    noun=lambda n: say("{n:,} closed {n:deal|deals}", n=n),
    measures=(
        Measure(Column("won", Kind.COUNT, bar=True, rank=1), counted(WON), SHARE),
        Measure(Column("lost", Kind.COUNT, rank=2), counted(LOST)),
        Measure(Column("win_rate", Kind.FRACTION, rank=1), win_rate, DIFFERENCE),
        Measure(Column("win_low", Kind.FRACTION, title=say("LOW"), rank=4), win_interval(0)),
        Measure(Column("win_high", Kind.FRACTION, title=say("HIGH"), rank=4), win_interval(1)),
        Measure(Column("won_amount", Kind.MONEY, title=say("AMOUNT"), rank=1), amount(WON), SHARE, "amount"),
        Measure(Column("currency", wide=False), currency(WON), field="amount"),
        Measure(Column("mean_won", Kind.MONEY, title=say("MEAN"), rank=3), mean_amount(WON), field="amount"),
        Measure(Column("median_won", Kind.MONEY, title=say("MEDIAN"), rank=3), median_amount(WON), field="amount"),
    ),
    examples=(
        "opp report wins",
        "opp report wins --by region,quarter --period 2026",
        "opp report wins --by source --period this-quarter --vs previous --csv",
    ),
)
READS = (read(WINS),)
