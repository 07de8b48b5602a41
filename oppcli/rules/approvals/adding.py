"""加签: a holder asks for one more approval, before, after or beside their own (transition 20)."""

from oppcli.errors import UsageError
from oppcli.model.approver import user
from oppcli.model.command import command
from oppcli.model.noun import replace
from oppcli.model.requests import OPEN, WAITING, Holder, Request, Seat, Step
from oppcli.model.said import say
from oppcli.rules.approvals import telling, time
from oppcli.rules.approvals.authority import barred
from oppcli.rules.approvals.eligible import called
from oppcli.rules.approvals.handover import now_pending, require_fit, step_of
from oppcli.rules.approvals.opening import proceed
from oppcli.rules.approvals.transition import Event, Transition, put, put_seats
from oppcli.rules.approvals.world import World

BEFORE, AFTER, BESIDE = "before", "after", "beside"


def add_approver(
    request: Request,
    world: World,
    actor: str,
    login: str,
    where: str,
    *,
    reason: str | None = None,
    step: str | None = None,
) -> Transition:
    """A step of its own before or after the actor's, or one more seat beside. It only ever adds: `at least n` becomes
    n+1 of one more, and 或签 becomes both must agree. Refused for a person who could not decide the step."""
    if where not in _ADD:
        raise UsageError(say("{where} is not a place", where=where), hint=say("--before, --after or --beside LOGIN"))
    live = now_pending(request, world)
    place = step_of(live.request, world, actor, step)
    _require_asked_first(live.request, place, actor)
    again = command("request", "add-approver", called(request), f"--{where}", "LOGIN", ready=False)
    require_fit(live.request, world, place, login, again)
    done = _ADD[where](live.request, world, place, login, actor)
    event = Event("add-approver", actor, place.name, reason=reason, now=f"{where} {login}")
    begun = live.then(Transition(done.request, done.notices, (event,)))
    return begun.then(proceed(begun.request, world, by=actor))


def _require_asked_first(request: Request, step: Step, actor: str) -> None:
    """Refuse somebody who was added themselves: they may hand on or answer, not widen the round."""
    held = [seat for seat in step.seats if seat.state == OPEN and actor in {h.login for h in seat.holders}]
    if step.added_by is not None or all(seat.added_by is not None for seat in held):
        told = say("{actor} was added to {step} and may not add others", actor=actor, step=step.name)
        adder = step.added_by or next((seat.added_by for seat in held if seat.added_by), "")
        raise barred(request, told, say("{who} may, who asked for it", who=adder), "nested")


def _beside(request: Request, world: World, step: Step, login: str, actor: str) -> Transition:
    wider = put_seats(step, _seat(max(seat.number for seat in step.seats) + 1, login, actor))
    if step.rule == "any":
        wider = replace(wider, rule="all", need=len(wider.seats))
    else:
        wider = replace(wider, need=step.need + 1)
    after = put(request, wider)
    return Transition(after, telling.waiting(after, wider, (login,), world))


def _after(request: Request, world: World, step: Step, login: str, actor: str) -> Transition:
    """A step of its own right after this one's group; its seat is made when it opens."""
    shifted = _shifted(request, step.group)
    return Transition(put(shifted, _extra(request, step, login, actor, step.group + 1)))


def _before(request: Request, world: World, step: Step, login: str, actor: str) -> Transition:
    """The new step takes this one's place among those open; this one waits right behind them, its clock stopped."""
    waits = time.paused(step, world.calendar(step, request), world.now)
    extra = replace(_extra(request, step, login, actor, step.group), seats=(_seat(1, login, actor),))
    opened = time.started(extra, world.calendar(extra, request), world.now)
    after = put(_shifted(request, step.group), replace(waits, state=WAITING, group=step.group + 1), opened)
    return Transition(after, telling.waiting(after, opened, (login,), world))


_ADD = {BEFORE: _before, AFTER: _after, BESIDE: _beside}


def _seat(number: int, login: str, actor: str) -> Seat:
    return Seat(number=number, holders=(Holder(login=login, how="added", via=actor),), added_by=actor)


def _shifted(request: Request, group: int) -> Request:
    """Room for a group right after this one. Positions stay: decisions refer to them."""
    return put(request, *(replace(step, group=step.group + 1) for step in request.plan if step.group > group))


def _extra(request: Request, step: Step, login: str, actor: str, group: int) -> Step:
    names = {other.name for other in request.plan}
    wanted = (f"{step.name} + {login}{suffix}" for suffix in ("", *(f" {i}" for i in range(2, len(names) + 3))))
    return Step(
        revision=request.revision,
        position=max(other.position for other in request.plan) + 1,
        group=group,
        name=next(name for name in wanted if name not in names),
        who=(user(login),),
        calendar=step.calendar,
        sla_ms=step.sla_ms,
        on_timeout=step.on_timeout,
        on_reject=step.on_reject,
        added_by=actor,
        like=step.like or step.name,
    )
