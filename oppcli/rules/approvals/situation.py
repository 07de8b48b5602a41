"""How a request stands, how it came there, and what moves it on: the words of refusals, hints, gates and lists."""

from collections.abc import Mapping
from typing import Any

from oppcli.errors import Conflict, Reason
from oppcli.model.command import BLANK, Command, command
from oppcli.model.deals import LIVE_KINDS
from oppcli.model.records import WITHDRAWN
from oppcli.model.refs import ref
from oppcli.model.requests import (
    APPROVE,
    APPROVED,
    CANCELLED,
    INVALIDATED,
    LAPSED,
    OVERRIDE,
    PENDING,
    RECALLED,
    REJECT,
    REJECTED,
    RETURN,
    RETURNED,
    WITHDRAW,
    Decision,
    Request,
)
from oppcli.model.said import Said, Word, coded, label, listed, say
from oppcli.rules.approvals import telling
from oppcli.rules.approvals.counting import counts
from oppcli.rules.approvals.eligible import called
from oppcli.rules.approvals.world import World


def standing(request: Request, world: World) -> Said:
    """`is approved: wang approved 销售主管 on Mon 9 Mar 10:00`: how a request came to where it is."""
    return say("is {standing}", standing=stands(request, world))


def stands(request: Request, world: World) -> str:
    """The same without the verb: `approved: wang approved 销售主管 on Mon 9 Mar 10:00`; with terms, how many of them
    are open."""
    return _with_terms(_stands(request, world), request, world)


def state_told(request: Request, world: World) -> str:
    """`approved (override)`, `approved, 1 of 2 conditions open`: its state alone, for a column."""
    from oppcli.model.overriding import named_state

    return _with_terms(named_state(request), request, world)


def open_terms(request: Request, world: World) -> int:
    """How many of its conditions keep its deal from moving on."""
    if not request.terms:
        return 0
    from oppcli.rules.approvals.conditional import blocked_by

    return len(blocked_by(request, world))


def _with_terms(said: str, request: Request, world: World) -> str:
    waits = open_terms(request, world)
    if not waits:
        return said
    every = sum(term.state != LAPSED for term in request.terms)
    return say("{standing}, {n} of {all} {all:condition|conditions} open", standing=said, n=waits, all=every)


def _stands(request: Request, world: World) -> Said:
    if request.state == PENDING:
        return say("pending: {waiting_for}", waiting_for=waiting_for(request))
    when = request.invalidated_at or request.decided_at
    last = _ending(request)
    if last is not None:
        why = say(" ({reason})", reason=last.told) if last.told and request.state != APPROVED else ""
        return say(
            "{state}: {described}{why}",
            state=Word("state", request.state),
            described=described(request, last, world),
            why=why,
        )
    at = say(" since {when}", when=world.say(when)) if when is not None else ""
    why = say(": {reason}", reason=coded("end", request.reason)) if request.reason else ""
    return say("{state}{at}{reason}", state=Word("state", request.state), at=at, reason=why)


_ENDS = {APPROVED: (APPROVE, OVERRIDE), REJECTED: (REJECT,), RETURNED: (REJECT, RETURN)}
"""State → the verdicts that bring a request there."""


def _ending(request: Request) -> Decision | None:
    """The decision that brought it where it is; None where that was a clock or a change of the deal."""
    found = (d for d in reversed(request.decisions) if d.revision == request.revision)
    found = (d for d in found if counts(request, d) or d.verdict in (RETURN, OVERRIDE))
    last = next((d for d in found if d.verdict in _ENDS.get(request.state, ())), None)
    told = None if last is None or request.state == APPROVED else last.told
    return last if request.state == APPROVED or request.reason in (None, told) else None


def described(request: Request, decision: Decision, world: World) -> str:
    """`wang for zhou approved 大区总监 on Mon 9 Mar 10:00`."""
    behalf = say(" for {on_behalf_of}", on_behalf_of=decision.on_behalf_of) if decision.on_behalf_of else ""
    step = next(
        (s.name for s in request.steps if (s.revision, s.position) == (decision.revision, decision.step)), say("it")
    )
    return say(
        "{actor}{behalf} {past} {step} on {at}",
        actor=decision.actor,
        behalf=behalf,
        past=PAST[decision.verdict],
        step=step,
        at=world.say(decision.at),
    )


PAST = {
    APPROVE: Word("past", "approved"),
    REJECT: Word("past", "rejected"),
    RETURN: Word("past", "returned"),
    WITHDRAW: Word("past", "withdrew the approval of"),
    OVERRIDE: Word("past", "overrode"),
}


def waiting_for(request: Request) -> str:
    """`waiting for wang`, or that nobody can act."""
    people = telling.seated(request)
    return (
        say("waiting for {people}", people=listed(people))
        if people
        else say("nobody can decide it; an admin must transfer it")
    )


def handing_over(request: Request, world: World, login: str) -> str:
    """The hint for somebody who may not decide: whom it waits for, and how a seat is handed over by who may do that."""
    waiting = waiting_for(request)
    if login not in telling.seated(request) and not world.is_admin(login):
        return waiting
    return say("{waiting}; to hand over: {transfer}", waiting=waiting, transfer=transferring(request))


def transferring(request: Request) -> Command:
    """The command that hands a seat over."""
    return command("request", "transfer", called(request), "--to", "LOGIN", "-m", BLANK)


def held(request: Request, world: World) -> str:
    """Where a request stands that is in somebody's way, and since when whom it waits for has had it."""
    since = min((step.opened_at for step in request.open_steps if step.opened_at is not None), default=None)
    said = standing(request, world)
    return (
        say("{said} since {since}", said=said, since=world.say(since))
        if request.state == PENDING and since is not None
        else said
    )


def in_the_way(request: Request, world: World, slug: str = "") -> Reason:
    """A live request as what keeps a deal where it is, with the command that moves it on."""
    detail = say("{request} {held}", request=called(request), held=held(request, world))
    return Reason(say("approval {type}", type=request.named_type), detail, next_command(request, world), slug)


def require_state(request: Request, world: World, states: tuple[str, ...]) -> None:
    """Refuse a request that is in none of these states, saying where it stands."""
    if request.state not in states:
        raise Conflict(
            say("{request} {held}", request=called(request), held=held(request, world)),
            hint=next_command(request, world),
            slug="wrong_state",
        )


def at_end(world: World) -> bool:
    """Whether the deal is over: lost, or won with no stage behind."""
    stage = world.policy.stage(world.deal.stage)
    if stage is None or stage.kind in LIVE_KINDS:
        return False
    from oppcli.rules.pipeline import over

    return over(stage.name, world.policy)


def next_command(request: Request, world: World) -> Command:
    """The command that moves a request on, or what comes after it; of a deal that is over or withdrawn, nothing
    does."""
    if world.deal.standing == WITHDRAWN or at_end(world):
        return command("request", "show", called(request))
    if request.state == PENDING:
        blocked = any(seat.blocked for step in request.open_steps for seat in step.seats)
        return transferring(request) if blocked else command("request", "nudge", called(request))
    if request.state == RETURNED:
        return command("request", "resubmit", called(request))
    if request.state in (REJECTED, RECALLED, CANCELLED, INVALIDATED):
        return command("request", "submit", ref("deal", request.deal_id), request.type)
    return command("request", "show", called(request))


def difference(request: Request, since: int) -> str:
    """What changed from one revision to the current one: `amount 800000.00 → 900000.00`."""
    old = next((revision.snapshot for revision in request.revisions if revision.number == since), None)
    if old is None:
        return say("there is no such revision")
    return differing(old, request.facts.snapshot) or say("the same facts")


def differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """What one snapshot shows differently from the other: `amount 800000.00 → 900000.00; discount 5 → 8`."""
    from oppcli.rules.approvals.figures import short

    names = [name for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name)]
    told = ((name, *(short(name, each.get(name)) or "–" for each in (old, new))) for name in names)
    return listed((say("{name} {old} → {new}", name=label(name), old=was, new=now) for name, was, now in told), "; ")
