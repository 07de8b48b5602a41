"""What a read is given besides its arguments: who asks, when, under which policy, and how to look further."""

from functools import partial
from typing import TYPE_CHECKING, Any

from oppcli.cli.context import Context
from oppcli.reads.table import Frame
from oppcli.store.doors import ReadDoor

if TYPE_CHECKING:
    from oppcli.actions.came_from import Part


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
        first=opp.first,
        after=opp.after,
        screen=opp.screen,
        hidden=door.hidden,
        former=partial(_former, opp),
        beside=partial(_beside, opp, door),
    )


def _former(opp: Context, name: str) -> str | None:
    """What the customer is called that stands for a merged one of this name, which no list shows; None where none does,
    or who asks does not see it."""
    from oppcli.actions import find
    from oppcli.errors import Ambiguous
    from oppcli.store.queries import visible

    with opp.read() as every:
        try:
            other = find.customer(every, name)
        except Ambiguous:
            return None
        return other.name if other is not None and visible(every, "customer", other.id) else None


def _beside(opp: Context, door: ReadDoor, number: int, name: str) -> tuple[Any, Any]:
    """What a policy names of a deal besides its fields: name → value now; and of one of them what it is made of."""
    from oppcli.actions.came_from import parts, values

    with opp.truth(door) as true:
        look = opp.look(true)
        now, made_of = values(look, number), parts(look, number, name) if name else []
    return now, [_seen(door, each) for each in made_of]


def _seen(door: ReadDoor, part: "Part") -> "Part":
    """A part of a sum, without the deal that who asks does not see."""
    from oppcli.model.deals import Deal
    from oppcli.model.refs import meant
    from oppcli.model.said import say

    what, told, more = part
    word, key = meant(what) or ("", "")
    seen = word != "deal" or bool(door.find(Deal, id=int(key)))
    return (what if seen else say("another deal"), told, more)
