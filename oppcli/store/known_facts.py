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
