"""What a funnel says, however it is split: its columns, how far a deal got, and how much of what closed was won."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oppcli.model.deals import WON
from oppcli.model.said import say
from oppcli.reads.population import Place
from oppcli.reads.table import Column, Footnote, Kind, ranked

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
STILL_OPEN = Column("still_open", Kind.COUNT, title=say("STILL OPEN"))
"""Of a cohort: who reached the stage and may go on; a young cohort has many."""


def furthest(stages: Sequence[Place]) -> str:
    """SQL for the furthest place of the visits `v` of a deal. Places are worked out per visit by a CASE, because
    joining `stage` is a look-up for each. A win counts where the deal still is: one that was taken back has not reached
    it; of no other visit it is asked when it ended."""
    still = "CASE WHEN v.left_at IS NULL THEN {place} END"
    cases = " ".join(
        f"WHEN {stage.id} THEN {still.format(place=place) if stage.kind == WON else place}"
        for place, stage in enumerate(stages)
    )
    return f"max(CASE v.stage_id {cases} END)" if stages else "max(NULL)"


def outcome(deals: int, won: int, lost: int) -> dict[str, Any]:
    """Of the whole population. The win rate is won of won and lost; open deals are in neither."""
    return {"deals": deals, "won": won, "lost": lost, "win_rate": won / (won + lost) if won + lost else None}


def win_rate(total: Mapping[str, Any]) -> tuple[str, ...]:
    """What people read below: nothing where nothing closed."""
    won, closed = total["won"], total["won"] + total["lost"]
    if not closed:
        return ()
    rate = f"{100 * total['win_rate']:.1f}"
    return (say("win rate {rate} %: {won:,} of {closed:,} closed", rate=rate, won=won, closed=closed),)


def nowhere(deals: int) -> Iterator[Footnote]:
    """Deals that stand in no row of those who reached something."""
    if deals:
        said = say("{n:,} {n:deal|deals} that reached no stage of the pipeline as far as is known", n=deals)
        yield Footnote("left_out", deals, said)


def undated(deals: int) -> Iterator[Footnote]:
    """Deals that are in no cohort."""
    if deals:
        said = say("{n:,} {n:deal|deals} without a date of creation left out", n=deals)
        yield Footnote("unknown_date", deals, said)
