"""What is promised of deals that a file brought: seen by the next tick, for a file has no verb for each of them."""

from collections.abc import Iterator, Sequence

from oppcli.actions.act import CAPTURED, Act, Cause
from oppcli.actions.deadlines import followed
from oppcli.actions.waking import Kind
from oppcli.model.deals import Deal
from oppcli.model.refs import ref
from oppcli.model.requests import IMPORT
from oppcli.model.said import listed, say
from oppcli.store import imported


def kind() -> Kind:
    """Deadlines begin for imported deals, as they do for those that somebody enters."""
    return Kind("deal", lambda look: imported.fresh(look.door), _wake, table="follow")


def _wake(act: Act, numbers: Sequence[int]) -> Iterator[str]:
    if act.policy.follow is not None and act.policy.follow.deadlines:
        for deal in act.door.find(Deal, id=list(numbers), channel=IMPORT):
            if lines := followed(act, Cause(CAPTURED, deal)):
                yield say("{deal}: {lines}", deal=ref("deal", deal.id), lines=listed(lines, "; "))
    imported.seen(act.door, max(numbers))
