"""Who may decide an open step now, and every reason why somebody may not."""

from typing import NamedTuple

from oppcli.errors import Conflict, NotAllowed, NotFound, OppError, Reason
from oppcli.model.command import BLANK, Command, command
from oppcli.model.refs import ref
from oppcli.model.requests import (
    APPROVE,
    APPROVED,
    CANCELLED,
    INVALIDATED,
    OPEN,
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
    Seat,
    Step,
)
from oppcli.model.said import Said, Word, listed, say
from oppcli.rules.approvals import telling
from oppcli.rules.approvals.counting import counts, voters
from oppcli.rules.approvals.eligible import called, excluded, hats
from oppcli.rules.approvals.world import World


class Chance(NamedTuple):
    """A seat somebody may fill now, and for whom (None: in their own right)."""

    step: Step
    seat: Seat
    on_behalf_of: str | None


class Objection(NamedTuple):
    """One reason why somebody may not decide, with the error it is refused by."""

    error: type[OppError]
    what: str
    detail: str
    hint: str | None = None


def chances(request: Request, world: World, login: str) -> tuple[Chance, ...]:
    """The seats `login` may fill now, one per open step at most; an own seat before one held for somebody else.

    The holders must be those of now (`seating.settle`)."""
    if request.state != PENDING or not world.active(login):
        return ()
    found = (_chance(request, world, login, step) for step in request.open_steps)
    return tuple(chance for chance in found if chance)


def _chance(request: Request, world: World, login: str, step: Step) -> Chance | None:
    if login in excluded(request, world, step) or login in voters(request, step):
        return None
    open_seats = (seat for seat in step.seats if seat.state == OPEN)
    found = [(hat, seat) for seat in open_seats for hat in hats(login, seat.holders, request, world)]
    found.sort(key=lambda pair: (pair[0] is not None, pair[1].number))
    return Chance(step, found[0][1], found[0][0]) if found else None


def objections(
    request: Request, world: World, login: str, *, step: str | None = None, revision: int | None = None
) -> tuple[Objection, ...]:
    """Everything that keeps `login` from deciding now, in the order it is checked; empty when they may.

    `revision` is the one they have seen. `request` as stored; its holders must be those of now."""
    found = [*_state(request, world), *_person(world, login)]
    if found:
        return tuple(found)
    if step is not None and step not in [other.name for other in request.open_steps]:
        names = listed(other.name for other in request.open_steps)
        return (
            Objection(
                Conflict,
                step,
                say("is not an open step of {request}; open: {names}", request=called(request), names=names),
            ),
        )
    asked = [other for other in request.open_steps if step in (None, other.name)]
    if not any(chance.step in asked for chance in chances(request, world, login)):
        found += _own(request, world, login, asked) or _seat(request, world, login, asked)
    if revision is not None and revision != request.revision:
        found.append(_moved_on(request, revision))
    return tuple(found)


def refuse(request: Request, found: tuple[Objection, ...]) -> OppError:
    """The error of the first objection, with all of them as reasons where there are several.

    An attempt on a seat that is not theirs is to be remembered in the journal."""
    first = found[0]
    reasons = tuple(Reason(item.what, item.detail) for item in found) if len(found) > 1 else ()
    error = first.error(listed((first.what, first.detail), " "), hint=first.hint, reasons=reasons)
    if isinstance(error, NotAllowed) and request.id:
        error.attempt = ("request", str(request.id))
    return error


def barred(request: Request, message: str, hint: str | None = None) -> NotAllowed:
    """A refusal that the journal remembers: somebody tried what is not theirs to do."""
    error = NotAllowed(message, hint=hint)
    if request.id:
        error.attempt = ("request", str(request.id))
    return error


def _person(world: World, login: str) -> list[Objection]:
    if login not in world.users:
        return [Objection(NotFound, login, say("is not a user"), command("user", "add", login))]
    return (
        [] if world.active(login) else [Objection(NotAllowed, login, say("was deactivated"), command("user", "list"))]
    )


def _state(request: Request, world: World) -> list[Objection]:
    if request.state == PENDING:
        return []
    return [Objection(Conflict, called(request), standing(request, world), next_command(request))]


def standing(request: Request, world: World) -> Said:
    """`is approved: wang approved 销售主管 on Mon 9 Mar 10:00`: how a request came to where it is."""
    return say("is {standing}", standing=stands(request, world))


def stands(request: Request, world: World) -> Said:
    """The same without the verb: `approved: wang approved 销售主管 on Mon 9 Mar 10:00`."""
    if request.state == PENDING:
        return say("pending: {waiting_for}", waiting_for=waiting_for(request))
    when = request.invalidated_at or request.decided_at
    last = _last_decision(request)
    if last is not None and request.state in _BY_DECISION:
        why = say(" ({reason})", reason=last.reason) if last.reason and request.state != APPROVED else ""
        return say(
            "{state}: {described}{why}",
            state=Word("state", request.state),
            described=described(request, last, world),
            why=why,
        )
    at = say(" since {when}", when=world.say(when)) if when is not None else ""
    why = say(": {reason}", reason=request.reason) if request.reason else ""
    return say("{state}{at}{reason}", state=Word("state", request.state), at=at, reason=why)


_BY_DECISION = (APPROVED, REJECTED, RETURNED)


def _last_decision(request: Request) -> Decision | None:
    ending = [d for d in request.decisions if counts(request, d) or d.verdict in (RETURN, OVERRIDE)]
    return ending[-1] if ending and ending[-1].revision == request.revision else None


def described(request: Request, decision: Decision, world: World) -> str:
    """`wang for zhou approved 大区总监 on Mon 9 Mar 10:00`."""
    behalf = say(" for {on_behalf_of}", on_behalf_of=decision.on_behalf_of) if decision.on_behalf_of else ""
    step = next((s.name for s in request.steps if (s.revision, s.position) == (decision.revision, decision.step)), "it")
    return say(
        "{actor}{behalf} {past} {step} on {at}",
        actor=decision.actor,
        behalf=behalf,
        past=_PAST[decision.verdict],
        step=step,
        at=world.say(decision.at),
    )


_PAST = {
    APPROVE: say("approved"),
    REJECT: say("rejected"),
    RETURN: say("returned"),
    WITHDRAW: say("withdrew the approval of"),
    OVERRIDE: say("overrode"),
}


def waiting_for(request: Request) -> str:
    """`waiting for wang`, or that nobody can act."""
    people = telling.seated(request)
    return (
        say("waiting for {people}", people=listed(people))
        if people
        else say("nobody can decide it; an admin must transfer it")
    )


def handing_over(request: Request) -> str:
    """The hint for somebody whose seat it is not."""
    return say("{waiting}; to hand over: {transfer}", waiting=waiting_for(request), transfer=transferring(request))


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


def require_state(request: Request, world: World, states: tuple[str, ...]) -> None:
    """Refuse a request that is in none of these states, saying where it stands."""
    if request.state not in states:
        raise Conflict(
            say("{request} {held}", request=called(request), held=held(request, world)), hint=next_command(request)
        )


def next_command(request: Request) -> Command:
    """The command that moves a request on, or what comes after it."""
    if request.state == PENDING:
        blocked = any(seat.blocked for step in request.open_steps for seat in step.seats)
        return transferring(request) if blocked else command("request", "nudge", called(request))
    if request.state == RETURNED:
        return command("request", "resubmit", called(request))
    if request.state in (REJECTED, RECALLED, CANCELLED, INVALIDATED):
        return command("request", "submit", ref("deal", request.deal_id), request.type)
    return command("request", "show", called(request))


def _own(request: Request, world: World, login: str, asked: list[Step]) -> list[Objection]:
    """Conflicts of the person: own request, own change, a decision elsewhere, an earlier vote in the step."""
    hint = handing_over(request)
    why = dict.fromkeys(bar for step in asked if (bar := excluded(request, world, step).get(login)))
    found = [Objection(NotAllowed, login, say("{reason} and cannot decide it", reason=reason), hint) for reason in why]
    return found + [_voted(request, world, login, step) for step in asked if login in voters(request, step)]


def _voted(request: Request, world: World, login: str, step: Step) -> Objection:
    """One person, one vote; whoever they stand in for needs somebody else."""
    lent = [
        frm for seat in step.seats if seat.state == OPEN for frm in hats(login, seat.holders, request, world) if frm
    ]
    hint = say("{who}'s seat needs somebody else", who=listed(lent)) if lent else None
    what = say("has a vote in {name} already: one person, one vote", name=step.name)
    return Objection(Conflict, login, what, hint)


def _seat(request: Request, world: World, login: str, asked: list[Step]) -> list[Objection]:
    """Not their seat; or it was, until somebody else decided first or they lost it."""
    first = next((d for d in reversed(request.decisions) if _took_seat_of(request, d, login, world)), None)
    if first is not None:
        what = described(request, first, world)
        return [
            Objection(
                Conflict,
                what,
                say(
                    "before {login}; {request} {standing}",
                    login=login,
                    request=called(request),
                    standing=standing(request, world),
                ),
            )
        ]
    names = listed((step.name for step in asked), " or ")
    return [
        Objection(
            NotAllowed,
            login,
            say("does not hold a seat in {names} of {request}", names=names, request=called(request)),
            handing_over(request),
        )
    ]


def _took_seat_of(request: Request, decision: Decision, login: str, world: World) -> bool:
    """Whether somebody else's counting decision filled a seat `login` could have filled."""
    if not counts(request, decision) or decision.actor == login:
        return False
    step = next(s for s in request.plan if s.position == decision.step)
    seat = next(s for s in step.seats if s.number == decision.seat)
    return bool(hats(login, seat.holders, request, world))


def _moved_on(request: Request, seen: int) -> Objection:
    detail = say(
        "is at revision {revision}, not {seen}: {difference}",
        revision=request.revision,
        seen=seen,
        difference=difference(request, seen),
    )
    return Objection(Conflict, called(request), detail, command("request", "show", called(request)))


def difference(request: Request, since: int) -> str:
    """What changed from one revision to the current one: `amount 800000.00 → 900000.00`."""
    old = next((revision.snapshot for revision in request.revisions if revision.number == since), None)
    if old is None:
        return say("there is no such revision")
    new = request.facts.snapshot
    names = [name for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name)]
    return listed(
        (say("{name} {old} → {new}", name=name, old=old.get(name) or "–", new=new.get(name) or "–") for name in names),
        "; ",
    ) or say("the same facts")
