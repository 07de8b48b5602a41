"""Approvals that an admin gave past the people asked, as people are told them: `approved (override)`."""

from oppcli.model.requests import APPROVED, OVERRIDE, Request
from oppcli.model.said import Said, Word, say


def overridden(request: Request) -> bool:
    """Whether it is approved, past the people asked."""
    given = (each for each in request.decisions if each.verdict == OVERRIDE)
    return request.state == APPROVED and any(each.revision == request.revision for each in given)


def named_state(request: Request) -> str:
    """Its state as people are told it."""
    return overriding() if overridden(request) else Word("state", request.state)


def overriding() -> Said:
    """`approved (override)`."""
    return say("{state} (override)", state=Word("state", APPROVED))
