"""Whose time each deal of a population spent: looked up once, for rows of deals and for what they are split by."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from oppcli.model.deals import LOST, WON
from oppcli.model.said import say
from oppcli.reads.hours import Hours
from oppcli.reads.seats import asked
from oppcli.reads.table import Column, Footnote, Frame, Kind, Row, ranked
from oppcli.reads.where import Where
from oppcli.rules.waiting import Held, Parts, Span, Wait, attribute, held
from oppcli.store.doors import ReadDoor
from oppcli.store.patterns import quoted
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from oppcli.reads.delays import Delays
    from oppcli.rules.exchange import Converter

COLUMNS = ranked(
    (
        Column("deal", Kind.REF),
        Column("title", cut=True),
        Column("customer", cut=True),
        Column("owner", Kind.REF),
        Column("stage"),
        Column("total_hours", Kind.HOURS, title=say("TOTAL"), unit=say("h")),
        Column("seller_hours", Kind.HOURS, title=say("SELLER"), unit=say("bh")),
        Column("approval_hours", Kind.HOURS, title=say("APPROVERS"), unit=say("bh")),
        Column("returned_hours", Kind.HOURS, title=say("RETURNED"), unit=say("bh")),
        Column("outside_hours", Kind.HOURS, title=say("OUTSIDE"), unit=say("h")),
        Column("approvers", Kind.OBJECT, title=say("WHO"), cut=True, named=True),
        Column("amount", Kind.MONEY),
        Column("cost", Kind.MONEY, title=say("COST OF DELAY")),
        Column("currency"),
    ),
    "deal 1, title 2, owner 4, stage 5, total_hours 3, seller_hours approval_hours 1,"
    " returned_hours outside_hours 3, approvers 4",
)
PARTS = ("seller_hours", "approval_hours", "returned_hours", "outside_hours")
MONEY = {"amount": ("amount",), "cost": ("amount", "probability"), "currency": ("amount",)}
"""Columns → the fields of deals they are made of: who does not have these does not have them."""
_DEALS = """
d.id, d.title, c.name, d.owner, s.name, d.created_at, d.closed_at, d.amount, d.currency
FROM deal d JOIN stage s ON s.id = d.stage_id LEFT JOIN customer c ON c.id = d.customer_id
"""
_CLOSED = f"""
SELECT v.deal_id, v.entered_at, v.left_at FROM visit v
WHERE v.left_at IS NOT NULL AND v.stage_id IN (SELECT id FROM stage WHERE kind IN ({quoted((WON, LOST))}))
"""


class Spent(NamedTuple):
    """One deal, and whose its time was."""

    keys: Row
    """What was selected before it."""
    deal: Row
    parts: Parts
    held: Sequence[Held]
    """Its waits, where each is asked about."""
    amount: int | None
    currency: str
    costs: Sequence[int | None]
    """Of each wait."""


class Looking:
    """Whose time deals spent, asked of one population or of another that it is compared with."""

    def __init__(self, door: ReadDoor, frame: Frame, by: "Converter | None", *, each: bool) -> None:
        """`each`: every wait is asked about. Delays are looked up where they cost something."""
        self._door, self._now, self._by, self._policy = door, frame.now, by, frame.policy
        self._waits, self._returned = asked(door)
        self._ended = closed(door)
        self._worked: Callable[[int], int] | None = None
        self._delays: Delays | None = None
        rate = frame.policy().delay_cost if self._waits else None
        if rate is not None and not set(MONEY["cost"]) & set(frame.hidden):
            from oppcli.reads import delays

            self._delays = delays.Delays(door, rate)
        self._each = each or self._delays is not None
        self.left_out = 0
        """Deals without a date or not begun yet."""

    def spent(self, where: Where, selected: str = "", width: int = 0) -> Iterator[Spent]:
        """Each deal by its number; in front of it so many values were `selected`."""
        self.left_out = 0
        for row in self._door.rows(f"SELECT {selected}{_DEALS} {where.sql} ORDER BY d.id", **where.params):
            deal = row[width:]
            begun, end = deal[5], deal[6] if deal[6] is not None else self._now
            if begun is None or end < begun:
                self.left_out += 1
            else:
                yield self._of(row[:width], deal, begun, end)

    def _of(self, keys: Row, deal: Row, begun: int, end: int) -> Spent:
        if self._worked is None:
            self._worked = Hours(self._policy).worked("")
        number, amount, code = deal[0], deal[7], deal[8]
        waits: Sequence[Wait] = self._waits.get(number, ())
        ended = [span for span in self._ended.get(number, ()) if span.start < end]
        parts = attribute(begun, end, waits, self._returned.get(number, ()), self._worked, ended)
        each = held(begun, end, waits, self._worked, ended) if self._each else []
        costs = [self._delays.cost(number, one) for one in each] if self._delays else [None] * len(each)
        if self._by is not None:
            amount, costs = self._in(amount, code, deal[6]), [self._in(cost, code, deal[6]) for cost in costs]
            code = self._by.to
        return Spent(keys, deal, parts, each, amount, code, costs)

    def _in(self, minor: int | None, code: str, closed_at: int | None) -> int | None:
        """Minor units of the currency that is asked for."""
        return None if minor is None or self._by is None else self._by.minor(int(minor), code, closed_at)

    @property
    def costs(self) -> bool:
        return self._delays is not None

    def notes(self) -> Iterator[Footnote]:
        if self.left_out:
            said = say("{n:,} {n:deal|deals} without a date or not begun yet left out", n=self.left_out)
            yield Footnote("unknown_date", self.left_out, said)


def closed(door: ReadDoor) -> dict[int, list[Span]]:
    """Per deal that was reopened the spans in which it was won or lost: nobody's time."""
    found: dict[int, list[Span]] = defaultdict(list)
    for deal, entered, left in door.rows(_CLOSED):
        found[deal].append(Span(left if entered is None else entered, left))
    return found
