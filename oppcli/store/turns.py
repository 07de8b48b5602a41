"""What was computed for all deals or customers, on which day and up to which number, as it is kept."""

from oppcli.model.deals import LIVE_KINDS
from oppcli.store.doors import ReadDoor
from oppcli.store.patterns import quoted

MARK = "daily"
"""The noun under which turns are kept."""
_LIVE = f"""SELECT d.id FROM deal d JOIN stage s ON s.id = d.stage_id
WHERE d.standing = 'live' AND s.kind IN ({quoted(LIVE_KINDS)})"""
_EVERY = {
    "deal": _LIVE,
    "suggestion": _LIVE,
    "customer": "SELECT d.id FROM customer d WHERE d.standing = 'live'",
}


def is_done(door: ReadDoor, noun: str, day: str) -> bool:
    """Whether all were done on this day under the applied policy."""
    sql = f"""SELECT 1 FROM fired WHERE noun = '{MARK}' AND id = 0 AND mark = :noun
    AND cycle = :day || ' ' || (SELECT hash FROM policy ORDER BY number DESC LIMIT 1)"""
    return door.one(sql, noun=noun, day=day) is not None


def came_since(door: ReadDoor, noun: str) -> list[int]:
    """The numbers above the highest that was done."""
    above = f"SELECT coalesce(max(f.id), 0) FROM fired f WHERE f.noun = '{MARK}' AND f.mark = :noun"
    return [row[0] for row in door.rows(f"{_EVERY[noun]} AND d.id > ({above}) ORDER BY d.id", noun=noun)]


def every(door: ReadDoor, noun: str) -> list[int]:
    """The numbers of all that count."""
    return [row[0] for row in door.rows(f"{_EVERY[noun]} ORDER BY d.id")]
