"""What a card says of a deal that nobody moves: that it rots, and that nothing is planned soon enough."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from oppcli.model.deals import Deal
from oppcli.model.said import Said, say

if TYPE_CHECKING:
    from oppcli.actions.act import Look
    from oppcli.store.doors import ReadDoor


def lying(look: "Look", door: "ReadDoor", deal: Deal) -> Iterator[Said]:
    """A line for each way in which it lies. Asked of a live deal."""
    from oppcli.reads.lying import NOSTEP, ROTTING, Lying, found
    from oppcli.reads.where import Where

    where, rules = Where(), Lying(look.policy, look.now)
    where.equals("d.id", deal.id)
    for idle in found(door, look.policy, where, look.now):
        signals, hours = list(rules.signals(idle)), rules.idle_hours(idle)
        if ROTTING in signals and hours is not None:
            yield say("rotting: nobody has had to do with it for {hours:,.1f} bh", hours=hours)
        elif ROTTING in signals:
            yield say("rotting: nobody knows since when")
        if NOSTEP in signals:
            yield say("no next step, or one too far off")
