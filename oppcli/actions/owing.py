"""What is owed: what a deal is sold for, its ledgers, the sums of a customer, and what conditions read of both."""

from collections.abc import Collection

from oppcli.actions.act import Look
from oppcli.model.contracts import Contract
from oppcli.model.deals import Deal
from oppcli.model.records import LIVE
from oppcli.rules import ledger, owed
from oppcli.rules.ledger import Ledger, Owed
from oppcli.rules.owed import Convert, Facts
from oppcli.store import owed as stored
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple


def of_deal(door: ReadDoor, deal: int, day: str) -> dict[str, Ledger]:
    """By currency, what was planned for a deal and came, as it is on a day (ISO)."""
    rows: dict[str, list[ledger.Row]] = {}
    for currency, *row in stored.of_deal(door, deal):
        rows.setdefault(currency, []).append(ledger.Row(*row))
    return {currency: ledger.ledger(found, day) for currency, found in rows.items()}


def of_customer(door: ReadDoor, customer: int, day: str, *, late_days: bool = True) -> dict[str, Owed]:
    """By currency, what a customer owes on a day (ISO), over all its buckets; `late_days` are 0 where nobody asks."""
    return {
        currency: Owed(int(outstanding), int(overdue), ledger.days_late(since, day))
        for currency, outstanding, overdue, since in stored.of_customer(door, customer, day, since=late_days)
    }


def facts_of_deal(door: ReadDoor, deal: int, currency: str, day: str, convert: Convert | None = None) -> Facts:
    """`payment.` of a deal on a day, in one statement; money in `currency`."""
    return owed.of_deal(of_deal(door, deal, day), currency, convert)


def facts_of_customer(
    door: ReadDoor, customer: int, currency: str, day: str, convert: Convert | None = None, *, names: Collection[str]
) -> Facts:
    """Those of `customer.receivable`, `customer.overdue` and `customer.late_days` that are asked for, on a day, in one
    statement."""
    found = of_customer(door, customer, day, late_days="customer.late_days" in names)
    return {name: value for name, value in owed.of_customer(found, currency, convert).items() if name in names}


class Sold(NamedTuple):
    """What the customer is to pay in all; `amount` is None where nothing says it yet."""

    amount: int | None
    currency: str


def sold(look: Look, deal: Deal) -> Sold:
    """The contract's amount, else the quote's gross, else the deal's own: the first there is."""
    from oppcli.actions import offers

    contract = next(iter(look.door.find(Contract, id=deal.id, standing=LIVE)), None)
    agreed = contract.binding if contract is not None else None
    if agreed is not None and agreed.amount is not None:
        return Sold(agreed.amount, agreed.currency)
    quote = offers.quote_of(look, deal.id)
    version = quote.in_effect if quote is not None else None
    if version is not None and version.lines:
        return Sold(offers.figures_of(look, version).gross, version.currency)
    return Sold(deal.amount, deal.currency)
