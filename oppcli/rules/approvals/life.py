"""How a request begins and ends other than by votes: submit, resubmit, recall, cancel, revoke, override, expiry, and
what the end of a deal does to it (transitions 1, 9, 10, 11, 17, 18, 27, 28 and 31)."""

from dataclasses import replace

from oppcli.errors import Conflict, NotAllowed, PolicyError, Reason, Refused, UsageError
from oppcli.model.command import command
from oppcli.model.deals import LIVE_KINDS
from oppcli.model.journal import SYSTEM
from oppcli.model.refs import ref
from oppcli.model.requests import (
    APPROVED,
    CANCELLED,
    LIVE_STATES,
    OVERRIDE,
    PENDING,
    RECALLED,
    RETURNED,
    Request,
)
from oppcli.model.said import listed, say
from oppcli.rules.approvals import notices, planning, timing
from oppcli.rules.approvals.authority import barred, held, next_command
from oppcli.rules.approvals.changing import (
    invalidate,
    material,
    require_admin,
    restart,
)
from oppcli.rules.approvals.counting import votes
from oppcli.rules.approvals.opening import proceed
from oppcli.rules.approvals.people import called, excluded, movers, owners
from oppcli.rules.approvals.recording import decision
from oppcli.rules.approvals.seating import settle
from oppcli.rules.approvals.transition import Event, Transition, close_plan
from oppcli.rules.approvals.world import World

EXPIRED = "expired"
DEAL_LOST = "deal lost"


def submit(world: World, actor: str, name: str, *, number: int, note: str | None = None) -> Transition | None:
    """A new request of type `name` for the deal, its first group open; None where approval is not required.

    `number` is the id it gets, so that notices can name it.

    Refused for a closed deal, while one of the type is live, and with everything that is missing at once: needs, fields
    that decide who must approve, steps without anybody who could."""
    found = prepare(world, actor, name, note=note)
    if found is None:
        return None
    prepared = replace(found, id=number)
    opened = Event("submit", actor, reason=note, now=PENDING)
    copies = notices.copied(prepared, world, world.type_rule(prepared).cc, say("submitted by {actor}", actor=actor))
    return Transition(prepared, copies, (opened,)).then(proceed(prepared, world, by=actor))


def prepare(world: World, actor: str, name: str, *, note: str | None = None, asking: bool = False) -> Request | None:
    """The request before its first group opens: what `plan` shows and `submit` begins with. Refuses like `submit`;
    anybody may ask (`asking`) what would happen if `actor` submitted."""
    if not asking:
        require_submitter(world, actor)
    deal = ref("deal", world.deal.id)
    stage = world.policy.stage(world.deal.stage)
    if stage is not None and stage.kind not in LIVE_KINDS:
        raise Conflict(
            say("{deal} is {kind} already", deal=deal, kind=stage.kind), hint=command("deal", "reopen", deal, "-m", "…")
        )
    rule = planning.type_named(world.policy, name)
    live = live_of_type(world, name)
    if live is not None:
        raise Conflict(
            say("{live}, {name} for {deal}, {held}", live=called(live), name=name, deal=deal, held=held(live, world)),
            hint=next_command(live),
        )
    facts = world.facts(world.policy)
    if planning.surely_not_required(rule, facts):
        return None
    gaps = planning.missing(rule, world.policy, world)
    if gaps:
        raise Refused(
            say(
                "{deal} is not ready for {name} yet: {things} missing", deal=deal, name=name, things=_things(len(gaps))
            ),
            reasons=gaps,
        )
    draft = replace(planning.draft(world, rule, world.policy, actor, note=note), previous=_previous(world, name))
    if not draft.steps:
        return None
    nobody = planning.people_missing(draft, world)
    if nobody:
        raise PolicyError(
            say("{name} for {deal} has a step that nobody could decide", name=name, deal=deal), reasons=nobody
        )
    return draft


def _things(count: int) -> str:
    return say("{count} {count:thing is|things are}", count=count)


def require_submitter(world: World, actor: str) -> None:
    """The owner of the deal, or an admin."""
    owner = world.deal.owner
    if world.is_admin(actor) or (owner == actor and world.active(actor)):
        return
    deal = ref("deal", world.deal.id)
    who = say("its owner {owner} or an admin may", owner=owner) if owner else say("nobody owns it; an admin may")
    raise NotAllowed(
        say("{actor} may not submit {deal}", actor=actor, deal=deal),
        hint=say(
            "{who}; to hand the deal over: {assign}",
            who=who,
            assign=command("deal", "assign", deal, "--to", "LOGIN", ready=False),
        ),
    )


def live_of_type(world: World, name: str) -> Request | None:
    return next((request for request in world.requests if request.type == name and request.live), None)


def _previous(world: World, name: str) -> int | None:
    """The last request of the type for this deal: a new attempt names the one before it."""
    return max((request.id for request in world.requests if request.type == name), default=None)


def resubmit(request: Request, world: World, actor: str, *, note: str | None = None) -> Transition:
    """A returned request goes on: with nothing material changed the same steps, votes and remaining time; else, or
    where a rejection sent it back, the next revision."""
    _require_state(request, world, (RETURNED,))
    may = movers(request, world)
    if actor not in may and not world.is_admin(actor):
        hint = say("{who} or an admin may", who=listed(may)) if may else say("an admin may")
        raise NotAllowed(say("{actor} may not resubmit {request}", actor=actor, request=called(request)), hint=hint)
    rule, policy = world.type_rule(request), world.rules(request)
    found = material(request, world)
    gaps = planning.missing(rule, policy, world)
    if gaps and not (found and planning.surely_not_required(rule, world.facts(policy))):
        raise Refused(
            say("{request} is not ready yet: {things} missing", request=called(request), things=_things(len(gaps))),
            reasons=gaps,
        )
    event = Event("resubmit", actor, reason=note, was=RETURNED, now=PENDING)
    request = _answered(request, world, actor, note)
    if found or not request.open_steps:
        why = listed((str(change) for change in found), "; ") or "sent back by a rejection"
        again = restart(request, world, actor, "resubmitted", editors=request.facts.next_editors, why=why)
        return Transition(request, events=(event,)).then(again)
    ready = replace(timing.resume_all(request, world), state=PENDING, reason=None)
    told = tuple(
        notice for step in ready.open_steps for notice in notices.waiting(ready, step, notices.holding(step), world)
    )
    return Transition(ready, told, (event,)).then(settle(ready, world))


def _answered(request: Request, world: World, actor: str, note: str | None) -> Request:
    """With what was said on sending it on."""
    said = (note or "").strip()
    return (
        replace(request, answers=(*request.answers, {"by": actor, "at": world.now, "text": said})) if said else request
    )


def recall(request: Request, world: World, actor: str, *, reason: str | None = None) -> Transition:
    """Taken back by its submitter, the deal's owner or an admin. A new submit starts at step 1 and inherits nothing."""
    _require_state(request, world, LIVE_STATES)
    if actor not in (request.submitted_by, world.deal.owner, *movers(request, world)) and not world.is_admin(actor):
        may = listed(dict.fromkeys(p for p in (request.submitted_by, world.deal.owner) if p))
        raise NotAllowed(
            say("{actor} may not recall {request}", actor=actor, request=called(request)),
            hint=say("{may} or an admin may", may=may),
        )
    return _end(request, world, actor, RECALLED, reason)


def cancel(request: Request, world: World, actor: str, *, reason: str) -> Transition:
    """Ended by an admin, with a reason."""
    require_admin(request, world, actor, "cancel")
    _require_state(request, world, LIVE_STATES)
    _require_reason(request, "cancel", reason)
    return _end(request, world, actor, CANCELLED, reason)


def deal_lost(request: Request, world: World) -> Transition:
    """Nothing waits for a lost deal; what was approved stays approved."""
    return _end(request, world, SYSTEM, CANCELLED, DEAL_LOST) if request.live else Transition(request)


def _end(request: Request, world: World, actor: str, state: str, reason: str | None) -> Transition:
    people = (*notices.submitters(request, world), *notices.asked(request))
    after = replace(close_plan(request, world.now), state=state, reason=reason, decided_at=world.now)
    told = notices.ended(after, world, people, state, by=actor, why=reason or "")
    return Transition(after, told, (Event("request", actor, reason=reason, was=request.state, now=state),))


def winning_objections(world: World) -> tuple[Reason, ...]:
    """The live requests that keep a deal from being won."""
    return tuple(
        Reason(
            say("approval {type}", type=request.type),
            say("{request} {held}", request=called(request), held=held(request, world)),
            next_command(request),
        )
        for request in world.requests
        if request.live
    )


def revoke(request: Request, world: World, actor: str, *, reason: str) -> Transition:
    """An approval taken back by one who gave it in the last group, or by an admin; never by the submitter."""
    _require_state(request, world, (APPROVED,))
    givers = final_approvers(request)
    if actor == request.submitted_by or not (world.is_admin(actor) or actor in givers):
        may = listed(giver for giver in givers if giver != request.submitted_by)
        raise barred(
            request,
            say("{actor} may not revoke {request}", actor=actor, request=called(request)),
            say("{may} or an admin may", may=may) if may else say("an admin may"),
        )
    _require_reason(request, "revoke", reason)
    return invalidate(request, world, actor, reason)


def final_approvers(request: Request) -> tuple[str, ...]:
    """Who approved in the last group, in order."""
    last = max((step.group for step in request.plan), default=0)
    steps = {step.position for step in request.plan if step.group == last}
    return tuple(dict.fromkeys(v.actor for v in votes(request) if v.step in steps and v.verdict == "approve"))


def expired(request: Request, world: World) -> bool:
    """Whether an approval ran out. At the very instant it still holds."""
    return request.valid_until is not None and world.now > request.valid_until


def expire(request: Request, world: World) -> Transition:
    """An approval that ran out no longer opens gates. Where the deal is over there are none left to open, and nobody
    needs to be told."""
    if request.state != APPROVED or not expired(request, world):
        return Transition(request)
    done = invalidate(request, world, SYSTEM, EXPIRED)
    stage = world.policy.stage(world.deal.stage)
    return done._replace(notices=()) if stage is not None and stage.kind not in LIVE_KINDS else done


def override(request: Request, world: World, actor: str, *, reason: str) -> Transition:
    """Approved by an admin past its holders, under its own verb: never a holder's decision, reported for 30 days.

    Refused where the policy switches it off (then or now), and for an admin in conflict."""
    _require_state(request, world, LIVE_STATES)
    require_admin(request, world, actor, "override")
    if not (world.policy.override and world.rules(request).override):
        raise barred(request, say("the policy does not allow overrides"), command("policy", "show"))
    conflicted = excluded(request, world) | dict.fromkeys(
        (request.submitted_by, *owners(request, world)), say("has a part in the deal")
    )
    if actor in conflicted:
        why = excluded(request, world).get(actor, conflicted[actor])
        raise barred(request, say("{actor} {why} and cannot override it", actor=actor, why=why))
    if material(request, world):
        raise Conflict(
            say(
                "{request} no longer shows the facts of {deal}",
                request=called(request),
                deal=ref("deal", request.deal_id),
            ),
            hint=next_command(request),
        )
    _require_reason(request, "override", reason)
    people = (*notices.submitters(request, world), *notices.asked(request))
    made = decision(request, world, actor, OVERRIDE, reason=reason)
    closed = close_plan(request, world.now)
    after = replace(
        closed,
        state=APPROVED,
        decided_at=world.now,
        valid_until=timing.valid_until(request, world),
        reason=reason,
        decisions=(*request.decisions, made),
    )
    told = notices.ended(after, world, people, "overridden", by=actor, why=reason)
    return Transition(after, told, (Event(OVERRIDE, actor, reason=reason, was=request.state, now=APPROVED),))


def _require_state(request: Request, world: World, states: tuple[str, ...]) -> None:
    if request.state not in states:
        raise Conflict(
            say("{request} {held}", request=called(request), held=held(request, world)), hint=next_command(request)
        )


def _require_reason(request: Request, verb: str, reason: str) -> None:
    if not reason.strip():
        raise UsageError(
            say("{verb} needs a reason", verb=verb), hint=command("request", verb, called(request), "-m", "…")
        )
