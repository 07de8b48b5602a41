"""Whether contracts are what they say: every version has the hash of what stands in it."""

from collections.abc import Iterator

from oppcli.model.contracts import Contract
from oppcli.model.policy import Policy
from oppcli.model.said import say
from oppcli.rules import contracts, papers
from oppcli.store.checked import Result
from oppcli.store.doors import ReadDoor

MOST = 20
"""Faults that are listed."""


def result(door: ReadDoor, policy: Policy) -> Result | None:
    """What is wrong with the contracts there are; None where the policy knows none."""
    if policy.contract is None:
        return None
    found = door.find(Contract)
    faults = [fault for contract in found for fault in _faults(contract)]
    return Result("contracts", len(found), tuple(faults[:MOST]))


def _faults(contract: Contract) -> Iterator[str]:
    for version in contract.versions:
        if version.hash != contracts.content(version):
            yield say("{version} does not say what its hash tells", version=papers.called(contract, version))
