"""What a deal needs to enter a stage, as who asks may be told: for the gate and for its card."""

from typing import TYPE_CHECKING

from oppcli.actions import lacking
from oppcli.errors import Reason
from oppcli.model.deals import Deal
from oppcli.model.said import say
from oppcli.rules import pipeline
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from oppcli.actions.act import Look
    from oppcli.store.doors import ReadDoor


class Needs(NamedTuple):
    """What a deal needs to enter a stage, as who asks may be told."""

    stage: str
    reasons: tuple[Reason, ...]
    unread: tuple[str, ...]
    """What is to be said of files that cannot be read here."""
    guide: str | None = None
    """What the policy says of the stage that the deal is in."""


def needs(look: "Look", door: "ReadDoor", deal: Deal, to: str | None = None) -> Needs:
    """What is missing to enter the next stage or `to`. `look` has a door on the fields that who asks does not have.
    Refused for a deal that is closed or withdrawn."""
    policy = look.policy
    if door.hidden:
        deal = look.door.get(Deal, deal.id)
    look.require_kept(deal)
    target = pipeline.stage_named(to, policy) if to else pipeline.ahead(deal, policy)
    reasons = lacking.missing(look, deal, pipeline.route(deal, target, policy))
    if policy.spaced and not door.hidden:
        from oppcli.cli.quote_card import with_values

        reasons = with_values(look, deal, reasons)
    if door.sight is not None and door.hidden:
        from oppcli.cli.seeing import veiled

        reasons = veiled(reasons, door.sight)
    here = policy.stage(deal.stage)
    guide = say("{name}: {guide}", name=here.name, guide=here.guide) if here and here.guide else None
    return Needs(target.name, reasons, tuple(look.warnings), guide)
