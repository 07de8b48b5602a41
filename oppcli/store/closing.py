"""Look-ups of closed deals that are to be put away."""

from collections.abc import Sequence

from oppcli.model.deals import CLOSED_KINDS
from oppcli.model.records import LIVE
from oppcli.store.doors import ReadDoor
from oppcli.store.patterns import literals, quoted


def closed_before(door: ReadDoor, at: int, going_on: Sequence[str] = ()) -> list[int]:
    """Ids of the closed deals in the lists that were closed before an instant, the longest closed first; without those
    in one of the stages from which a won deal goes on."""
    sql = (
        "SELECT d.id FROM deal d JOIN stage s ON s.id = d.stage_id "
        f"WHERE s.kind IN ({quoted(CLOSED_KINDS)}) AND d.standing = '{LIVE}' AND d.closed_at < :at "
        f"AND s.name NOT IN ({literals(going_on)}) "
        "ORDER BY d.closed_at, d.id"
    )
    return [row[0] for row in door.rows(sql, at=at)]


def told(door: ReadDoor, mark: str) -> set[tuple[int, str]]:
    """(Deal, when it was closed) of those of which somebody was told."""
    rows = door.rows("SELECT id, cycle FROM fired WHERE noun = 'deal' AND mark = :mark", mark=mark)
    return {(number, cycle) for number, cycle in rows}
