"""What customers answered when they were asked how it went, by owner."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from oppcli.model.follow import SURVEY
from oppcli.model.records import COUNTED
from oppcli.model.relations import Survey
from oppcli.model.said import Word, say
from oppcli.reads import touch_rows
from oppcli.reads.table import Chart, Column, Footnote, Frame, Kind, Read, Row, Table, ranked
from oppcli.store.doors import ReadDoor

COLUMNS = ranked(
    (
        Column("person", Kind.REF),
        Column("asked", Kind.COUNT, title=Word("survey", "ASKED")),
        Column("answered", Kind.COUNT, title=Word("survey", "ANSWERED")),
        Column("mean", Kind.NUMBER),
        Column("low", Kind.COUNT),
    ),
    "person mean low 1, asked answered 2",
)
_ASKED = f"""
SELECT t.deal_id, d.owner, min(t.created_at) FROM task t JOIN deal d ON d.id = t.deal_id
WHERE t.kind = '{SURVEY}' GROUP BY t.deal_id, d.owner
"""
_ANSWERED = """
SELECT a.deal_id, d.owner, a.at, a.rating FROM activity a JOIN deal d ON d.id = a.deal_id
WHERE a.rating IS NOT NULL ORDER BY a.at, a.id
"""


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per owner of the deals, who is the least liked first: those that were asked in the time asked for, or
    answered unasked in it. Of several answers on a deal the last counts."""
    asked, policy = touch_rows.Asked(door, args), frame.policy()
    survey: Survey = (policy.follow.survey if policy.follow is not None else None) or Survey(None)  # type: ignore[arg-type]
    begun: dict[int, tuple[str | None, int]] = {deal: (owner, at) for deal, owner, at in door.rows(_ASKED)}
    ratings: dict[int, int] = {}
    for deal, owner, at, rating in door.rows(_ANSWERED):
        ratings[deal] = rating
        begun.setdefault(deal, (owner, at))
    of: dict[str, list[int | None]] = defaultdict(list)
    for deal, (owner, at) in begun.items():
        if asked.deal(deal) and owner is not None and asked.person(owner) and asked.at(at):
            of[owner].append(ratings.get(deal))
    rows = sorted((_row(who, of[who], survey.low) for who in of), key=lambda row: (row[3] is None, row[3] or 0, row[0]))
    n = sum(row[1] for row in rows)
    said = say("{answered:,} of {n:,} answered", answered=sum(row[2] for row in rows), n=n)
    return Table(COLUMNS, rows, READ.title, (Footnote("population", n, said),), chart=CHART)


def _row(who: str, ratings: list[int | None], low: int) -> Row:
    given = [rating for rating in ratings if rating is not None]
    mean = round(sum(given) / len(given), 2) if given else None
    return (who, len(ratings), len(given), mean, sum(rating <= low for rating in given))


CHART = Chart("bars", ("person",), ("mean",))
READ = Read(
    path="report satisfaction",
    title=say("Satisfaction"),
    help="customers asked how it went, those who answered, the mean of their ratings, low ones, per owner",
    standing=COUNTED,
    columns=COLUMNS,
    params=touch_rows.WINDOW,
    build=build,
    examples=("opp report satisfaction --since -1q",),
)
READS = (READ,)
