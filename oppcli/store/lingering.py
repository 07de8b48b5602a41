"""Look-ups of deals that nobody moves and that may go back to the pool; of customers whose protection is over."""

from collections.abc import Collection

from oppcli.model.deals import WON
from oppcli.model.requests import LIVE_STATES
from oppcli.store.doors import ReadDoor
from oppcli.store.idling import ENTERED_BY_HAND, PERSON, last_touch
from oppcli.store.patterns import literals
from oppcli.store.queries import COUNTS, LIVE_DEAL

WARNED = "return warned"
"""The mark of who was warned that a deal goes back."""
RETURNS = "returns"
"""Beside it, for the same turn: the mark of the day that they were told, by the midnight with which it begins."""


def lingering(door: ReadDoor, kinds: Collection[str], until: int, now: int) -> dict[int, int]:
    """Deal → since when it is idle, of the live ones with an owner where that is before `until`: those alone that have
    no live request, and whose customer was never won and is not protected."""
    touched = last_touch(kinds, f"t.deal_id = d.id AND t.{COUNTS}")
    sql = f"""
    SELECT d.id, d.created_at, {ENTERED_BY_HAND}, {touched} FROM deal d JOIN stage s ON s.id = d.stage_id
    WHERE d.owner IS NOT NULL AND {LIVE_DEAL} AND d.created_at < :until
    AND NOT EXISTS (SELECT 1 FROM visit v WHERE v.deal_id = d.id AND v.left_at IS NULL AND v.system IS NULL
      AND v.entered_at >= :until)
    AND NOT EXISTS (SELECT 1 FROM activity t WHERE t.deal_id = d.id AND t.kind IN ({literals(kinds)}) AND t.at >= :until
      AND t.{COUNTS} AND t.{PERSON})
    AND NOT EXISTS (SELECT 1 FROM request r WHERE r.deal_id = d.id AND r.state IN {LIVE_STATES})
    AND NOT EXISTS (SELECT 1 FROM deal o JOIN stage w ON w.id = o.stage_id WHERE o.customer_id = d.customer_id
      AND w.kind = '{WON}' AND o.{COUNTS})
    AND NOT EXISTS (SELECT 1 FROM customer c WHERE c.id = d.customer_id AND c.protected_until > :now
      AND c.owner IS NOT NULL)
    ORDER BY d.id
    """
    rows = door.rows(sql, until=until, now=now)
    return {number: max(at for at in instants if at is not None) for number, *instants in rows}


def protected(door: ReadDoor, login: str, now: int) -> list[tuple[int, int]]:
    """(Until when, number) of the customers that somebody protects, the first to end first."""
    sql = (
        "SELECT protected_until, id FROM customer WHERE owner = :login AND protected_until > :now "
        f"AND {COUNTS} ORDER BY protected_until, id"
    )
    return [(until, number) for until, number in door.rows(sql, login=login, now=now)]


def unprotected(door: ReadDoor, now: int) -> list[int]:
    """Ids of the customers whose protection is over and that still say so."""
    sql = "SELECT id FROM customer WHERE owner IS NOT NULL AND protected_until <= :now ORDER BY protected_until, id"
    return door.column(sql, now=now)
