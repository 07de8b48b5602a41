"""What conditions read of payments: `payment.` of a deal, `customer.` of all that its customer owes.

Money in other currencies comes by the rates that are given; without one what it is part of is missing, not smaller.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from oppcli.model.money import to_major
from oppcli.rules.ledger import SUMS, Ledger, Owed

Facts = dict[str, Decimal | None]
Convert = Callable[[int, str], int | None]
"""(minor units, their currency) → minor units of the currency that is wanted; None where no rate is known."""


def of_deal(ledgers: Mapping[str, Ledger], currency: str, convert: Convert | None = None) -> Facts:
    """The facts of a deal by its ledgers: 0 where nothing is planned, None of what cannot be converted."""
    sums = {name: {code: getattr(each, name) for code, each in ledgers.items()} for name in SUMS}
    found = {f"payment.{name}": _sum(amounts, currency, convert) for name, amounts in sums.items()}
    return {**found, "payment.late_days": _latest(each.late_days for each in ledgers.values())}


def of_customer(owed: Mapping[str, Owed], currency: str, convert: Convert | None = None) -> Facts:
    """The same of a customer, by what it owes in each currency."""
    receivable = {code: each.receivable for code, each in owed.items()}
    overdue = {code: each.overdue for code, each in owed.items()}
    return {
        "customer.receivable": _sum(receivable, currency, convert),
        "customer.overdue": _sum(overdue, currency, convert),
        "customer.late_days": _latest(each.late_days for each in owed.values()),
    }


def _sum(amounts: Mapping[str, int], currency: str, convert: Convert | None) -> Decimal | None:
    """Major units of the currency: each currency converted by itself, nothing asked of what is 0."""
    total = 0
    for code, amount in amounts.items():
        if amount and code != currency:
            there = convert(amount, code) if convert else None
            if there is None:
                return None
            total += there
        else:
            total += amount
    return to_major(total, currency)


def _latest(days: Iterable[int]) -> Decimal:
    return Decimal(max(days, default=0))
