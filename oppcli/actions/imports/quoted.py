"""Rows of deals that have a quote: what comes from that is not imported beside it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from oppcli.files.tally import Draft
from oppcli.model.deals import Deal
from oppcli.model.quotes import Quote
from oppcli.model.records import LIVE
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.model.spaces import FROM_QUOTE
from oppcli.store.doors import ReadDoor


def without_typed_figures(
    door: ReadDoor, drafts: Iterable[Draft], known: Mapping[str, Deal], identity: Callable[[Draft], Any]
) -> list[Draft]:
    """The drafts without those that say another amount, discount, margin or currency than their deal's quote; they are
    told so."""
    drafts = list(drafts)
    numbers = [known[name].id for draft in drafts if (name := identity(draft)) in known]
    quoted = {each.id for each in door.find(Quote, id=numbers, standing=LIVE)} if numbers else set()
    for draft in drafts:
        deal = known.get(identity(draft))
        if deal is None or deal.id not in quoted:
            continue
        for name in sorted(FROM_QUOTE & draft.values.keys()):
            if draft.values[name] not in (None, getattr(deal, name)):
                draft.wrong(name, say("comes from the quote {quote}", quote=ref("quote", deal.id)))
    return [draft for draft in drafts if not draft.problems]
