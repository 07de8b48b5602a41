"""What takes who sees everything: asked where a policy has a scope, and never else."""

from collections.abc import Iterator
from contextlib import contextmanager

from oppcli.cli.context import Context
from oppcli.store.doors import ReadDoor


@contextmanager
def read_all(opp: Context, what: str) -> Iterator[ReadDoor]:
    """A door on everything, as it is stored, for `what`. Refused under a scope for who does not see all."""
    with opp.read(whole=True) as door:
        if door.scope is not None and (sight := opp.see(door)) is not None:
            from oppcli.actions.sights import require_all

            require_all(sight, what)
        yield door
