"""What a file may touch under a scope: what who imports sees, and what they imported themselves."""

from collections.abc import Iterable

from oppcli.model.deals import Deal
from oppcli.model.said import Said, say
from oppcli.store import queries
from oppcli.store.doors import ReadDoor


def require_fields(door: ReadDoor, names: Iterable[str]) -> None:
    """Refuse (4) a mapping of fields that who imports does not have."""
    if door.sight is not None:
        from oppcli.rules import scopes

        scopes.require_fields(door.sight, names)


def not_theirs(door: ReadDoor, by: str, deal: Deal) -> Said | None:
    """Why a row may not touch a deal that is here: whose it is, where it is not theirs to see. None where it may. What
    they imported themselves goes on to follow its file, whoever owns it."""
    if deal.created_by == by or queries.visible(door, "deal", deal.id):
        return None
    return say("it is a deal of {owner} already, and not yours to see", owner=deal.owner)
