"""What was planned, came and is owed for a deal, as its card and programs are told it."""

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from oppcli.actions import owing
from oppcli.model import money
from oppcli.model.deals import Deal
from oppcli.model.said import say
from oppcli.reads.payments import come_to
from oppcli.reads.table import Column, Kind, Table
from oppcli.rules.ledger import SUMS, Ledger

if TYPE_CHECKING:
    from oppcli.actions.act import Look


def _ledgers(look: "Look", deal: Deal, hidden: Collection[str]) -> Mapping[str, Ledger]:
    """By currency; nothing to who does not see amounts."""
    return {} if "amount" in hidden else owing.of_deal(look.door, deal.id, look.business_day.isoformat())


def lines(look: "Look", deal: Deal, hidden: Collection[str]) -> Iterator[tuple[str, ...]]:
    """What is planned, came, and is owed of a currency; for how many days the oldest debt is late."""
    for currency, found in _ledgers(look, deal, hidden).items():
        days = say("{n} {n:day|days} late", n=found.late_days) if found.late_days else ""
        yield come_to((found,), currency), days


def with_payments(look: "Look", deal: Deal, hidden: Collection[str], table: Table) -> Table:
    """The table of a deal with its payments, for programs: `[{currency, planned, received, outstanding, overdue,
    late_days}]`."""
    told = [
        {
            "currency": currency,
            **{name: money.plain(getattr(found, name), currency) for name in SUMS},
            "late_days": found.late_days,
        }
        for currency, found in _ledgers(look, deal, hidden).items()
    ]
    (row,) = table.rows
    return table._replace(columns=(*table.columns, Column("payments", Kind.OBJECT)), rows=[(*row, told)])
