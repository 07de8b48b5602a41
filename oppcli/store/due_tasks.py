"""Tasks that time has something to do to: found by an index that holds nothing else."""

from oppcli.model.follow import OPEN
from oppcli.model.records import LIVE, WITHDRAWN
from oppcli.store.doors import ReadDoor

_COUNTS = f"NOT EXISTS (SELECT 1 FROM deal d WHERE d.id = task.deal_id AND d.standing = '{WITHDRAWN}')"
"""Time does nothing to what is on a deal that was withdrawn, until that is restored."""
_NEW = f"standing = '{LIVE}' AND state = '{OPEN}' AND late_at IS NULL AND {_COUNTS}"
_ON = f"FROM task WHERE {_NEW} AND due_on IS NOT NULL AND due_on < :day"
_AT = f"FROM task WHERE {_NEW} AND due_at IS NOT NULL AND due_at < :now"
OVER = f"SELECT id {_ON} UNION ALL SELECT id {_AT} ORDER BY 1"
ANY = f"SELECT 1 WHERE EXISTS (SELECT 1 {_ON}) OR EXISTS (SELECT 1 {_AT})"
AWAKE = "SELECT id FROM task WHERE wake_at IS NOT NULL AND wake_at <= :now ORDER BY wake_at, id"


def any_over(door: ReadDoor, now: int, day: str) -> bool:
    """Whether `over` finds anything."""
    return door.one(ANY, now=now, day=day) is not None


def over(door: ReadDoor, now: int, day: str) -> list[int]:
    """The open tasks that were due before a day or an instant and are not marked as late."""
    return door.column(OVER, now=now, day=day)


def awake(door: ReadDoor, now: int) -> list[int]:
    """The late tasks for which something is to be done by now, what is longest due first."""
    return door.column(AWAKE, now=now)


_TODAY = f"""
SELECT id FROM task WHERE {_NEW} AND due_on = :day
UNION ALL SELECT id FROM task WHERE {_NEW} AND due_at >= :now AND due_at < :ends ORDER BY 1
"""


def on(door: ReadDoor, day: str, now: int, ends: int) -> list[int]:
    """The open tasks that are due on a day, or at an instant from now until it ends."""
    return door.column(_TODAY, day=day, now=now, ends=ends)
