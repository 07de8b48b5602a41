"""When facts change under a request: what is material, the next revision, an approval that no longer holds
(transitions 12 to 16)."""

from oppcli.errors import Reason
from oppcli.model.notices import Notice
from oppcli.model.noun import replace
from oppcli.model.requests import APPROVED, CANCELLED, INVALIDATED, PENDING, REJECTED, RETURNED, Request, Revision
from oppcli.model.said import listed, say
from oppcli.rules import fields
from oppcli.rules.approvals import figures, planning, telling
from oppcli.rules.approvals.covering import Change, changes, material
from oppcli.rules.approvals.eligible import owners
from oppcli.rules.approvals.opening import proceed
from oppcli.rules.approvals.transition import Event, Transition, close_plan, lapsed
from oppcli.rules.approvals.world import World

NOT_REQUIRED = "no longer required"


def deal_changed(request: Request, world: World, actor: str, *, touched: bool, reason: str | None = None) -> Transition:
    """What a change of the deal does to one of its requests. `touched`: it changed a material field or cleared one that
    the type needs (`touches`). Refused (`locked`) where the type locks the deal, but to an admin with a reason.

    pending → next revision, or returned when something needed was cleared; returned → noted; approved → invalidated."""
    if not touched or request.state not in (PENDING, RETURNED, APPROVED, REJECTED):
        return Transition(request)
    if world.type_rule(request).lock:
        _require_unlocked(request, world, actor, reason)
    if request.state == REJECTED:
        return Transition(request)
    if request.state == PENDING:
        return _changed_while_pending(request, world, actor)
    found = material(request, world)
    if not found:
        return Transition(request)
    if _asked_for(request, world, actor, found):
        return _agreed(request, actor, found)
    if request.state == APPROVED:
        return invalidate(request, world, actor, say("{list} after approval", list=_list(found)))
    return Transition(_noted(request, world, actor))


def _changed_while_pending(request: Request, world: World, actor: str) -> Transition:
    """Not needed any more → cancelled; something needed is gone → returned; outside tolerance → next revision."""
    rule, policy = world.type_rule(request), world.rules(request)
    found = material(request, world)
    gaps = tuple(gap for gap in planning.missing(rule, policy, world) if found or gap.what in rule.needs)
    if gaps and not (found and planning.surely_not_required(rule, world.facts(policy))):
        return _incomplete(request, world, actor, gaps)
    if not found:
        return Transition(request)
    if _asked_for(request, world, actor, found):
        return _agreed(request, actor, found)
    return restart(request, world, actor, "changed", editors=_outsiders(request, world, (actor,)), why=_list(found))


def touches(request: Request, before: World, after: World) -> bool:
    """Whether a change of the deal altered a material field of this request, or cleared one that its type needs."""
    policy, rule = after.rules(request), after.type_rule(request)
    if planning.lacking(rule, policy, after) - planning.lacking(rule, policy, before):
        return True
    kinds = fields.field_kinds(policy)
    old, new = before.raw_facts(policy), after.raw_facts(policy)
    same = all(
        figures.shown_fact(name, old, kinds, before) == figures.shown_fact(name, new, kinds, after)
        for name in rule.material
    )
    return not same or ("amount" in rule.material and before.deal.currency != after.deal.currency)


def _list(found: tuple[Change, ...]) -> str:
    return listed((change.kept for change in found), "; ")


def _require_unlocked(request: Request, world: World, actor: str, why: str | None) -> None:
    from oppcli.rules.approvals import locking

    if locking.locks(request, world) and (fields := _standing_still(request, world, actor)):
        locking.require_unlocked(request, world, actor, fields, why)


def _asked_for(request: Request, world: World, actor: str, found: tuple[Change, ...]) -> bool:
    """Whether approvers have asked for these changes, or whoever decides makes them as the step wants it."""
    if not (request.terms or any(step.fills for step in world.type_rule(request).steps)):
        return False
    from oppcli.rules.approvals import foreseeing

    return foreseeing.foreseen(request, world, found) or foreseeing.filled(request, world, actor, found)


def _agreed(request: Request, actor: str, found: tuple[Change, ...]) -> Transition:
    from oppcli.rules.approvals import foreseeing

    return foreseeing.agreed(request, actor, found)


def _standing_still(request: Request, world: World, actor: str) -> tuple[str, ...]:
    """What is no longer as it was shown, or is gone, tolerated or not."""
    rule, policy = world.type_rule(request), world.rules(request)
    gone = (gap.what for gap in planning.missing(rule, policy, world) if gap.what in rule.needs)
    found = changes(request, world)
    if _asked_for(request, world, actor, found):
        return ()
    return tuple(change.field for change in found) or tuple(gone)


def _outsiders(request: Request, world: World, logins: tuple[str, ...]) -> tuple[str, ...]:
    """Those who neither submitted it nor own the deal; these two never decide anyway."""
    inside = (request.submitted_by, *owners(request, world))
    return tuple(login for login in dict.fromkeys(logins) if login not in inside)


def _noted(request: Request, world: World, actor: str) -> Request:
    """Somebody edits a returned request's facts: remembered for the revision that its resubmission starts."""
    new = _outsiders(request, world, (*request.facts.next_editors, actor))
    return _with_facts(request, replace(request.facts, next_editors=new))


def _with_facts(request: Request, facts: Revision) -> Request:
    kept = tuple(facts if revision.number == facts.number else revision for revision in request.revisions)
    return replace(request, revisions=kept)


def _incomplete(request: Request, world: World, actor: str, gaps: tuple[Reason, ...]) -> Transition:
    """Something the approvers need was cleared, or cannot be counted: back to the submitter, clocks stopped. Refused
    where it may not go back once more."""
    from oppcli.rules.approvals import rounds

    rounds.require_round(request, world, gaps)
    names = [gap.what for gap in gaps if gap.slug != planning.NO_RATE]
    cleared = [say("{names} {names2:was|were} cleared", names=listed(names), names2=len(names))] if names else []
    reason = listed((*cleared, *(gap.detail for gap in gaps if gap.slug == planning.NO_RATE)), "; ")
    after = rounds.given_back(_noted(request, world, actor), world, reason)
    return telling.turned(request, after, world, telling.concerned(request, world), by=actor, reason=reason)


def restart(
    request: Request,
    world: World,
    actor: str,
    cause: str,
    *,
    editors: tuple[str, ...],
    why: str,
    rules: str | None = None,
) -> Transition:
    """The next revision: old decisions stop counting, the facts are shown anew, step 1 opens with its full time.

    Without any step left the request is cancelled, no longer required. `rules` is another policy's hash (rebase)."""
    people = telling.asked(request)
    closed = replace(close_plan(request, world.now), policy=request.policy if rules is None else rules)
    policy, rule = world.rules(closed), world.type_rule(closed)
    number = request.revision + 1
    steps = planning.steps_of(planning.applies(rule, world.facts(policy)), policy, number)
    if not steps:
        return no_longer_required(closed, world, actor, people)
    seen = figures.snapshot(rule, policy, world)
    away = planning.planned_away(rule, world.facts(policy))
    shown = Revision(number=number, snapshot=seen, at=world.now, editor=actor, editors=editors, why=cause, skipped=away)
    after = replace(
        closed,
        state=PENDING,
        revision=number,
        reason=None,
        amount=world.deal.amount,
        currency=world.deal.currency,
        revisions=(*closed.revisions, shown),
        steps=(*closed.steps, *steps),
    )
    after = lapsed(after, world.now)
    told = _started_again(after, world, actor, people, why)
    event = Event("revision", actor, reason=why, was=str(request.revision), now=str(number))
    return Transition(after, told, (event,)).then(proceed(after, world, by=actor))


def _started_again(request: Request, world: World, actor: str, people: tuple[str, ...], why: str) -> tuple[Notice, ...]:
    """Old → new, to everybody who had voted or held a seat."""
    subject = telling.subject(request, world)
    text = say(
        "{subject}: revision {revision} ({why}); earlier decisions no longer count",
        subject=subject,
        revision=request.revision,
        why=why,
    )
    return telling.tell(request, world, (login for login in people if login != actor), "changed", text)


def no_longer_required(request: Request, world: World, actor: str, people: tuple[str, ...]) -> Transition:
    after = lapsed(replace(request, state=CANCELLED, reason=NOT_REQUIRED, decided_at=world.now), world.now)
    told = (*telling.submitters(after, world), *people)
    return telling.turned(request, after, world, told, by=actor, reason=NOT_REQUIRED)


def invalidate(request: Request, world: World, actor: str, reason: str) -> Transition:
    """The approval no longer holds: its gate closes again."""
    after = lapsed(replace(request, state=INVALIDATED, invalidated_at=world.now, reason=reason), world.now)
    return telling.turned(request, after, world, telling.concerned(request, world), by=actor, reason=reason)
