"""Who is shown a contract may rely on it: the version that a request names is frozen, in the same transaction."""

from oppcli.model.contracts import Contract
from oppcli.model.records import LIVE
from oppcli.model.requests import Request
from oppcli.rules.contracts import frozen
from oppcli.store.doors import WriteDoor


def freeze(door: WriteDoor, request: Request) -> None:
    """Freeze the version in effect of the deal; nothing where it was before, or there is none."""
    for contract in door.find(Contract, id=request.deal_id, standing=LIVE):
        door.save(contract, frozen(contract, door.at), action="freeze")
