"""Which approvals rest on which files: what was shown to those who decided last."""

from collections.abc import Collection

from oppcli.model.requests import APPROVED, FILE
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import parsed

_SHOWN = f"""
SELECT r.id, r.deal_id, v.snapshot FROM request r
JOIN revision v ON v.request_id = r.id AND v.number = r.revision
WHERE r.state = '{APPROVED}' AND
"""


def resting_on(door: ReadDoor, deals: Collection[int]) -> dict[tuple[int, str, str], tuple[int, ...]]:
    """(deal, kind, fingerprint) → numbers of the approved requests of these deals that showed such a file."""
    condition, bound = door.any_of("r.deal_id", "deals", sorted(deals))
    found: dict[tuple[int, str, str], tuple[int, ...]] = {}
    for number, deal, snapshot in door.rows(f"{_SHOWN} {condition} ORDER BY r.id", deals=bound):
        for fact, shown in parsed(snapshot).items():
            for digest in shown.split(",") if fact.startswith(FILE) and shown else ():
                key = (deal, fact.removeprefix(FILE), digest)
                found[key] = (*found.get(key, ()), number)
    return found
