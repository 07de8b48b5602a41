"""The terms of a yes as other rules ask of them: which still keep the deal from moving, and which lapse."""

from oppcli.model.journal import SYSTEM
from oppcli.model.noun import replace
from oppcli.model.requests import (
    APPROVED,
    CANCELLED,
    INVALIDATED,
    LAPSED,
    OPEN,
    PENDING,
    RECALLED,
    REJECTED,
    WAIVED,
    Request,
    Term,
)
from oppcli.rules import conditions
from oppcli.rules.approvals.counting import counts
from oppcli.rules.approvals.world import World

UNAPPROVED = (REJECTED, RECALLED, CANCELLED, INVALIDATED)
"""Ends in which nothing that was asked for is waited for any more."""


def holds(term: Term, request: Request, world: World) -> bool:
    """Whether the condition of a term that is checked holds now. A missing fact never means that it does."""
    facts = world.facts(world.rules(request))
    return conditions.decided(conditions.unchecked(term.test or ""), facts) is True


def blocking(term: Term, request: Request, world: World) -> bool:
    """Whether it keeps the deal out of its stage: open, or, of one that is checked, not true now."""
    if term.state in (WAIVED, LAPSED):
        return False
    return not holds(term, request, world) if term.test is not None else term.state == OPEN


def blocked_by(request: Request, world: World) -> tuple[Term, ...]:
    """The terms of a request that is pending or approved that still keep its deal from moving on."""
    if request.state not in (PENDING, APPROVED) or request.history:
        return ()
    return tuple(term for term in request.terms if blocking(term, request, world))


def lapsed(request: Request, now: int) -> Request:
    """With the open terms lapsed whose decision stopped counting, or all where it ended unapproved (transition 39)."""
    if not any(term.waits for term in request.terms):
        return request
    kept = {decision.number for decision in request.decisions if counts(request, decision)}
    over = request.state in UNAPPROVED
    terms = tuple(
        replace(term, state=LAPSED, closed_by=SYSTEM, closed_at=now)
        if term.waits and (over or term.decision not in kept)
        else term
        for term in request.terms
    )
    return replace(request, terms=terms)
