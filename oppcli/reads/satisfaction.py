"""What customers answered when they were asked how it went, by owner or by product."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from oppcli.model.follow import SURVEY
from oppcli.model.records import COUNTED
from oppcli.model.relations import Survey
from oppcli.model.said import Word, say
from oppcli.reads import touch_rows
from oppcli.reads.table import Chart, Column, Footnote, Frame, Kind, Param, Read, Row, Table, ranked
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
BY_PRODUCT = (COLUMNS[0]._replace(name="product", kind=Kind.TEXT), *COLUMNS[1:])
_ASKED = f"""
SELECT t.deal_id, d.owner, d.product, min(t.created_at) FROM task t JOIN deal d ON d.id = t.deal_id
WHERE t.kind = '{SURVEY}' GROUP BY t.deal_id, d.owner, d.product
"""
_ANSWERED = """
SELECT a.deal_id, d.owner, d.product, a.at, a.rating FROM activity a JOIN deal d ON d.id = a.deal_id
WHERE a.rating IS NOT NULL ORDER BY a.at, a.id
"""


def build(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """A row per owner of the deals, or per product, the least liked first: of those that were asked in the time asked
    for, or answered unasked in it. Of several answers on a deal the last counts. Refused (4) by product to who does not
    have that field."""
    asked, policy = touch_rows.Asked(door, args, frame), frame.policy()
    product = args.get("by") == "product"
    if product:
        from oppcli.rules.scopes import require_fields

        require_fields(door.sight, ["product"])
    survey: Survey = (policy.follow.survey if policy.follow is not None else None) or Survey(None)  # type: ignore[arg-type]
    begun: dict[int, tuple[str | None, str | None, int]] = {deal: each for deal, *each in door.rows(_ASKED)}  # type: ignore[misc]
    ratings: dict[int, int] = {}
    for deal, owner, sold, at, rating in door.rows(_ANSWERED):
        ratings[deal] = rating
        begun.setdefault(deal, (owner, sold, at))
    of: dict[str | None, list[int | None]] = defaultdict(list)
    for deal, (owner, sold, at) in begun.items():
        if asked.deal(deal) and owner is not None and asked.person(owner) and asked.at(at):
            of[sold if product else owner].append(ratings.get(deal))
    rows = [_row(key, ratings_of, survey.low) for key, ratings_of in of.items()]
    rows.sort(key=lambda row: (row[3] is None, row[3] or 0, row[0] or ""))
    n = sum(row[1] for row in rows)
    said = say("{answered:,} of {n:,} answered", answered=sum(row[2] for row in rows), n=n)
    notes = (Footnote("population", n, said), *asked.notes)
    columns = BY_PRODUCT if product else COLUMNS
    chart = Chart("bars", (columns[0].name,), ("mean",))
    return Table(columns, rows, READ.title, notes, chart=chart)


def _row(key: str | None, ratings: list[int | None], low: int) -> Row:
    given = [rating for rating in ratings if rating is not None]
    mean = round(sum(given) / len(given), 2) if given else None
    return (key, len(ratings), len(given), mean, sum(rating <= low for rating in given))


READ = Read(
    path="report satisfaction",
    title=say("Satisfaction"),
    help="customers asked how it went, those who answered, the mean of their ratings, low ones, per owner or product",
    standing=COUNTED,
    columns=COLUMNS,
    params=(
        Param("by", "a row per owner, or per product", "choice", choices=("owner", "product")),
        *touch_rows.CHOSEN,
    ),
    build=build,
    examples=("opp report satisfaction --since -1q", "opp report satisfaction --by product"),
)
READS = (READ,)
