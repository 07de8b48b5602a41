"""Look-ups of codes from away that were no good."""

from oppcli.store.doors import ReadDoor

BAD = "code refused"
"""The action of the entry of a bad code in somebody's name."""


def bad_since(door: ReadDoor, login: str, since: int) -> int:
    """How many were given in the name of a person since then."""
    row = door.one(
        "SELECT count(*) FROM journal WHERE noun = 'user' AND noun_id = :login AND action = :bad AND at > :since",
        login=login,
        bad=BAD,
        since=since,
    )
    return int(row[0]) if row else 0
