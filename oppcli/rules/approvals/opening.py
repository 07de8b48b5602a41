"""What follows from a vote: steps close, the next group opens, repeats are filled in, the request ends (2, 6, 7, 8)."""

from oppcli.model.journal import SYSTEM
from oppcli.model.noun import replace
from oppcli.model.requests import (
    APPROVE,
    APPROVED,
    OPEN,
    PENDING,
    REJECTED,
    WAITING,
    Decision,
    Request,
    Step,
)
from oppcli.model.said import say
from oppcli.rules.approvals import telling, time
from oppcli.rules.approvals.authority import Chance, chances
from oppcli.rules.approvals.counting import outcome, votes
from oppcli.rules.approvals.eligible import brings
from oppcli.rules.approvals.recording import record
from oppcli.rules.approvals.seating import approvals_wanted, seats_of, settle
from oppcli.rules.approvals.transition import Event, Transition, close_plan, close_step, current, lapsed, put
from oppcli.rules.approvals.world import World


def proceed(request: Request, world: World, *, by: str = SYSTEM) -> Transition:
    """Close what is decided and open what comes next, until somebody must act or the request is over."""
    done = Transition(request)
    while True:
        done = _close_decided(done, world)
        lost = next((step for step in done.request.plan if step.state == REJECTED), None)
        if lost is not None:
            return done.then(_step_lost(done.request, world, lost, by))
        if done.request.open_steps:
            return done.then(settle(done.request, world))
        group = min((step.group for step in done.request.plan if step.state == WAITING), default=None)
        if group is None:
            return done.then(_passed(done.request, world, by))
        done = done.then(_open_group(done.request, world, group))


def _close_decided(done: Transition, world: World) -> Transition:
    for step in done.request.open_steps:
        state = outcome(step)
        if state is not None:
            closed = put(done.request, close_step(step, state, world.now))
            done = done.then(Transition(closed, events=(Event("step", SYSTEM, step.name, was=OPEN, now=state),)))
    return done


def _step_lost(request: Request, world: World, lost: Step, by: str) -> Transition:
    """A rejected step ends the request, or sends it back where the policy says so; everything else is cancelled."""
    people = telling.concerned(request, world)
    reason = next((d.told for d in reversed(request.decisions) if d.step == lost.position), None)
    closed = close_plan(request, world.now)
    after = None
    if lost.on_reject == "return":
        from oppcli.rules.approvals import rounds

        after = None if rounds.spent(request, world) else rounds.given_back(closed, world, reason)
    if after is None:
        after = lapsed(replace(closed, state=REJECTED, reason=reason, decided_at=world.now), world.now)
    state = after.state
    told = telling.ended(after, world, people, state, by=by, why=reason or "")
    return Transition(after, told, (Event("request", SYSTEM, reason=reason, was=PENDING, now=state),))


def _passed(request: Request, world: World, by: str) -> Transition:
    until = time.valid_until(request, world)
    after = replace(request, state=APPROVED, decided_at=world.now, valid_until=until, reason=None)
    told = telling.ended(after, world, telling.submitters(request, world), APPROVED, by=by)
    told += telling.copied(after, world, world.type_rule(request).cc, "approved")
    return Transition(after, told, (Event("request", SYSTEM, was=PENDING, now=APPROVED),))


def _open_group(request: Request, world: World, group: int) -> Transition:
    """Every step of a group opens at once; then what its people decided one group earlier is repeated for them."""
    done = Transition(request)
    fresh = []
    for step in request.plan:
        if step.group == group and step.state == WAITING:
            done = done.then(_open_step(done.request, world, step))
            fresh += [] if step.seats else [step]
    for step in fresh:
        done = done.then(repeat(done.request, world, current(done.request, step)))
    return done


def _open_step(request: Request, world: World, step: Step) -> Transition:
    """The step open: with new seats, or with those it had when somebody was put before it."""
    seats = step.seats or seats_of(step, request, world)
    ready = replace(step, seats=seats, need=step.need if step.seats else approvals_wanted(step, seats))
    opened = time.started(ready, world.calendar(step, request), world.now)
    after = put(request, opened)
    told = telling.waiting(after, opened, telling.holding(opened), world)
    told += telling.blocked(after, opened, world) if any(seat.blocked for seat in seats) else ()
    told += telling.copied(after, world, _cc(request, world, step), say("{name} opened", name=step.name))
    return Transition(after, told, (Event("step", SYSTEM, step.name, was=WAITING, now=OPEN),))


def _cc(request: Request, world: World, step: Step) -> tuple[str, ...]:
    rules = world.type_rule(request).steps
    return next((rule.cc for rule in rules if rule.name == step.name), ())


def repeat(request: Request, world: World, step: Step) -> Transition:
    """The policy's `repeat`: a seat is filled for a person who approved in the group directly before (consecutive) or
    in any earlier one (all) of this revision, personally and not by such a repetition itself. Whoever was asked in
    addition is asked: no vote repeats into an added step or seat, and none of these repeats; nor where a yes is to be
    explained."""
    done = Transition(request)
    in_person = step.fresh or step.added_by or brings(request, world, step)
    for vote in () if in_person else _repeatable(request, world, step):
        chance = _own_chance(done.request, world, vote.actor, step)
        if chance is not None:
            done = done.then(record(done.request, world, chance, vote.actor, APPROVE, repeats=vote))
        if outcome(current(done.request, step)) is not None:
            break
    return done


def _repeatable(request: Request, world: World, step: Step) -> tuple[Decision, ...]:
    how = world.rules(request).sod.repeat
    if how == "none":
        return ()
    groups = {other.position: other.group for other in request.plan}
    added = {(other.position, seat.number) for other in request.plan for seat in other.seats if seat.added_by}
    added |= {(other.position, seat.number) for other in request.plan if other.added_by for seat in other.seats}
    earlier = [group for group in groups.values() if group < step.group]
    wanted = set(earlier) if how == "all" else {max(earlier, default=None)}
    mine = [v for v in votes(request) if v.verdict == APPROVE and not v.automatic and v.on_behalf_of is None]
    return tuple(vote for vote in mine if groups[vote.step] in wanted and (vote.step, vote.seat) not in added)


def _own_chance(request: Request, world: World, login: str, step: Step) -> Chance | None:
    found = (c for c in chances(request, world, login) if c.step.position == step.position and c.on_behalf_of is None)
    return next((chance for chance in found if not chance.seat.added_by), None)
