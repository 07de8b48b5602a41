"""Who is shown a quote may rely on it: the version that a request names is frozen, in the same transaction."""

from oppcli.model.quotes import Quote
from oppcli.model.records import LIVE
from oppcli.model.requests import Request
from oppcli.rules.quotes.versions import frozen
from oppcli.store.doors import WriteDoor


def freeze(door: WriteDoor, request: Request) -> None:
    """Freeze the version in effect of the deal; nothing where it was before, or there is none."""
    for quote in door.find(Quote, id=request.deal_id, standing=LIVE):
        door.save(quote, frozen(quote, door.at), action="freeze")
