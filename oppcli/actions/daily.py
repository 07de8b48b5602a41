"""What is computed for all once a day, for what it reads changes with time: whose turn it is, and that it was done.

The day is that of UTC, known without the policy; another policy is another turn. In between, what came since is done.
"""

from collections.abc import Sequence

from oppcli.actions.act import Act, Look
from oppcli.store import fired
from oppcli.store.fired import fire
from oppcli.words import zones

DEALS, CUSTOMERS, SUGGESTIONS = "deal", "customer", "suggestion"
ALL = 0
"""Among the numbers of things: what stands for all of them, behind the last."""


def due(look: Look, noun: str) -> Sequence[int]:
    """The numbers of those whose turn it is: all, and `ALL`, or those that came since."""
    day = zones.today(look.now, "UTC").isoformat()
    if fired.is_done(look.door, noun, day):
        return fired.came_since(look.door, noun)
    return [*fired.every(look.door, noun), ALL]


def done(act: Act, noun: str, numbers: Sequence[int]) -> None:
    """Keep that it was done for these."""
    if highest := max(numbers):
        fire(act.door, fired.DAILY, highest, noun, at=act.now)
    if ALL in numbers:
        day = zones.today(act.now, "UTC").isoformat()
        fire(act.door, fired.DAILY, 0, noun, cycle=f"{day} {act.policy.hash}", at=act.now)
