"""A proposal made: what somebody has to accept before it is a record."""

from collections.abc import Collection

from oppcli.actions.act import Act
from oppcli.model.follow import Proposal
from oppcli.model.noun import replace


def propose(act: Act, made: Proposal, known: Collection[str] = ()) -> Proposal | None:
    """The new proposal; None where there was one for this cause already, whatever became of it."""
    if made.cause is not None and (made.cause in known or act.door.find(Proposal, cause=made.cause)):
        return None
    return act.door.add(replace(made, created_at=act.now, created_by=act.by))
