"""Lost deals: how many, for which reasons, how long they took, and where they were lost."""

from oppcli.model.deals import LOST
from oppcli.model.said import say
from oppcli.model.units import DAY_MS
from oppcli.reads.breakdown import read
from oppcli.reads.breakdown_cells import (
    SHARE,
    Cell,
    Measure,
    Whole,
    amount,
    counted,
    currency,
    middle,
    summarized,
)
from oppcli.reads.breakdown_gathering import LEAD, Counted
from oppcli.reads.breakdown_report import Breakdown
from oppcli.reads.table import Column, Kind
from oppcli.rules.statistics import share


def _stage(cell: Cell, whole: Whole) -> str | None:
    """In which stage most of them were; of as many the first by name."""
    named = {stage: number for stage, number in cell.last.items() if stage}
    return min(named, key=lambda stage: (-named[stage], stage)) if named else None


LOSSES = Breakdown(
    name="losses",
    title=say("Losses"),
    help="lost deals by reason or anything else: how many, for how much, after which time, from which stage",
    counted=Counted((LOST,), spans=(LEAD,), spanned=(LOST,), last=True),
    on="closed",
    by="reason",
    kind=LOST,
    noun=lambda n: say("{n:,} lost {n:deal|deals}", n=n),
    measures=(
        Measure(Column("lost", Kind.COUNT, bar=True, rank=1), counted(LOST), SHARE),
        Measure(
            Column("share", Kind.FRACTION, rank=2),
            lambda cell, whole: share(cell.deals[LOST], whole.total.deals[LOST]),
        ),
        Measure(Column("lost_amount", Kind.MONEY, title=say("AMOUNT"), rank=1), amount(LOST), SHARE, "amount"),
        Measure(Column("currency", wide=False), currency(LOST), field="amount"),
        Measure(
            Column("median_days", Kind.DAYS, title=say("MEDIAN"), unit=say("d"), rank=3),
            summarized(LEAD, middle, DAY_MS),
        ),
        Measure(Column("from_stage", rank=3), _stage),
    ),
    examples=(
        "opp report losses",
        "opp report losses --by competitor --period this-year --vs previous",
        "opp report losses --by reason,owner --top 5",
    ),
)
READS = (read(LOSSES),)
