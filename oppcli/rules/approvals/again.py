"""The next request at once, where the owner's change ended an approval and its type says `again` (transition 41)."""

from oppcli.errors import OppError
from oppcli.model.requests import APPROVED, INVALIDATED, Request
from oppcli.rules.approvals import submitting
from oppcli.rules.approvals.transition import Transition
from oppcli.rules.approvals.world import World


def wanted(before: Request, after: Request, world: World, actor: str) -> bool:
    """Whether the next request follows: an approval just fell by what the owner changed."""
    fell = before.state == APPROVED and after.state == INVALIDATED
    rule = world.policy.types.get(before.type)
    return fell and rule is not None and rule.again and actor == world.deal.owner


def next_request(world: World, actor: str, name: str, *, number: int) -> Transition | OppError | None:
    """It, submitted by the owner; None where approval is not required any more, and what a submit would have been
    refused with where it cannot be."""
    try:
        return submitting.submit(world, actor, name, number=number)
    except OppError as refused:
        return refused
