"""Seats that people hand on: transfer, standing aside, leaving; and the nudge (transitions 19, 22, 23 and 32)."""

from oppcli.errors import Ambiguous, Conflict, NotAllowed, Reason
from oppcli.model.command import Command, command
from oppcli.model.journal import BLOCKED, NOBODY, SYSTEM
from oppcli.model.noun import replace
from oppcli.model.requests import OPEN, PENDING, RETURNED, Holder, Request, Seat, Step
from oppcli.model.said import listed, say
from oppcli.model.units import HOUR_MS
from oppcli.rules import clock
from oppcli.rules.approvals import telling
from oppcli.rules.approvals.authority import barred
from oppcli.rules.approvals.counting import voters
from oppcli.rules.approvals.eligible import called, excluded, movers
from oppcli.rules.approvals.permitted import require, require_known, require_overriding, require_reason
from oppcli.rules.approvals.seating import settle, stood_aside
from oppcli.rules.approvals.situation import handing_over, next_command, standing, transferring, waiting_for
from oppcli.rules.approvals.transition import Event, Transition, current, put, put_seats
from oppcli.rules.approvals.world import World
from oppcli.tuples import NamedTuple

MOST_HOPS = 3
NUDGE_EVERY_MS = 4 * HOUR_MS


class Place(NamedTuple):
    """A place that can be handed on: a seat, and who gives it up (None: it is blocked)."""

    step: Step
    seat: Seat
    giver: str | None


def transfer(
    request: Request, world: World, actor: str, to: str, *, reason: str, frm: str | None = None, step: str | None = None
) -> Transition:
    """转交: a place goes to another person, by its holder or by an admin; due does not move. `frm` and `step` say which
    place where an admin could mean several. Refused for somebody who could not decide it, after three transfers unless
    it is blocked, and to an admin where the policy has no overrides or the place would be theirs."""
    live = now_pending(request, world)
    place = _place(live.request, world, actor, frm, step)
    moved = place.giver != actor
    if moved:
        _require_moving(request, world, actor, to)
    require_fit(live.request, world, place.step, to, transferring(request))
    if place.giver is not None and place.seat.hops >= MOST_HOPS:
        raise Conflict(
            say(
                "the seat in {name} was handed over {hops} times; that is the limit",
                name=place.step.name,
                hops=place.seat.hops,
            ),
            hint=waiting_for(live.request) if moved else command("request", "recuse", called(request)),
        )
    require_reason(request, "transfer", reason, "--to", to)
    after = put(live.request, put_seats(place.step, _moved(place, to)))
    event = Event(
        "transfer", actor, place.step.name, place.seat.number, reason=reason, was=place.giver or BLOCKED, now=to
    )
    told = telling.waiting(after, place.step, (to,), world)
    if moved:
        told += telling.moved(after, place.step, place.giver, to, world, by=actor)
    return live.then(Transition(after, told, (event,)))


def _require_moving(request: Request, world: World, actor: str, to: str) -> None:
    """Refuse an admin who moves somebody else's seat to themselves, or under a policy that lets nobody past the
    holders."""
    require(request, world, actor, "transfer")
    require_overriding(request, world)
    if to == actor:
        raise barred(
            request,
            say("{actor} may not take a seat in {request}: its holder gives it", actor=actor, request=called(request)),
            handing_over(request, world, actor),
        )


def _moved(place: Place, to: str) -> Seat:
    """The seat with `to` in the giver's place. Who gave it up does not come back by the pool, only by a transfer."""
    seat = place.seat
    stay = tuple(holder for holder in seat.holders if holder.login != place.giver)
    left = tuple(login for login in (*seat.left, place.giver) if login not in (None, to))
    heir = Holder(login=to, how="transfer", via=place.giver or "")
    return replace(seat, holders=(*stay, heir), hops=seat.hops + 1, left=tuple(login for login in left if login))


def _place(request: Request, world: World, actor: str, frm: str | None, step: str | None) -> Place:
    """The one place meant: one's own; for an admin the one named, else a blocked one, else the only one."""
    places = [place for place in places_of(request) if step in (None, place.step.name)]
    admin = world.is_admin(actor)
    found = [place for place in places if place.giver == (frm or actor)]
    if frm not in (None, actor) and not admin:
        found = []
    elif not found and frm is None and admin:
        found = [place for place in places if place.giver is None] or places
    if not found:
        raise not_yours(request, world, frm if admin and frm else actor, asking=actor)
    if len(found) > 1:
        raise Ambiguous(
            say("{request} has {found} places to hand over", request=called(request), found=len(found)),
            reasons=tuple(_choice(place) for place in found),
            hint=say("say which: --step NAME --from LOGIN"),
        )
    return found[0]


def places_of(request: Request) -> list[Place]:
    """Every place in an open seat of an open step."""
    seats = [(step, seat) for step in request.open_steps for seat in step.seats if seat.state == OPEN]
    return [Place(step, seat, giver) for step, seat in seats for giver in _logins(seat) or (None,)]


def _choice(place: Place) -> Reason:
    who = f" --from {place.giver}" if place.giver else ""
    return Reason(place.step.name, place.giver or say("blocked"), f"--step {place.step.name}{who}")


def _logins(seat: Seat) -> tuple[str, ...]:
    return tuple(holder.login for holder in seat.holders)


def not_yours(request: Request, world: World, login: str, *, asking: str) -> NotAllowed:
    return barred(
        request,
        say("{actor} does not hold a seat in {request}", actor=login, request=called(request)),
        handing_over(request, world, asking),
        "not_holder",
    )


def require_fit(request: Request, world: World, step: Step, to: str, again: Command) -> None:
    """Refuse a person who could not decide the step: unknown, inactive, in conflict, in it already, or having voted.
    `again`: the command that names somebody else."""
    require_known(to, world)
    if world.type_rule(request).require:
        from oppcli.rules.approvals.guaranteeing import require_holder

        require_holder(step, request, world, to)
    problems = fitness_problems(request, world, step, to)
    if problems:
        reasons = problems if len(problems) > 1 else ()
        raise Conflict(
            say("{to} cannot take a seat in {name}: {to} {detail}", to=to, name=step.name, detail=problems[0].detail),
            hint=again,
            reasons=reasons,
        )


def fitness_problems(request: Request, world: World, step: Step, login: str) -> tuple[Reason, ...]:
    """Everything that keeps somebody from taking a seat in the step."""
    found = [] if world.active(login) else [Reason(login, say("was deactivated"), command("user", "list"))]
    why = excluded(request, world, step).get(login)
    if why:
        found.append(Reason(login, why))
    if login in stood_aside(step):
        found.append(Reason(login, say("stood aside from {name}", name=step.name)))
    if login in voters(request, step):
        found.append(Reason(login, say("has voted in {name} already", name=step.name)))
    elif any(login in _logins(seat) for seat in step.seats):
        found.append(Reason(login, say("sits in {name} already", name=step.name)))
    return tuple(found)


def step_of(request: Request, world: World, actor: str, step: str | None) -> Step:
    """The open step in which `actor` holds a seat themselves. Refused for delegates and everybody else."""
    mine = [s for s in request.open_steps if step in (None, s.name) and actor in telling.holding(s)]
    if not mine:
        raise not_yours(request, world, actor, asking=actor)
    if len(mine) > 1:
        reasons = tuple(Reason(s.name, say("waits for you"), f"--step {s.name}") for s in mine)
        raise Ambiguous(
            say("{actor} sits in {mine} open steps of {request}", actor=actor, mine=len(mine), request=called(request)),
            reasons=reasons,
        )
    return mine[0]


def recuse(
    request: Request, world: World, actor: str, *, reason: str | None = None, step: str | None = None
) -> Transition:
    """Stand aside: the seat is filled like a leaver's, and does not come back."""
    live = now_pending(request, world)
    place = step_of(live.request, world, actor, step)
    gives = [
        replace(seat, left=(*seat.left, actor), aside=(*seat.aside, actor))
        for seat in place.seats
        if _held(seat, actor)
    ]
    after = put(live.request, put_seats(current(live.request, place), *gives))
    event = Event("recuse", actor, place.name, reason=reason)
    return live.then(Transition(after, events=(event,))).then(settle(after, world))


def _held(seat: Seat, login: str) -> bool:
    return seat.state == OPEN and login in _logins(seat)


def people_changed(request: Request, world: World, before: World | None = None) -> Transition:
    """Somebody left, came back, lost or won a role, or the deal changed hands since `before`: open seats follow, due
    stays. Whoever may send a returned request on from now on is told; where nobody is left, the admins are."""
    if request.state != RETURNED:
        return settle(request, world)
    was, now = movers(request, before or world), movers(request, world)
    if was == now:
        return Transition(request)
    event = Event("movers", SYSTEM, was=listed(was) or NOBODY, now=listed(now) or NOBODY)
    told = telling.handed_on(request, world, [login for login in now if login not in was])
    return Transition(request, told, (event,))


def nudge(request: Request, world: World, actor: str) -> Transition:
    """催办: the submitter reminds the holders, once in four business hours. Nothing becomes due earlier. Refused for
    others, sooner than that, and while nothing is pending."""
    live = now_pending(request, world)
    require(request, world, actor, "nudge")
    calendar = world.calendar_named("", world.rules(request))
    if request.nudged_at is not None and clock.between(calendar, request.nudged_at, world.now) < NUDGE_EVERY_MS:
        again = world.say(clock.add(calendar, request.nudged_at, NUDGE_EVERY_MS))
        raise Conflict(
            say("{request} was nudged on {nudged_at}", request=called(request), nudged_at=world.say(request.nudged_at)),
            hint=say("again from {again} on", again=again),
        )
    after = replace(live.request, nudged_at=world.now)
    told = [
        notice
        for step in after.open_steps
        for notice in telling.waiting(after, step, telling.holding(step), world, kind="nudge")
    ]
    return live.then(Transition(after, tuple(told), (Event("nudge", actor, now=listed(telling.seated(after))),)))


def now_pending(request: Request, world: World) -> Transition:
    """The request with the holders of now; refused unless it is pending."""
    if request.state != PENDING:
        raise Conflict(
            say("{request} {standing}", request=called(request), standing=standing(request, world)),
            hint=next_command(request, world),
        )
    return settle(request, world)
