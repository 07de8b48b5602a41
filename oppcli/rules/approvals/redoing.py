"""Back to an earlier step: its group and what came after are asked again (transition 35). No round, and pending
throughout."""

from oppcli.errors import Conflict, NotFound, Reason
from oppcli.model.command import BLANK, command
from oppcli.model.noun import replace
from oppcli.model.requests import APPROVED, OPEN, REDONE, RETURN, WAITING, Request, Step
from oppcli.model.said import say
from oppcli.rules.approvals import planning, telling
from oppcli.rules.approvals.authority import Chance
from oppcli.rules.approvals.eligible import called
from oppcli.rules.approvals.recording import record
from oppcli.rules.approvals.transition import Event, Transition, close_step, lapsed, put
from oppcli.rules.approvals.world import World


def target(request: Request, chance: Chance, name: str) -> Step:
    """The approved step of an earlier group that is called so. Refused with those there are, else with
    the way back to the submitter."""
    earlier = [s for s in request.plan if s.group < chance.step.group and s.state == APPROVED]
    found = next((step for step in earlier if step.name == name), None)
    if found is not None:
        return found
    known = any(step.name == name for step in request.plan)
    told = (
        say("{request} cannot go back to {step} from {here}", request=called(request), step=name, here=chance.step.name)
        if known
        else say("{request} has no step {step}", request=called(request), step=name)
    )
    ways = tuple(
        Reason(step.name, "", command("request", "return", called(request), "--to", step.name, "-m", BLANK))
        for step in earlier
    )
    whole = command("request", "return", called(request), "-m", BLANK)
    raise (Conflict if known else NotFound)(told, reasons=ways, hint=None if ways else whole)


def sent_back(
    live: Transition, world: World, chance: Chance, actor: str, to: str, *, reason: str | None, code: str | None
) -> Transition:
    """The return recorded, and everything from the step it goes to on asked again."""
    first = target(live.request, chance, to)
    done = live.then(record(live.request, world, chance, actor, RETURN, reason=reason, code=code, target=first.name))
    return done.then(redone(done.request, world, first, actor, done.request.decisions[-1].told))


def redone(request: Request, world: World, first: Step, actor: str, why: str | None) -> Transition:
    """Every step from the group of `first` on redone, a copy of each in its place, with its full time; nothing is
    opened yet. Whoever was asked beside somebody is asked again by whom they were; steps that were added stay."""
    old = [step for step in request.plan if step.group >= first.group]
    place = max(step.position for step in request.steps if step.revision == request.revision)
    copies = [_copy(step, request, world, place + number) for number, step in enumerate(old, 1)]
    after = lapsed(put(request, *(_closed(step, world.now) for step in old), *copies), world.now)
    people = telling.concerned(request, world)
    text = say(
        "{subject}: {who} sent it back to {step}{why}; votes from there on no longer count",
        subject=telling.subject(request, world),
        who=actor,
        step=first.name,
        why=say(" ({why})", why=why) if why else "",
    )
    told = telling.tell(after, world, (login for login in people if login != actor), "changed", text)
    return Transition(after, told, (Event("redo", actor, first.name, reason=why),))


def _closed(step: Step, now: int) -> Step:
    if step.state == APPROVED:
        return replace(step, state=REDONE)
    closed = close_step(step, REDONE, now)
    return replace(closed, closed_at=now if step.state == OPEN else None, due_at=step.due_at, resumed_at=None)


def _copy(step: Step, request: Request, world: World, position: int) -> Step:
    """As the policy plans it, always in person; of an added one the person it was added for."""
    rules = {rule.name: rule for rule in world.type_rule(request).steps}
    fresh = replace(
        step,
        position=position,
        state=WAITING,
        fresh=True,
        opened_at=None,
        closed_at=None,
        due_at=None,
        resumed_at=None,
        used_ms=0,
        remaining_ms=None,
        breached_at=None,
        level=0,
        reminded=(),
        seats=(),
    )
    if step.added_by is not None:
        return replace(fresh, rule="any", need=1, share=None)
    planned = planning.step_of(rules[step.name], world.rules(request), step.revision, position, step.group)
    return replace(fresh, rule=planned.rule, need=planned.need, share=planned.share)
