"""When somebody who decided takes the deal over, or works on it from now on: their votes stop counting."""

from collections.abc import Collection

from oppcli.model.journal import SYSTEM
from oppcli.model.noun import replace
from oppcli.model.refs import ref
from oppcli.model.requests import (
    APPROVED,
    CANCELLED,
    LIVE_STATES,
    OPEN,
    OVERRIDE,
    RETURNED,
    WAITING,
    Decision,
    Request,
    Seat,
    Step,
)
from oppcli.model.said import listed, say
from oppcli.rules.approvals import changing, telling, time
from oppcli.rules.approvals.counting import votes
from oppcli.rules.approvals.covering import expired
from oppcli.rules.approvals.eligible import excluded
from oppcli.rules.approvals.handover import people_changed
from oppcli.rules.approvals.opening import proceed
from oppcli.rules.approvals.recording import taken_back
from oppcli.rules.approvals.transition import Transition, put
from oppcli.rules.approvals.world import World


def parts_changed(request: Request, world: World, before: World, actor: str) -> Transition:
    """Another owner or collaborator since `before`: votes end, seats and returned requests follow."""
    done = taken_over(request, world, before, actor)
    return done.then(people_changed(done.request, world, before))


def taken_over(request: Request, world: World, before: World, actor: str) -> Transition:
    """What it does to a request that some people have a part in its deal since `before`. Pending or returned: their
    seats open again and go to who may fill them, and what came after waits; approved: it holds no more."""
    new = excluded(request, world).keys() - excluded(request, before).keys()
    found = tuple(vote for vote in votes(request) if {vote.actor, vote.on_behalf_of} & new)
    overrode = tuple(d for d in request.decisions if d.verdict == OVERRIDE and d.actor in new)
    if request.state == APPROVED and (found or overrode) and not expired(request, world):
        return changing.invalidate(request, world, actor, _why(world, found or overrode))
    return _reopened(request, world, found) if found and request.state in LIVE_STATES else Transition(request)


def _why(world: World, found: Collection[Decision]) -> str:
    return say(
        "{who} decided it and {n:has|have} a part in {deal} now",
        who=listed(dict.fromkeys(vote.actor for vote in found)),
        n=len({vote.actor for vote in found}),
        deal=ref("deal", world.deal.id),
    )


def _reopened(request: Request, world: World, found: Collection[Decision]) -> Transition:
    """The votes are taken back by the system, and their seats are open; the request goes on from the first of them."""
    why = _why(world, found)
    done = Transition(request)
    for vote in found:
        done = done.then(taken_back(done.request, world, vote, SYSTEM, reason=why))
    if not request.open_steps:  # returned by a rejection: it begins anew with the next revision
        return done._replace(request=_closed(done.request, found))
    after = _set_back(done.request, world, {vote.step for vote in found})
    people = telling.concerned(request, world)
    text = say("{subject}: a vote no longer counts: {why}", subject=telling.subject(request, world), why=why)
    done = done.then(Transition(after, telling.tell(request, world, people, "changed", text)))
    if request.state == RETURNED:
        return done._replace(request=time.pause_all(done.request, world))
    return done.then(proceed(done.request, world))


def _closed(request: Request, found: Collection[Decision]) -> Request:
    """Steps that ended with votes which no longer count were neither approved nor rejected."""
    steps = {vote.step for vote in found}
    ended = (step for step in request.plan if step.position in steps)
    return put(request, *(replace(step, state=CANCELLED, seats=_cancelled(step)) for step in ended))


def _cancelled(step: Step) -> tuple[Seat, ...]:
    return tuple(replace(seat, state=CANCELLED) if seat.state == OPEN else seat for seat in step.seats)


def _set_back(request: Request, world: World, positions: Collection[int]) -> Request:
    """With the first group open whose votes are gone, or the one before it that is open already: its step has its whole
    time again, and what comes after waits with the votes it has."""
    lost = [step for step in request.plan if step.position in positions]
    first = min(step.group for step in (*lost, *request.open_steps))
    again = [_again(step, world, request) for step in lost if step.group == first and step.state != OPEN]
    later = [_waiting(step, world, request, positions) for step in request.plan if step.group > first]
    return put(request, *again, *later)


def _again(step: Step, world: World, request: Request) -> Step:
    fresh = replace(step, seats=_open(step), used_ms=0, opened_at=None, closed_at=None)
    return time.started(fresh, world.calendar(step, request), world.now)


def _open(step: Step) -> tuple[Seat, ...]:
    """The seats that nobody had to fill any more when it ended are to be filled again."""
    return tuple(replace(seat, state=OPEN) if seat.state == CANCELLED else seat for seat in step.seats)


def _waiting(step: Step, world: World, request: Request, positions: Collection[int]) -> Step:
    if step.state == OPEN:
        step = time.paused(step, world.calendar(step, request), world.now)
    seats = _open(step) if step.position in positions else step.seats
    return replace(step, state=WAITING, closed_at=None, due_at=None, resumed_at=None, seats=seats)
