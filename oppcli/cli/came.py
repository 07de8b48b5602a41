"""What a policy names of a deal besides its fields, looked up for a read that shows it."""

from typing import Any

from oppcli.actions.came_from import parts, values
from oppcli.cli.context import Context
from oppcli.store.doors import ReadDoor


def beside(opp: Context, door: ReadDoor, number: int, name: str) -> tuple[Any, Any]:
    """Name → value now; and of one of them what it is made of."""
    with opp.truth(door) as true:
        look = opp.look(true)
        return values(look, number), parts(look, number, name) if name else ()
