"""What of a plan is paid: receipts pay the oldest instalments first, and a surplus pays nothing of another bucket.

A bucket is a deal and a currency, or what a customer has without a deal in one. Money is minor units.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from oppcli.model.payments import DUE, RECEIVED
from oppcli.tuples import NamedTuple

NEVER = "9999-12-31"
"""Behind every day: when what waits for a signature is due."""


_NONE: Mapping[int, int] = {}


class Row(NamedTuple):
    """An instalment or a receipt of one bucket."""

    id: int
    kind: str
    on: str | None
    amount: int


class Ledger(NamedTuple):
    """One bucket on a day."""

    planned: int = 0
    received: int = 0
    """What came by then, refunds taken off."""
    outstanding: int = 0
    overdue: int = 0
    """What is unpaid of instalments of before that day; due on it is not late."""
    late_days: int = 0
    """Since the oldest of those was due."""
    paid: int = 0
    """What of the plan is paid: no more than what came, nor than was planned."""
    open: Mapping[int, int] = _NONE
    """What is unpaid of each instalment."""


SUMS = ("planned", "received", "outstanding", "overdue")
"""What of a ledger is money, in the order in which it is told."""


class Owed(NamedTuple):
    """What a customer owes in one currency, over all buckets."""

    receivable: int = 0
    overdue: int = 0
    late_days: int = 0
    """The most of any bucket."""


def order(row: Row) -> tuple[str, int]:
    """The oldest first, what waits for a signature last."""
    return (row.on or NEVER, row.id)


def ledger(rows: Iterable[Row], day: str) -> Ledger:
    """The bucket on a day (ISO). 927,000 in 278,100 (1 Apr), 556,200 (1 Jul), 92,700 (31 Dec), received 300,000 on
    10 Apr: on 15 Jul outstanding 627,000, overdue 534,300, late 14 days."""
    known: Sequence[Row] = list(rows)
    dues = sorted((row for row in known if row.kind == DUE), key=order)
    received = sum(row.amount for row in known if row.kind == RECEIVED and (row.on or NEVER) <= day)
    came = left = max(received, 0)
    unpaid: dict[int, int] = {}
    for row in dues:
        paid = min(left, row.amount)
        left -= paid
        unpaid[row.id] = row.amount - paid
    late = [row for row in dues if (row.on or NEVER) < day and unpaid[row.id]]
    return Ledger(
        planned=sum(row.amount for row in dues),
        received=received,
        outstanding=sum(unpaid.values()),
        overdue=sum(unpaid[row.id] for row in late),
        late_days=days_late(late[0].on, day) if late else 0,
        paid=came - left,
        open=unpaid,
    )


def owed(ledgers: Iterable[Ledger]) -> Owed:
    """Several buckets of one currency together."""
    known = list(ledgers)
    return Owed(
        sum(each.outstanding for each in known),
        sum(each.overdue for each in known),
        max((each.late_days for each in known), default=0),
    )


def days_late(on: str | None, day: str) -> int:
    """Days between when something was due and this day; 0 where it is not late."""
    if on is None or on >= day:
        return 0
    return (date.fromisoformat(day) - date.fromisoformat(on)).days
