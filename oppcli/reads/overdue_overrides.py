"""What admins approved past the people asked, beside the approvals that are late."""

from collections.abc import Iterable, Mapping
from typing import Any

from oppcli.model.nouns import PREFIXES
from oppcli.model.requests import OVERRIDE
from oppcli.model.said import Word, say
from oppcli.model.units import DAY_MS
from oppcli.reads import population
from oppcli.reads.table import Column, Kind, Row
from oppcli.store.doors import ReadDoor

SECTION = (Column("section", rank=1),)
WHY = (
    Column("by", Kind.REF, title=say("OVERRIDDEN BY"), place=10, rank=3),
    Column("reason", place=10, rank=3, cut=True, named=True),
)
OVERRIDE_DAYS = 30
"""How long an override is listed."""
_REQUEST, _DEAL = PREFIXES["request"], PREFIXES["deal"]
_OVERRIDES = f"""
SELECT '{_REQUEST}' || r.id, '{_DEAL}' || r.deal_id, d.title, c.name, r.type, r.amount, r.currency, o.actor, o.reason,
       r.title
FROM decision o
JOIN request r ON r.id = o.request_id
JOIN deal d ON d.id = r.deal_id
LEFT JOIN customer c ON c.id = d.customer_id
"""


def beside(
    columns: tuple[Column, ...], late: Iterable[Row], door: ReadDoor, args: Mapping[str, Any], now: int
) -> tuple[tuple[Column, ...], list[Row]]:
    """The columns and rows of late approvals, and those of a second section behind them."""
    first = [("overdue", *row, None, None) for row in late]
    return SECTION + columns + WHY, first + _overridden(door, args, now)


def _overridden(door: ReadDoor, args: Mapping[str, Any], now: int) -> list[Row]:
    """Approvals that an admin gave past the people asked in the last 30 days, as rows of the second section."""
    where = population.of_approvals(door, args)
    where.equals("o.verdict", OVERRIDE)
    where.within("o.at", now - OVERRIDE_DAYS * DAY_MS)
    found = door.rows(f"{_OVERRIDES} {where.sql} ORDER BY o.at, o.request_id, o.number", **where.params)
    no_step, not_late, no_level = (None, ()), (None,) * 3, (None,) * 3
    return [
        ("override", *about, Word("type", code, title), *no_step, *not_late, amount, currency, *no_level, by, reason)
        for *about, code, amount, currency, by, reason, title in found
    ]
