"""What the acting person sees: asked where a policy has a scope, and never else."""

from collections.abc import Iterator
from contextlib import contextmanager

from oppcli.actions import sights
from oppcli.actions.find import deactivated
from oppcli.cli.context import Context
from oppcli.errors import NotAllowed
from oppcli.model.sight import Sight
from oppcli.store.doors import ReadDoor

__all__ = ["deactivated", "read_all", "sight_of", "sight_of_known"]


def sight_of(opp: Context, door: ReadDoor) -> Sight | None:
    """What who asks sees. Refused for who is no user."""
    opp.sight = sights.sight_of(door, opp.actor, opp.now)
    return opp.sight


def sight_of_known(opp: Context, door: ReadDoor) -> Sight | None:
    """What who acts sees; nothing is said here of who is no user: the verb refuses them, or takes anybody."""
    try:
        return sight_of(opp, door)
    except NotAllowed:
        return None


@contextmanager
def read_all(opp: Context, what: str) -> Iterator[ReadDoor]:
    """A door on everything, as it is stored, for `what`. Refused under a scope for who does not see all."""
    with opp.read(whole=True) as door:
        sight = sight_of(opp, door) if door.scope is not None else None
        if sight is not None:
            sights.require_all(sight, what)
        yield door
