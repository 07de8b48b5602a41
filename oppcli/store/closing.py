"""Look-ups of deals by when they are closed: those that are to be put away, those of a month's forecast."""

from collections.abc import Collection, Sequence
from typing import Any

from oppcli.model.deals import CLOSED_KINDS, LIVE_KINDS, WON
from oppcli.model.records import COUNTED, LIVE
from oppcli.store.doors import ReadDoor, Row
from oppcli.store.patterns import literals, quoted

_DEALS = """
SELECT d.id, s.kind, d.category, s.category, d.amount, d.currency, coalesce(d.probability, s.probability),
d.expected_close, d.closed_at FROM deal d JOIN stage s ON s.id = d.stage_id
WHERE d.standing IN ({standing}) AND {whose} AND (
(s.kind IN ({kinds}) AND d.expected_close >= :first AND d.expected_close <= :last)
OR (s.kind = '{won}' AND d.closed_at >= :begins AND d.closed_at < :ends)) ORDER BY d.id
"""


def closed_before(door: ReadDoor, at: int, going_on: Sequence[str]) -> list[int]:
    """Ids of the closed deals in the lists that were closed before an instant, the longest closed first; without those
    in one of the stages from which a won deal goes on."""
    stays = f"AND s.name NOT IN ({literals(going_on)}) " if going_on else ""
    sql = (
        "SELECT d.id FROM deal d JOIN stage s ON s.id = d.stage_id "
        f"WHERE s.kind IN ({quoted(CLOSED_KINDS)}) AND d.standing = '{LIVE}' AND d.closed_at < :at "
        f"{stays}ORDER BY d.closed_at, d.id"
    )
    return door.column(sql, at=at)


def of_month(
    door: ReadDoor, first: str, last: str, begins: int, ends: int, owners: Collection[str] | None
) -> list[Row]:
    """(id, kind of the stage, own category, that of the stage, amount, currency, probability, expected close, closed)
    of each deal that is open and expected from one day to another, or was won between two instants; `owners`:
    whose, None of everybody's."""
    asked: dict[str, Any] = {"first": first, "last": last, "begins": begins, "ends": ends}
    whose = "1 = 1"
    if owners is not None:
        whose, asked["owners"] = door.any_of("d.owner", "owners", sorted(owners))
    return door.rows(_DEALS.format(standing=quoted(COUNTED), kinds=quoted(LIVE_KINDS), won=WON, whose=whose), **asked)
