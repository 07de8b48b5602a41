"""What is owed: the ledgers of a deal, the sums of a customer, and what conditions read of both."""

from collections.abc import Collection

from oppcli.rules import ledger, owed
from oppcli.rules.ledger import Ledger, Owed
from oppcli.rules.owed import Convert, Facts
from oppcli.store import owed as stored
from oppcli.store.doors import ReadDoor


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
