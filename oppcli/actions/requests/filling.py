"""What whoever decides may fill in, without a right to change the deal (a step's `fills`)."""

from collections.abc import Collection

from oppcli.actions.act import Act
from oppcli.actions.requests.surroundings import around
from oppcli.model.deals import Deal
from oppcli.model.requests import PENDING, Request
from oppcli.rules import fields
from oppcli.rules.approvals import foreseeing
from oppcli.rules.approvals.seating import settle
from oppcli.rules.rights import may_do


def fillable(act: Act, deal: Deal) -> frozenset[str]:
    """The fields that who acts, and may not change the deal, may fill in now in any request of it."""
    if may_do("deal edit", deal, act.me, act.people):
        return frozenset()
    found = act.door.find(Request, deal_id=deal.id, state=PENDING)
    if not found:
        return frozenset()
    world = around(act, deal, requests=found)
    live = (settle(request, world).request for request in found)
    return frozenset().union(*(foreseeing.fillable(request, world, act.by) for request in live))


def require_only(act: Act, before: Deal, after: Deal, names: Collection[str]) -> None:
    """Refuse (4) a change of anything else."""
    known = fields.fields(act.policy)
    changed = {name for name, field in known.items() if fields.stored(before, field) != fields.stored(after, field)}
    if not changed <= set(names) or before.tags != after.tags or before.owner != after.owner:
        act.require_deal("deal edit", before)
