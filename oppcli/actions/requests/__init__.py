"""Requests for approval as verbs; here, what the verbs of other nouns owe to requests, in the same transaction.

The rules are imported where a request is concerned: a deal that nobody approves must not pay for them.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from oppcli.actions.act import Act, Look
from oppcli.errors import Reason, Refused
from oppcli.model.deals import Deal, File
from oppcli.model.people import User
from oppcli.model.policy import Policy
from oppcli.model.refs import ref
from oppcli.model.requests import APPROVED, INVALIDATED, LIVE_STATES, MOVES, REJECTED, Request
from oppcli.model.said import say
from oppcli.store import waiting

if TYPE_CHECKING:
    from oppcli.rules.approvals.world import Offers, World

SETTLED = (*LIVE_STATES, APPROVED)
"""States in which a change of the deal can do something to a request."""


def move_reasons(
    look: Look,
    deal: Deal,
    types: Iterable[str] = (),
    *,
    files: Iterable[File] | None = None,
    forward: bool = False,
    winning: bool = False,
    into: str = "",
) -> tuple[Reason, ...]:
    """What approvals are in the way of a move, how each stands, and the command that moves it on: those that the gates
    on the way ask for (`types`); going `forward`, those of gates passed that no longer hold, and `into` a stage the
    open terms of a yes; for a win, what waits; and always what holds the deal where it is."""
    types = tuple(types)
    known = look.of_deal(Request, deal.id)
    locked = any(request.live and _may_hold(look, request) for request in known)
    given = forward and any(request.state in (APPROVED, INVALIDATED) for request in known)
    live = winning and any(request.state in LIVE_STATES for request in known)
    with_terms = bool(into) and any(request.terms for request in known)
    if not (types or given or live or locked or with_terms):
        return ()
    from oppcli.actions.requests.surroundings import around
    from oppcli.rules.approvals import gates

    world = look.world(deal, lambda: around(look, deal, requests=known, files=files))
    found = gates.gate_reasons(world, types)
    _spared(look, world, types)
    if locked:
        from oppcli.rules.approvals.locking import held_by

        held = held_by(world)
        found = (*held, *(reason for reason in found if reason.what not in {each.what for each in held}))
    if with_terms:
        from oppcli.rules.approvals import terms

        found += terms.move_reasons(world, into)
    if given:
        found += tuple(reason for state in gates.flagged(world) for reason in state.reasons)
    told = {reason.what for reason in found}
    if live:
        from oppcli.rules.approvals.ending import winning_objections

        found += tuple(reason for reason in winning_objections(world) if reason.what not in told)
    if types or forward:
        found += _files_changed(look, world, types, files)
    return tuple(dict.fromkeys(found))


def _spared(look: Look, world: "World", types: Iterable[str]) -> None:
    """Keep why a type is not required that a gate asks for."""
    from oppcli.rules.approvals import gates

    for state in gates.gate_states(world, types):
        if state.state == gates.NOT_REQUIRED:
            from oppcli.rules.approvals.skipping import not_asked

            look.spared[state.type] = not_asked(world.policy.types[state.type], world, world.policy, world.policy.hide)


def held(look: Look, deal: Deal) -> tuple[Reason, ...]:
    """The live requests that let a deal not be moved or put away."""
    if not any(MOVES in rule.lock for rule in look.policy.types.values()):
        return ()
    known = look.of_deal(Request, deal.id)
    if not any(request.live and _may_hold(look, request) for request in known):
        return ()
    from oppcli.actions.requests.surroundings import around
    from oppcli.rules.approvals.locking import held_by

    return held_by(around(look, deal, requests=known))


def _may_hold(look: Look, request: Request) -> bool:
    """Whether the rules a request was submitted under may let it hold the deal where it is."""
    rule = look.policy.types.get(request.type)
    return request.policy != look.policy.hash or (rule is not None and MOVES in rule.lock)


def _files_changed(
    look: Look, world: "World", types: Iterable[str], files: Iterable[File] | None
) -> tuple[Reason, ...]:
    """Files that a move rests on and that are not what was approved any more; a warning of what cannot be read here."""
    from oppcli.rules.approvals import gates

    shown = gates.files_shown(world, types)
    if not shown:
        return ()
    from oppcli.actions import evidence

    known = look.files(world.deal.id) if files is None else files
    reasons, warnings = evidence.approved(known, shown)
    look.warnings.extend(warnings)
    return reasons


def deal_changed(
    act: Act,
    before: Deal,
    after: Deal,
    *,
    had: Iterable[File] | None = None,
    offered: "Offers | None" = None,
    why: str | None = None,
) -> tuple[str, ...]:
    """Requests follow a change of the deal's fields, owner or files: the next revision, a return, an approval that no
    longer holds, the next request. One line each. `had` are the files, `offered` is what it was offered for, where that
    changed; `why` is what was said of it. Refused where the policy locks what changed."""
    found = [request for request in act.door.find(Request, deal_id=after.id) if _concerned(act, request)]
    if not found:
        return ()
    from oppcli.actions.requests.keeping import keep, state_line
    from oppcli.actions.requests.surroundings import around
    from oppcli.rules.approvals import changing

    now = around(act, after, requests=found)
    was = around(act, before, requests=found, files=had, quoted=offered)
    lines = []
    for request in found:
        touched = changing.touches(request, was, now)
        done = changing.deal_changed(request, now, act.by, touched=touched, reason=why)
        fell = done.request
        if (before.owner, before.collaborators) != (after.owner, after.collaborators):
            from oppcli.rules.approvals import taking_over

            done = done.then(taking_over.parts_changed(done.request, now, was, act.by))
        saved = keep(act.door, request, done, now, "deal changed")
        if saved != request:
            lines.append(state_line(request, saved, now))
        if fell.state == INVALIDATED != request.state:
            from oppcli.actions.requests.repeating import repeated

            lines += repeated(act, request, fell, now)
    return tuple(line for line in lines if line)


def _concerned(act: Act, request: Request) -> bool:
    """Whether a change of the deal can do something to it, or be refused because of it."""
    if request.state in SETTLED:
        return True
    rule = act.policy.types.get(request.type)
    return request.state == REJECTED and rule is not None and REJECTED in rule.lock


def require_editor(act: Act, deal: Deal) -> Callable[[Deal], None]:
    """Refuse who may not change a deal; what is given back refuses the changed deal to who may only fill something in.
    Nothing is looked up where no step says so."""
    steps = (step for rule in act.policy.types.values() for step in rule.steps)
    if any(step.fills for step in steps):
        from oppcli.actions.requests import filling

        names = filling.fillable(act, deal)
        if names:
            act.require_kept(deal)
            return lambda after: filling.require_only(act, deal, after, names)
    act.require_deal("deal edit", deal)
    return lambda after: None


def deal_lost(act: Act, deal: Deal) -> tuple[str, ...]:
    """Nothing waits for a lost deal: live requests are cancelled."""
    return _deal_gone(act, deal, "deal lost")


def deal_withdrawn(act: Act, deal: Deal) -> tuple[str, ...]:
    """Nothing waits for a deal that was taken back."""
    return _deal_gone(act, deal, "deal withdrawn")


def _deal_gone(act: Act, deal: Deal, why: str) -> tuple[str, ...]:
    found = act.door.find(Request, deal_id=deal.id, state=LIVE_STATES)
    if not found:
        return ()
    from oppcli.actions.requests.keeping import keep, state_line
    from oppcli.actions.requests.surroundings import around
    from oppcli.rules.approvals import ending

    world = around(act, deal, requests=found)
    pairs = [(r, keep(act.door, r, ending.deal_gone(r, world, why), world, why)) for r in found]
    return tuple(state_line(before, after, world) for before, after in pairs)


def deal_winning(look: Look, deal: Deal) -> None:
    """Refuse to win a deal while something waits for approval, listing it."""
    from oppcli.rules import pipeline

    reasons = move_reasons(look, deal, winning=True, into=pipeline.winning_stage(deal, look.policy).name)
    if reasons:
        raise Refused(say("{deal} has live requests and cannot be won yet", deal=ref("deal", deal.id)), reasons=reasons)


def people_changed(act: Act, before: User, after: User) -> tuple[str, ...]:
    """Open seats follow somebody who left, came back, or lost or won a role; so do their returned requests. One line
    per request. The act has seen nobody yet, or everybody as they are now."""
    roles = set(before.roles) ^ set(after.roles)
    returned: list[int] = []
    if before.active != after.active:
        roles = {*before.roles, *(role for role, logins in act.policy.roles.items() if after.login in logins)}
        returned = waiting.returned_to(act.door, after.login)
    elif not roles:
        return ()
    numbers = {*waiting.concerned(act.door, after.login, roles), *returned}
    return _follow(act, sorted(numbers), was=before)


def policy_applied(act: Act, old: Policy | None) -> tuple[str, ...]:
    """Roles, the fallback and calendars are live: open seats and due times follow a policy that changed them."""
    live = ("roles", "fallback", "calendars")
    if old is None or all(getattr(old, name) == getattr(act.policy, name) for name in live):
        return ()
    return _follow(act, waiting.pending(act.door), verb="policy applied")


def _follow(
    act: Act,
    numbers: Sequence[int],
    *,
    verb: str = "people changed",
    was: User | None = None,
) -> tuple[str, ...]:
    """These requests with the people and calendars of now; `was` is somebody as they were before. One line each, with
    what moved."""
    if not numbers:
        return ()
    from oppcli.actions.requests.keeping import followed_line, keep
    from oppcli.actions.requests.surroundings import around
    from oppcli.rules.approvals import handover, time

    lines, world = [], None
    for number in sorted(numbers):
        request = act.door.get(Request, number)
        deal = act.door.get(Deal, request.deal_id)
        world = around(act, deal, requests=(request,), files=(), like=world)
        before = world._replace(users={**world.users, was.login: was}) if was else world
        done = handover.people_changed(request, world, before)
        done = done.then(time.recompute(done.request, world))
        saved = keep(act.door, request, done, world, verb)
        if saved != request or done.events:
            lines.append(followed_line(request, saved, world))
    return tuple(lines)
