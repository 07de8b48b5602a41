"""The approvals of a deal on its card: how each stands, at whom it is, until when, and how late that is."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from oppcli.cli.context import Context
from oppcli.model.deals import Deal
from oppcli.model.refs import ref
from oppcli.model.requests import OVERRIDE, RETURNED, Request
from oppcli.model.said import Word, listed, say
from oppcli.model.units import HOUR_MS
from oppcli.words.shown import show_instant

if TYPE_CHECKING:
    from oppcli.actions.act import Look


def lines(opp: Context, look: "Look", deal: Deal) -> Iterator[tuple[str, ...]]:
    for request in look.of_deal(Request, deal.id):
        told = (ref("request", request.id), request.named_type, _stood(look, deal, request))
        if request.live:
            yield (*told, *_waiting(opp, look, request, deal))
        else:
            at = request.invalidated_at or request.decided_at
            yield (*told, "" if at is None else show_instant(at, opp.tz, opp.now))


def _stood(look: "Look", deal: Deal, request: Request) -> str:
    """Its state, with how many of its conditions are open."""
    if not request.terms and not any(each.verdict == OVERRIDE for each in request.decisions):
        return Word("state", request.state)
    from oppcli.actions.requests.surroundings import around
    from oppcli.rules.approvals.situation import state_told

    return state_told(request, around(look, deal, requests=(request,)))


def _waiting(opp: Context, look: "Look", request: Request, deal: Deal) -> tuple[str, str, str]:
    """At whom it is, until when, how late that is."""
    from oppcli.rules.approvals.telling import seated

    if request.state == RETURNED:
        from oppcli.rules.rights import acting

        return say("waiting on {who}", who=listed(acting((request.submitted_by, deal.owner), look.people))), "", ""
    who = say("waiting on {who}", who=listed(seated(request)) or say("nobody"))
    steps = [step for step in request.open_steps if step.due_at is not None]
    if not steps:
        return who, "", ""
    step = min(steps, key=lambda step: step.due_at or 0)
    due, late = step.due_at or 0, ""
    if due < opp.now:
        from oppcli.rules import clock

        hours = clock.between(look.policy.hours(step.calendar), due, opp.now) / HOUR_MS
        late = say("{hours:,.1f} bh late", hours=hours)
    return who, say("due {due}", due=show_instant(due, opp.tz, opp.now)), late
