"""Approve, reject, return for information, withdraw one's approval (transitions 3, 4, 5 and 21)."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from oppcli.errors import Ambiguous, Conflict, OppError, Reason, Refused
from oppcli.model.approver import CHOSEN
from oppcli.model.command import command
from oppcli.model.noun import NOTHING
from oppcli.model.refs import ref
from oppcli.model.requests import (
    APPROVE,
    APPROVED,
    PENDING,
    QUOTE,
    REJECT,
    REJECTED,
    RETURN,
    RETURNED,
    Decision,
    Request,
    Step,
)
from oppcli.model.said import say
from oppcli.rules.approvals import telling
from oppcli.rules.approvals.authority import Chance, barred, chances, objections, refuse
from oppcli.rules.approvals.counting import counts, votes
from oppcli.rules.approvals.eligible import brings, called
from oppcli.rules.approvals.opening import proceed
from oppcli.rules.approvals.permitted import require_code, require_reason
from oppcli.rules.approvals.recording import record, taken_back
from oppcli.rules.approvals.seating import settle
from oppcli.rules.approvals.situation import standing
from oppcli.rules.approvals.transition import Transition, step_at
from oppcli.rules.approvals.world import World

if TYPE_CHECKING:
    from oppcli.rules.approvals.terms import Asked

LASTS_IN = {APPROVE: (PENDING, APPROVED), REJECT: (PENDING, REJECTED, RETURNED), RETURN: (RETURNED,)}
"""States in which saying the same again is harmless."""


def decide(
    request: Request,
    world: World,
    actor: str,
    verdict: str,
    *,
    reason: str | None = None,
    code: str | None = None,
    terms: "Asked | None" = None,
    to: str | None = None,
    choice: Mapping[str, Sequence[str]] = NOTHING,
    files: Mapping[str, str] = NOTHING,
    revision: int | None = None,
    step: str | None = None,
) -> Transition:
    """`actor` approves, rejects or returns the request at the step where they hold a seat.

    Saying again what one said already changes nothing, unless somebody for whom one stands in has still a seat there.
    Refused with every objection; of two who decide at once the second is told who was first and when. `step` is needed
    only by somebody with seats in several open steps, `code` for a no or a return where the type lists reasons, `to`
    the step that a return goes to instead of the submitter; with a yes come `terms`, a `choice` of who decides next,
    `files` by their kinds."""
    live = settle(request, world)
    found = objections(live.request, world, actor, step=step, revision=revision)
    if found:
        other = any(each.slug == "needs_other" for each in found)
        if terms is None and not other and said_already(request, actor, verdict, step=step) is not None:
            return Transition(request)
        raise refuse(live.request, found)
    chance = _the_one(live.request, chances(live.request, world, actor), step)
    if to is not None:
        from oppcli.rules.approvals import redoing

        redoing.target(live.request, chance, to)
    code = _explained(live.request, world, verdict, reason, code, to)
    if verdict == APPROVE:
        _brought(request, world, chance.step, reason, files)
        _require_offer(request, world)
    if terms is not None or choice or files:
        from oppcli.rules.approvals.agreeing import agreed

        done = agreed(live, world, chance, actor, reason=reason, terms=terms, choice=choice, files=files)
    elif to is not None:
        done = redoing.sent_back(live, world, chance, actor, to, reason=reason, code=code)
    else:
        done = live.then(record(live.request, world, chance, actor, verdict, reason=reason, code=code))
    return _after(live.request, done, world, actor, verdict, to=to, choice=choice)


def _explained(
    request: Request, world: World, verdict: str, reason: str | None, code: str | None, to: str | None
) -> str | None:
    """The code of a no or a return, as the type lists it. Refused without what has to be said of it, and where a
    request was sent back to its submitter often enough."""
    if verdict == RETURN and to is None:
        rounds_left(request, world)
    if verdict != APPROVE:
        code = require_code(request, world, verdict, code)
    require_reason(request, verdict, code or reason)
    return code


def _after(
    before: Request,
    done: Transition,
    world: World,
    actor: str,
    verdict: str,
    *,
    to: str | None,
    choice: Mapping[str, Sequence[str]],
) -> Transition:
    """What follows from a decision: back to the submitter, or on to the next steps. Refused where those lack somebody
    who was chosen, or whom the type requires."""
    if verdict == RETURN and to is None:
        return done.then(_given_back(done.request, world, actor, done.request.decisions[-1].told))
    done = done.then(proceed(done.request, world, by=actor))
    if verdict == APPROVE and world.type_rule(before).require:
        from oppcli.rules.approvals.guaranteeing import require_role

        require_role(before, done.request, world, actor)
    return _chosen_for(before, done, world, choice)


def _brought(request: Request, world: World, step: Step, reason: str | None, files: Mapping[str, str]) -> None:
    if brings(request, world, step):
        from oppcli.rules.approvals.bringing import require_brought

        require_brought(request, world, step, reason, files)


def rounds_left(request: Request, world: World) -> None:
    """Refuse to send a request back to its submitter more often than its type lets it."""
    if world.type_rule(request).max_rounds is not None:
        from oppcli.rules.approvals.rounds import require_round

        require_round(request, world)


def _chosen_for(before: Request, done: Transition, world: World, choice: Mapping[str, Sequence[str]]) -> Transition:
    """Refused where a step opened for which nobody was chosen, or a choice is of one that does not open by this."""
    if choice or any(term.startswith(f"{CHOSEN}:") for step in done.request.plan for term in step.who):
        from oppcli.rules.approvals import choosing

        choosing.require_chosen(before, done.request, world, (APPROVE, called(before)))
        choosing.require_next(before, done.request, choice)
    return done


def _require_offer(request: Request, world: World) -> None:
    """Refuse (7) to approve what rests on a quote that holds no more."""
    if world.rules(request).quote is None:
        return
    from oppcli.rules.approvals.covering import rests_on_nothing_over

    if rests_on_nothing_over(request, world):
        return
    from oppcli.rules.quotes.checks import QUOTE_EXPIRED

    longer = command("quote", "edit", ref("deal", request.deal_id), "--valid", "+30d")
    raise Refused(
        say("{request} rests on a quote that holds no more", request=called(request)),
        reasons=(Reason(QUOTE, world.offered().over, longer, QUOTE_EXPIRED),),
        slug=QUOTE_EXPIRED,
    )


def said_already(request: Request, actor: str, verdict: str, *, step: str | None = None) -> Decision | None:
    """The decision of this revision that says the same and still stands."""
    if request.state not in LASTS_IN.get(verdict, ()):
        return None
    mine = [d for d in request.decisions if d.actor == actor and d.revision == request.revision]
    last = mine[-1] if mine else None
    if last is None or last.verdict != verdict or not (counts(request, last) or verdict == RETURN):
        return None
    return last if step in (None, step_at(request, last.revision, last.step).name) else None


def _the_one(request: Request, found: tuple[Chance, ...], step: str | None) -> Chance:
    found = tuple(chance for chance in found if step in (None, chance.step.name))
    if len(found) == 1:
        return found[0]
    reasons = tuple(
        Reason(chance.step.name, say("waits for your decision"), f"--step {chance.step.name}") for chance in found
    )
    raise Ambiguous(
        say("{request} waits for you in {found} steps", request=called(request), found=len(found)),
        reasons=reasons,
        hint=say("say which: --step NAME"),
    )


def _given_back(request: Request, world: World, actor: str, reason: str | None) -> Transition:
    """Back to the submitter."""
    from oppcli.rules.approvals.rounds import given_back

    after = given_back(request, world, reason)
    people = (*telling.submitters(request, world), *telling.seated(request))
    return telling.turned(request, after, world, people, by=actor, reason=reason)


def withdraw(
    request: Request, world: World, actor: str, *, reason: str | None = None, step: str | None = None
) -> Transition:
    """Take back one's own approval while its step is open: the record stays, the seat is open again, due stays.
    Refused (4) to who was never asked, and where it is no longer open."""
    mine = _withdrawable(request, actor, step)
    if mine is None:
        raise _not_withdrawn(request, world, actor)
    done = taken_back(request, world, mine, actor, reason=reason)
    people = (*telling.submitters(request, world), *telling.seated(request))
    told = telling.ended(done.request, world, people, "approval withdrawn", by=actor, why=reason or "")
    return done.then(Transition(done.request, told)).then(settle(done.request, world))


def _not_withdrawn(request: Request, world: World, actor: str) -> OppError:
    show = command("request", "show", called(request))
    if request.state != PENDING:
        return Conflict(
            say("{request} {standing}", request=called(request), standing=standing(request, world)), hint=show
        )
    asked = actor in telling.seated(request)
    if asked or any(vote.actor == actor and vote.verdict == APPROVE for vote in votes(request)):
        what = say("{actor} has no approval in an open step of {request}", actor=actor, request=called(request))
        return Conflict(what, hint=show)
    return barred(request, say("{actor} approved nothing in {request}", actor=actor, request=called(request)), show)


def _withdrawable(request: Request, actor: str, step: str | None) -> Decision | None:
    if request.state != PENDING:
        return None
    for place in request.open_steps:
        for vote in votes(request, place):
            if vote.actor == actor and vote.verdict == APPROVE and step in (None, place.name):
                return vote
    return None
