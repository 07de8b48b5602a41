"""What is known of a customer: the other deals that were won or lost, and the facts that count."""

from oppcli.model.deals import LOST, WON
from oppcli.store.doors import ReadDoor, Row
from oppcli.store.queries import COUNTS

_OTHERS = f"""
SELECT s.kind, d.currency, d.amount, d.closed_at FROM deal d JOIN stage s ON s.id = d.stage_id
WHERE d.customer_id = :customer AND d.id <> :deal AND s.kind IN ('{WON}', '{LOST}') AND d.{COUNTS}
"""


def others(door: ReadDoor, customer: int, deal: int) -> list[Row]:
    """(kind, currency, amount, when it was closed) of a customer's deals that are won or lost, but of this one."""
    return door.rows(_OTHERS, customer=customer, deal=deal)


_CLOSED = f"""
SELECT d.id, d.currency, d.amount FROM deal d JOIN stage s ON s.id = d.stage_id
WHERE d.customer_id = :customer AND d.id <> :deal AND s.kind = :kind AND d.{COUNTS} ORDER BY d.id
"""
_OWING = f"""
SELECT d.id, p.currency, p.id, p.kind, p."on", p.amount FROM deal d JOIN payment p ON p.deal_id = d.id
WHERE d.customer_id = :customer AND d.{COUNTS} AND p.voided_at IS NULL ORDER BY d.id, p.currency, p.id
"""


def closed(door: ReadDoor, customer: int, deal: int, kind: str) -> list[Row]:
    """(id, currency, amount) of its deals but this one that are of a kind."""
    return door.rows(_CLOSED, customer=customer, deal=deal, kind=kind)


def owing(door: ReadDoor, customer: int) -> list[tuple[int, str, list[Row]]]:
    """(deal, currency, rows of its ledger) of each deal that has payments."""
    found: dict[tuple[int, str], list[Row]] = {}
    for deal, currency, *row in door.rows(_OWING, customer=customer):
        found.setdefault((deal, currency), []).append(tuple(row))
    return [(*bucket, rows) for bucket, rows in found.items()]
