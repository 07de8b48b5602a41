"""What a read is given besides its arguments: who asks, when, under which policy, and how to look further."""

from functools import partial
from typing import Any

from oppcli.cli.context import Context
from oppcli.reads.table import Frame
from oppcli.store.doors import ReadDoor


def framed(opp: Context, door: ReadDoor) -> Frame:
    """What the reads of this command may depend on besides their arguments."""
    return Frame(
        now=opp.now,
        tz=opp.tz,
        policy=lambda: opp.policy(door),
        actor=opp.actor,
        aside=opp.aside,
        asked=",".join(filter(None, map(opp.given.get, ("columns", "sort")))),
        newest=opp.newest,
        screen=opp.screen,
        hidden=door.hidden,
        former=partial(_former, opp),
        beside=partial(_beside, opp, door),
    )


def _former(opp: Context, name: str) -> str | None:
    from oppcli.cli.former_names import former

    return former(opp, name)


def _beside(opp: Context, door: ReadDoor, number: int, name: str) -> tuple[Any, Any]:
    from oppcli.cli.came import beside

    return beside(opp, door, number, name)
