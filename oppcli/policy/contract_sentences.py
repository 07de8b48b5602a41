"""The sentences of `[contract]`: what is approved before one is signed, and who answers which clause."""

from oppcli.model.approver import approver
from oppcli.model.contracting import Contracting
from oppcli.model.policy import ALWAYS
from oppcli.model.said import say
from oppcli.policy.contract_keys import CONTRACT
from oppcli.policy.sentences import Sentences


def contract(said: Sentences) -> tuple[str, ...]:
    """A sentence for each thing it says; none where the policy has no such table."""
    table: Contracting | None = said.policy.contract
    if table is None:
        return ()
    found = said.keys(CONTRACT, table)
    for clause in table.clauses:
        told = {"clause": clause.name, "who": said.people(map(approver, clause.who))}
        if clause.when == ALWAYS:
            found.append(say("{clause} is answered by {who}.", **told))
        else:
            found.append(say("{clause} is answered by {who}, when {when}.", **told, when=said.when(clause.when)))
    return tuple(found)
