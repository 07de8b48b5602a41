"""What hangs into the loop of what is due (`oppcli.actions.due`): a watch; and what all that is computed daily shares.

The day is that of UTC, known without the policy; another policy is another turn. In between, what came since is done.
"""

from collections.abc import Callable, Iterable, Sequence

from oppcli.actions.act import Act, Look
from oppcli.store import fired
from oppcli.tuples import NamedTuple
from oppcli.words import zones

DEALS, CUSTOMERS, SUGGESTIONS = "deal", "customer", "suggestion"
ALL = 0
"""Among the numbers of things: what stands for all of them, behind the last."""


class Kind(NamedTuple):
    """One watch: something that time does to things of one noun."""

    noun: str
    due: Callable[[Look], Sequence[int]]
    """What is due: the ids of those whose time has come by now, what is longest due first. One statement, by an index,
    where nothing is due."""
    wake: Callable[[Act, Sequence[int]], Iterable[str]]
    """What then: does all that is due for them, also what earlier runs missed, and moves their time on; a line for each
    that changed. Each is read anew: what another run did in the meantime is not done twice."""
    table: str = ""
    """The table of the policy that asks for it; without that nothing is asked."""


def due_daily(look: Look, noun: str) -> Sequence[int]:
    """The numbers of those whose turn it is: all, and `ALL`, or those that came since."""
    day = zones.today(look.now, "UTC").isoformat()
    if fired.is_done(look.door, noun, day):
        return fired.came_since(look.door, noun)
    return [*fired.every(look.door, noun), ALL]


def done_daily(act: Act, noun: str, numbers: Sequence[int]) -> None:
    """Keep that it was done for these."""
    if highest := max(numbers):
        fired.fire(act.door, fired.DAILY, highest, noun, at=act.now)
    if ALL in numbers:
        day = zones.today(act.now, "UTC").isoformat()
        fired.fire(act.door, fired.DAILY, 0, noun, cycle=f"{day} {act.policy.hash}", at=act.now)
