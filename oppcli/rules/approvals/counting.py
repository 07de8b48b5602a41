"""Which decisions count, and what the votes of a step amount to."""

from oppcli.model.requests import (
    APPROVE,
    APPROVED,
    OPEN,
    REJECT,
    REJECTED,
    WITHDRAW,
    Decision,
    Request,
    Step,
)

VOTES = (APPROVE, REJECT)


def counts(request: Request, decision: Decision) -> bool:
    """A vote of the current revision that was not withdrawn, in a step that is not redone. Returns and overrides are
    recorded and never count."""
    if decision.revision != request.revision or decision.verdict not in VOTES:
        return False
    if (decision.revision, decision.step) in request.redone:
        return False
    return not any(later.verdict == WITHDRAW and later.refers_to == decision.number for later in request.decisions)


def superseded(request: Request, decision: Decision) -> bool:
    """A vote that a later revision put out of count."""
    return decision.verdict in VOTES and decision.revision < request.revision


def votes(request: Request, step: Step | None = None) -> tuple[Decision, ...]:
    """The counting votes of the current revision, or of one step of it."""
    return tuple(
        decision
        for decision in request.decisions
        if counts(request, decision) and (step is None or decision.step == step.position)
    )


def voters(request: Request, step: Step) -> tuple[str, ...]:
    """Who has a counting vote in the step: one human, one vote."""
    return tuple(vote.actor for vote in votes(request, step))


def approvals(step: Step) -> int:
    return sum(seat.state == APPROVED for seat in step.seats)


def outcome(step: Step) -> str | None:
    """What the seats amount to: approved, rejected, or None while it can still go either way.

    any: the first decision decides. all: one rejection ends it, every seat must approve. at_least n: a rejection by a
    veto or must seat ends it, and so does an n that can no longer be reached; it passes with n approvals and every
    must seat among them."""
    return _OUTCOMES[step.rule](step)


def _any(step: Step) -> str | None:
    return next((seat.state for seat in step.seats if seat.state in (APPROVED, REJECTED)), None)


def _all(step: Step) -> str | None:
    states = [seat.state for seat in step.seats]
    if REJECTED in states:
        return REJECTED
    return APPROVED if states and all(state == APPROVED for state in states) else None


def _at_least(step: Step) -> str | None:
    yes = approvals(step)
    possible = yes + sum(seat.state == OPEN for seat in step.seats)
    ended = any(seat.state == REJECTED and (seat.must or seat.veto) for seat in step.seats)
    if ended or possible < step.need:
        return REJECTED
    agreed = all(seat.state == APPROVED for seat in step.seats if seat.must)
    return APPROVED if yes >= step.need and agreed else None


_OUTCOMES = {"any": _any, "all": _all, "at_least": _at_least}
