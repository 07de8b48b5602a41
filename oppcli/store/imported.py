"""Up to which deal the imported ones were looked at for what is promised of them: a file brings many at once."""

from oppcli.model.requests import IMPORT
from oppcli.store.doors import ReadDoor, WriteDoor
from oppcli.store.queries import derived, newest_deal

SEEN = "imported_seen"
"""The number of that deal, beside the policy."""
FRESH = "SELECT id FROM deal WHERE id > :seen AND (channel = :channel OR id = (SELECT max(id) FROM deal)) ORDER BY id"


def begin(door: WriteDoor) -> None:
    """From here on they are looked at: those there are were brought before anything was promised."""
    if derived(door, SEEN) is None:
        seen(door, newest_deal(door))


def seen(door: WriteDoor, number: int) -> None:
    door.derive(SEEN, str(number))


def fresh(door: ReadDoor) -> list[int]:
    """Those that came since, and the newest deal of all where it came since."""
    mark = derived(door, SEEN)
    return [] if mark is None else door.column(FRESH, seen=int(mark), channel=IMPORT)
