"""Closed deals like one: how they ended, how far they are from it, and how many of the nearest were won."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from functools import partial

from oppcli.model.deals import LOST, WON, Deal
from oppcli.model.records import ANY, COUNTED
from oppcli.model.refs import ref
from oppcli.model.said import Said, label, say
from oppcli.model.units import DAY_MS
from oppcli.reads.table import DEALS, Column, Footnote, Kind, Read, Row, Table, ranked
from oppcli.rules.similar import FACTOR, NEAREST, NEWEST, OF_WHICH, Likened, Near, nearest
from oppcli.rules.statistics import wilson
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple

COLUMNS = ranked(
    (
        Column("deal", Kind.REF),
        Column("distance", Kind.NUMBER),
        Column("differs", Kind.LIST),
        Column("amount", Kind.MONEY),
        Column("discount", Kind.PERCENT),
        Column("margin", Kind.PERCENT),
        Column("days", Kind.DAYS, unit=say("d")),
        Column("outcome", words="kind"),
        Column("reason"),
        Column("currency"),
    ),
    "deal 1, distance 1, differs 4, amount 2, discount margin 3, days 3, outcome 1, reason 3",
)
_CLOSED = f"""
SELECT d.id, d.amount, d.discount, d.margin, d.product, d.tier, d.region, d.closed_at, s.kind, d.created_at,
       d.close_reason, EXISTS (SELECT 1 FROM payment p WHERE p.deal_id = d.id AND p.voided_at IS NULL)
FROM deal d CROSS JOIN stage s WHERE s.id = d.stage_id AND d.closed_at IS {{known}}
AND s.kind IN ('{WON}', '{LOST}') AND d.standing IN {COUNTED} AND {{of}} = :currency AND d.id <> :deal {{more}}
ORDER BY d.closed_at DESC, d.id LIMIT {NEWEST}
"""
_WHEN = ("NOT NULL", "NULL")
"""Those of which it is known when they were closed, the newest first; then the others, where there are too few. The
newest are found in an index that begins with the currency; who sees few deals has them found by their owners, and the
currency is asked of each."""


class Ended(NamedTuple):
    """How a deal ended, beside what is compared of it."""

    outcome: str
    days: float | None
    """From its creation to its end; None where one of them is not known."""
    reason: str | None
    paid: bool
    """Something is planned or came for it."""


class Similar(NamedTuple):
    """The nearest of the closed deals, and what is known of them all."""

    nearest: Sequence[Near]
    """All there are, the nearest first; nothing of too few."""
    ended: Mapping[int, Ended]
    won: int
    """Of the `of` nearest."""
    of: int

    @property
    def told(self) -> Said:
        """`9 of the 20 nearest won (26–66 %)`."""
        if not self.of:
            return say("too few closed deals")
        low, high = (round(share * 100) for share in wilson(self.won, self.of))
        return say("{won} of the {of} nearest won ({low}–{high} %)", won=self.won, of=self.of, low=low, high=high)


def similar(door: ReadDoor, deal: Deal, hidden: Collection[str] = (), before: int | None = None) -> Similar:
    """The closed deals of the currency of this one, of those that who asks may see: within a factor 8 of its amount,
    the newest 2,000, compared by what is not `hidden`. `before`: only those closed before then."""
    more, params = "", {"deal": deal.id, "currency": deal.currency}
    if deal.amount and deal.amount > 0 and "amount" not in hidden:
        more += f" AND d.amount * {FACTOR} >= :amount AND d.amount <= :most"
        params |= {"amount": deal.amount, "most": deal.amount * FACTOR}
    if before is not None:
        more += " AND d.closed_at < :before"
        params |= {"before": before}
    few = door.sight is not None and not door.sight.whole and not door.sight.wide
    asked = partial(_CLOSED.format, more=more, of="coalesce(d.currency, '')" if few else "d.currency")
    closed = door.rows(asked(known=_WHEN[0]), **params)
    if before is None and len(closed) < NEWEST:
        closed += door.rows(asked(known=_WHEN[1]), **params)[: NEWEST - len(closed)]
    found, ended = [], {}
    for *compared, kind, created, reason, paid in closed:
        each = Likened._make(compared)
        found.append(each)
        known = created is not None and each.closed_at is not None
        days = (each.closed_at - created) / DAY_MS if known and each.closed_at is not None else None
        ended[each.id] = Ended(kind, days, reason, bool(paid))
    near = nearest(_likened(deal, hidden), found, hidden, most=None)
    counted = near[:OF_WHICH]
    won = sum(ended[each.deal.id].outcome == WON for each in counted)
    return Similar(near, ended, won, len(counted))


def _likened(deal: Deal, hidden: Collection[str]) -> Likened:
    amount = None if "amount" in hidden else deal.amount
    return Likened(deal.id, amount, deal.discount, deal.margin, deal.product, deal.tier, deal.region)


def table(deal: Deal, found: Similar, most: int | None = NEAREST) -> Table:
    """A row for each of the nearest; of how many of them were won a note says."""
    rows = [_row(each, found.ended[each.deal.id], deal.currency) for each in found.nearest[:most]]
    code = "population" if found.of else "too_few"
    return Table(
        COLUMNS,
        rows,
        say("Closed deals like {deal}", deal=ref("deal", deal.id)),
        (Footnote(code, found.of, found.told),),
        total={"nearest": found.of, "won": found.won, "win_rate": found.won / found.of if found.of else None},
    )


def differs(near: Near) -> tuple[Said, ...]:
    """What the distance is made of: `amount 0.32`, `product 1.00`."""
    return tuple(say("{field} {part:.2f}", field=label(name), part=part) for name, part in near.parts.items())


def _row(near: Near, ended: Ended, currency: str) -> Row:
    of = near.deal
    return (
        *(ref("deal", of.id), Decimal(f"{near.distance:.2f}"), differs(near), of.amount, of.discount, of.margin),
        *(ended.days, ended.outcome, ended.reason, currency),
    )


READS = (
    Read(
        path="deal similar",
        narrows=False,
        title=say("Closed deals like one"),
        help="The five closed deals that are most like one: how they ended, and how many of the nearest were won",
        more="Compared are deals of the same currency within a factor 8 of its amount, the newest 2,000 that you see. "
        "The distance adds up |log2(ratio of amounts)|, a tenth of the per cent points between discounts and between "
        "margins, and 1 for each of product, tier and region that is not the same; where a side is empty, 1.",
        columns=COLUMNS,
        params=(DEALS,),
        standing=ANY,
        examples=("opp deal similar D-142", "opp deal similar D-142 -L 20 --json"),
    ),
)
