"""Tasks that time has something to do to: found by an index that holds nothing else."""

from oppcli.model.follow import OPEN
from oppcli.model.records import LIVE
from oppcli.store.doors import ReadDoor

_NEW = f"standing = '{LIVE}' AND state = '{OPEN}' AND late_at IS NULL"
_OVER = (
    f"SELECT id, due_on FROM task WHERE {_NEW} AND due_on IS NOT NULL AND due_on < :day "
    f"UNION ALL SELECT id, due_on FROM task WHERE {_NEW} AND due_at IS NOT NULL AND due_at < :now ORDER BY 1"
)


def over(door: ReadDoor, now: int, day: str) -> list[tuple[int, str | None]]:
    """(number, date) of the open tasks that were due before a day or an instant and are not marked as late; None for
    those that are due at an instant."""
    return [(number, on) for number, on in door.rows(_OVER, now=now, day=day)]


def awake(door: ReadDoor, now: int) -> list[int]:
    """The late tasks for which something is to be done by now, what is longest due first."""
    sql = "SELECT id FROM task WHERE wake_at IS NOT NULL AND wake_at <= :now ORDER BY wake_at, id"
    return [number for (number,) in door.rows(sql, now=now)]
