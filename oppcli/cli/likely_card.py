"""What a card tells with `-v` of an open deal: how likely it is by what closed deals say."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from oppcli.model.deals import LIVE_KINDS, Deal
from oppcli.model.said import say
from oppcli.reads.cards import Block
from oppcli.reads.chances import chance
from oppcli.reads.probability import lacking
from oppcli.rules.chances import Lacking

if TYPE_CHECKING:
    from oppcli.actions.act import Look
    from oppcli.store.doors import ReadDoor


def blocks(look: "Look", door: "ReadDoor", deal: Deal) -> Iterator[Block]:
    """What people read; nothing of a closed deal, and for who sees none of the fields that it is learnt from."""
    stage = look.policy.stage(deal.stage)
    found = chance(door, look.policy, deal, look.now) if stage is not None and stage.kind in LIVE_KINDS else None
    if isinstance(found, Lacking):
        yield Block(say("By closed deals:"), ((lacking(found).text,),))
    elif found is not None:
        p, low, high = (round(100 * each) for each in found[:3])
        of = say("{n:,} {n:deal|deals} as likely", n=found.of)
        yield Block(say("By closed deals:"), ((f"{p} %", f"{low}–{high} %", of),))
