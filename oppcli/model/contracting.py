"""What a policy says of contracts."""

from oppcli.model.contracts import FILED
from oppcli.model.policy import ALWAYS, Condition
from oppcli.tuples import NamedTuple


class ClauseRule(NamedTuple):
    """A clause that every contract is looked at for."""

    name: str
    who: tuple[str, ...]
    """Who answers it: approvers."""
    when: Condition = ALWAYS
    """The deals whose contracts it is in."""


class Contracting(NamedTuple):
    """`[contract]` of the policy."""

    approval: str | None = None
    """The type of request that has to pass before a contract is signed."""
    file: str = FILED
    """What its file is as evidence: `file:合同` in needs, material and gates."""
    clauses: tuple[ClauseRule, ...] = ()


ORDINARY = Contracting()
"""For a policy that says nothing of contracts."""
