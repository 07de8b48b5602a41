"""Promises that end with their deal: its next step, its deadlines, what its stages asked for."""

from collections.abc import Sequence

from oppcli.actions.act import Act, Cause
from oppcli.model.deals import Deal
from oppcli.model.follow import CANCELLED, DEADLINE, FOLLOW, OPEN, STAGE, Task
from oppcli.model.records import KEPT
from oppcli.model.said import listed, say
from oppcli.rules.promising import ended, named

ENDED = (FOLLOW, DEADLINE, STAGE)
"""Tasks that end with their deal; reopening it revives none."""


def called_off(act: Act, cause: Cause) -> tuple[str, ...]:
    """Cancel what was promised on a deal that is closed, taken back or part of another now; one line for all."""
    if cause.deal is None:
        return ()
    return cancelled(act, cause.deal, ENDED)


def cancelled(act: Act, deal: Deal, kinds: Sequence[str], why: str | None = None) -> tuple[str, ...]:
    """Cancel the open tasks of these kinds; one line for all of them."""
    found = act.door.find(Task, deal_id=deal.id, kind=list(kinds), state=OPEN, standing=KEPT)
    for task in found:
        act.door.save(task, ended(task, CANCELLED, act.now, act.by, why=why), action="cancel")
    if not found:
        return ()
    tasks = listed(map(named, found))
    return (say("cancelled with it: {tasks}", tasks=tasks),)
