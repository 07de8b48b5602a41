"""Views that go out at a time: which there are, and when each last went out."""

from oppcli.model.records import LIVE
from oppcli.store.doors import ReadDoor

MARK = "letter"
"""Of a view: its letters for an instant are written."""
_TIMED = f"""
SELECT v.id, v.created_at, max(f.at) FROM saved_view v
LEFT JOIN fired f ON f.noun = 'view' AND f.id = v.id AND f.mark = '{MARK}'
WHERE v.every IS NOT NULL AND v.standing = '{LIVE}' GROUP BY v.id, v.created_at ORDER BY v.id
"""


def timed(door: ReadDoor) -> dict[int, int]:
    """The instant up to which each of them has gone out: the last one, else when it was made."""
    return {number: made if at is None else max(at, made) for number, made, at in door.rows(_TIMED)}
