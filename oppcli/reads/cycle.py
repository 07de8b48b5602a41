"""How long deals take from their creation, and from their first stage of kind `open`, until they close."""

from collections.abc import Callable, Iterator, Sequence

from oppcli.model.deals import LOST, WON
from oppcli.model.refs import ref
from oppcli.model.said import Said, listed, say
from oppcli.model.units import DAY_MS
from oppcli.reads.breakdown import read
from oppcli.reads.breakdown_cells import SHARE, Cell, Measure, counted, mean, middle, number_of, p90, summarized
from oppcli.reads.breakdown_gathering import DEAL, LEAD, LEFT_OUT, Counted
from oppcli.reads.breakdown_report import Breakdown
from oppcli.reads.table import Column, Footnote, Kind

NAMED = 5
"""Deals that are told by their number, of those that are left out."""


def _days(name: str, title: Said, rank: int) -> Column:
    return Column(name, Kind.DAYS, title=title, unit=say("d"), rank=rank)


def _of(column: Column, name: str, figure: Callable[[Sequence[int]], float | None], change: str = "") -> Measure:
    """A figure of one span."""
    return Measure(column, summarized(name, figure, DAY_MS), change)


def _told(total: Cell) -> Iterator[Footnote]:
    """Deals of which a span cannot be told: the first five by their number."""
    gone = sorted(total.values.get(LEFT_OUT, ()))
    if gone:
        said = say(
            "{n:,} {n:deal|deals} left out of a span that is not known or would be negative: {deals}",
            n=len(gone),
            deals=listed([*(ref("deal", number) for number in gone[:NAMED]), *(["…"] if len(gone) > NAMED else [])]),
        )
        yield Footnote("negative_span", len(gone), said)


CYCLE = Breakdown(
    name="cycle",
    title=say("Sales cycle"),
    help="how long closed deals took: from creation, and from the first open stage, by outcome or anything else",
    counted=Counted((WON, LOST), spans=(LEAD, DEAL), spanned=(WON, LOST)),
    on="closed",
    by="outcome",
    kind=WON,
    noun=lambda n: say("{n:,} closed {n:deal|deals}", n=n),
    told=_told,
    measures=(
        Measure(Column("closed", Kind.COUNT, title=say("CLOSED"), rank=1), counted(WON, LOST), SHARE),
        Measure(Column("lead_n", Kind.COUNT, wide=False), number_of(LEAD)),
        _of(_days("lead_median_days", say("LEAD MEDIAN"), 2), LEAD, middle, SHARE),
        _of(_days("lead_mean_days", say("LEAD MEAN"), 4), LEAD, mean),
        _of(_days("lead_p90_days", say("LEAD P90"), 3), LEAD, p90),
        Measure(Column("deal_n", Kind.COUNT, wide=False), number_of(DEAL)),
        _of(_days("deal_median_days", say("DEAL MEDIAN"), 1), DEAL, middle, SHARE),
        _of(_days("deal_mean_days", say("DEAL MEAN"), 4), DEAL, mean),
        _of(_days("deal_p90_days", say("DEAL P90"), 2), DEAL, p90),
        Measure(Column("left_out", Kind.COUNT, rank=5), number_of(LEFT_OUT)),
    ),
    examples=(
        "opp report cycle",
        "opp report cycle --by owner,outcome -c deal_median_days",
        "opp report cycle --by quarter --period 2026",
    ),
)
READS = (read(CYCLE),)
