"""Prices, and what a deal is offered for: one quote per deal, its versions, their lines."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from oppcli.model import records
from oppcli.model.noun import noun

PRICE_UNIT, QTY_UNIT = Decimal(10_000), Decimal(1_000_000)
"""Unit prices are stored as integers of 1/10,000, quantities of 1/1,000,000."""
ONE = 1_000_000
"""A quantity of 1, as it is stored."""
DRAFT, IN_EFFECT, APPROVED, SENT, ACCEPTED, OVER, REPLACED = (
    *("draft", "in_effect", "approved", "sent", "accepted", "expired", "replaced"),
)
QUOTE_STATES = (DRAFT, IN_EFFECT, APPROVED, SENT, ACCEPTED, OVER, REPLACED)


@noun
class Price:
    """What a thing costs by the list, from one day on."""

    id: int = 0
    sku: str
    name: str
    unit: str | None = None
    currency: str = "CNY"
    list: int
    """This and the two below: 1/10,000 of the currency for one unit."""
    floor: int | None = None
    """Below it a line stands out."""
    cost: int | None = None
    """Without tax; None is unknown, 0 is nothing."""
    tax: int | None = None
    """Ten-thousandths of one per cent."""
    from_on: str
    to_on: str | None = None
    """The last day; None: until a later one begins."""
    external_id: str | None = None
    system: str | None = None
    created_at: int = 0
    created_by: str = ""
    standing: str = records.LIVE
    version: int = 1


@noun
class Line:
    """One line of a version. Of a thing on the list it keeps the price in force when its version was opened."""

    position: int
    sku: str | None = None
    """None: unlisted."""
    item: str
    qty: int = ONE
    unit: str | None = None
    list: int | None = None
    floor: int | None = None
    cost: int | None = None
    price: int | None = None
    """Typed; negative for a rebate. Exactly one of this and `discount` is set."""
    discount: int | None = None
    """Ten-thousandths of one per cent off the list."""
    tax: int = 0
    note: str | None = None


@noun
class QuoteVersion:
    """What was or is offered: open until it was shown, then frozen."""

    number: int
    currency: str
    opened_on: str
    """The day whose prices its lines have."""
    opened_at: int = 0
    opened_by: str = ""
    valid_until: str | None = None
    """The last day on which it holds; None: for ever."""
    terms: str | None = None
    used_at: int | None = None
    """When it came into effect; None: a draft."""
    frozen_at: int | None = None
    """When somebody was first shown it."""
    hash: str = ""
    """SHA-256 of what it says."""
    sent: tuple[Mapping[str, Any], ...] = ()
    """`at` (milliseconds), `by`, `file`, `sha256`, `to` (the number of a contact), the first first."""
    accepted_on: str | None = None
    accepted_at: int | None = None
    accepted_by: str | None = None
    accepted_note: str | None = None
    lines: tuple[Line, ...] = ()


@noun
class Quote:
    """What a deal is offered for. It has the number of its deal."""

    id: int
    deal_id: int
    versions: tuple[QuoteVersion, ...] = ()
    standing: str = records.LIVE
    version: int = 1

    @property
    def in_effect(self) -> QuoteVersion | None:
        """The version that counts: the last one that was put into use."""
        return next((each for each in reversed(self.versions) if each.used_at is not None), None)

    @property
    def draft(self) -> QuoteVersion | None:
        """The version that does not count yet; there is one at most, the last."""
        last = self.versions[-1] if self.versions else None
        return last if last is not None and last.used_at is None else None
