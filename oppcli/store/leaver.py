"""What somebody who leaves has besides deals and seats: customers, tasks given to them by name."""

from oppcli.store.doors import ReadDoor
from oppcli.store.queries import COUNTS


def customers_of(door: ReadDoor, login: str) -> list[int]:
    """Ids of the customers they own."""
    rows = door.rows(f"SELECT id FROM customer WHERE owner = :login AND {COUNTS} ORDER BY id", login=login)
    return [row[0] for row in rows]


def tasks_of(door: ReadDoor, login: str) -> list[int]:
    """Ids of the open tasks that are theirs by name."""
    sql = f"SELECT id FROM task WHERE assignee = :login AND state = 'open' AND {COUNTS} ORDER BY id"
    return [row[0] for row in door.rows(sql, login=login)]
