"""What a gate still asks for: each demanded type with the state of its approval, who holds it, and the next command."""

from collections.abc import Iterable

from oppcli.errors import Reason
from oppcli.model.command import command
from oppcli.model.deals import LOST
from oppcli.model.policy import TypeRule
from oppcli.model.refs import ref
from oppcli.model.requests import APPROVED, CANCELLED, FILE, INVALIDATED, PENDING, RECALLED, RETURNED, Request
from oppcli.model.said import listed, say
from oppcli.rules import conditions
from oppcli.rules.approvals import planning
from oppcli.rules.approvals.covering import EXPIRED, expired, holds_until, material, rests_on_nothing_over
from oppcli.rules.approvals.eligible import called
from oppcli.rules.approvals.seating import settle
from oppcli.rules.approvals.situation import next_command, standing
from oppcli.rules.approvals.telling import seated
from oppcli.rules.approvals.world import World
from oppcli.rules.pipeline import passed
from oppcli.tuples import NamedTuple

MISSING, UNKNOWN, NOT_REQUIRED, CHANGED, IMPORTED = "missing", "unknown", "not_required", "changed", "imported"


class GateState(NamedTuple):
    """One type a gate asks for, and how its approval stands."""

    type: str
    state: str
    """approved or not_required: the gate is open. Else missing, unknown (facts are missing that decide whether it is
    required), pending, returned, rejected, invalidated, expired, changed (the facts differ from what was approved),
    imported (a file brought its votes)."""
    request: int | None = None
    reasons: tuple[Reason, ...] = ()

    @property
    def passes(self) -> bool:
        return self.state in (APPROVED, NOT_REQUIRED)


def gate_reasons(world: World, types: Iterable[str]) -> tuple[Reason, ...]:
    """Everything that keeps these types from being approved and valid now; empty when the gate is open."""
    found = (reason for state in gate_states(world, types) for reason in state.reasons)
    return tuple(dict.fromkeys(found))


def gate_states(world: World, types: Iterable[str]) -> tuple[GateState, ...]:
    """How the approval of each type stands. Whether one is required, the policy of now says; whether an approval still
    holds, the rules it was given under."""
    return tuple(gate_state(world, name) for name in dict.fromkeys(types))


def gate_state(world: World, name: str) -> GateState:
    """How the approval of one type stands; worked out once for a world."""
    found: GateState | None = world.states.get(name)
    if found is None:
        found = world.states[name] = _state(world, name)
    return found


def _state(world: World, name: str) -> GateState:
    rule = planning.type_named(world.policy, name)
    if required(rule, world) is False:
        return GateState(type=name, state=NOT_REQUIRED)
    request = speaks_for(world, name)
    if request is None:
        return _never_asked(rule, world)
    if request.history:
        return _imported(request, world)
    if request.state == PENDING:
        return _pending(request, world)
    if request.state == APPROVED:
        return _approved(request, world)
    detail = say("{request} {standing}", request=called(request), standing=standing(request, world))
    fix = command("request", "resubmit", called(request)) if request.state == RETURNED else _submit(world, name)
    return _shut(request, request.state, detail, fix)


def _shut(request: Request, state: str, detail: str, fix: str) -> GateState:
    """What a request is in the way with, and what to do about it."""
    reason = Reason(say("approval {type}", type=request.named_type), detail, fix)
    return GateState(type=request.type, state=state, request=request.id, reasons=(reason,))


def required(rule: TypeRule, world: World) -> bool | None:
    """Whether the current policy asks for this approval of the deal; None where missing facts leave it open."""
    facts = world.facts(world.policy)
    if planning.surely_not_required(rule, facts):
        return False
    try:
        return bool(planning.applies(rule, facts))
    except conditions.Missing:
        return None


def speaks_for(world: World, name: str) -> Request | None:
    """The request that decides: the last one that was not taken back or cancelled. A live one gives way to an earlier
    approval that still holds, and what a file brought to whatever was asked here."""
    live: Request | None = None
    past: Request | None = None
    for request in reversed(world.requests):
        if request.type != name or request.state in (RECALLED, CANCELLED):
            continue
        if request.history:
            past = past or request
        elif not request.live:
            return request if live is None or holds(request, world) else live
        else:
            live = live or request
    return live or past


def holds(request: Request, world: World) -> bool:
    """Approved here or vouched for, not expired, and the facts are still those that were approved: checked live,
    without anybody having marked it; worked out once for a world."""
    if request.state != APPROVED or request.history:
        return False
    told, found = world.holding.get(request.id, (None, False))
    if told is not request:
        found = not expired(request, world) and not material(request, world) and rests_on_nothing_over(request, world)
        world.holding[request.id] = (request, found)
    return found


def _imported(request: Request, world: World) -> GateState:
    """What a file says was decided is history, whatever it says."""
    brought = world.brought(request)
    by = say(" by {who} on {when}", who=brought[0], when=world.say(brought[1])) if brought else ""
    detail = say("{request} was imported{by}; submit it here", request=called(request), by=by)
    return _shut(request, IMPORTED, detail, _submit(world, request.type))


def _approved(request: Request, world: World) -> GateState:
    if holds(request, world):
        return GateState(type=request.type, state=APPROVED, request=request.id)
    changed = material(request, world)
    if not changed and not rests_on_nothing_over(request, world):
        state, detail = (
            EXPIRED,
            say("{request} rests on a quote that {why}", request=called(request), why=world.offered().over),
        )
    elif changed:
        state, detail = (
            CHANGED,
            say("{map} since {request} was approved", map=listed(map(str, changed), "; "), request=called(request)),
        )
    else:
        state, detail = (
            EXPIRED,
            say(
                "{request} expired on {valid_until}",
                request=called(request),
                valid_until=world.say(holds_until(request, world) or 0),
            ),
        )
    return _shut(request, state, detail, _submit(world, request.type))


def _pending(request: Request, world: World) -> GateState:
    live = settle(request, world).request
    people = seated(live)
    since = min((step.opened_at for step in live.open_steps if step.opened_at is not None), default=None)
    due = min((step.due_at for step in live.open_steps if step.due_at is not None), default=None)
    detail = say("pending at {people}", people=listed(people)) if people else say("pending, and nobody can decide it")
    detail = say(
        "{detail}{since}",
        detail=detail,
        since=say(" since {since}", since=world.say(since)) if since is not None else "",
    )
    detail = say("{detail}{due}", detail=detail, due=say(", due {due}", due=world.say(due)) if due is not None else "")
    return _shut(request, PENDING, detail, next_command(live, world))


def _never_asked(rule: TypeRule, world: World) -> GateState:
    gaps = planning.missing(rule, world.policy, world)
    detail = "" if gaps else preview(rule, world)
    reason = Reason(say("approval {name}", name=rule.named), detail, _submit(world, rule.name))
    return GateState(type=rule.name, state=UNKNOWN if gaps else MISSING, reasons=(*gaps, reason))


def _submit(world: World, name: str) -> str:
    return command("request", "submit", ref("deal", world.deal.id), name)


def preview(rule: TypeRule, world: World) -> str:
    """`would ask wang, then zhou; due Tue 10 Mar 10:00`: what a submit by the owner would start."""
    from oppcli.rules.approvals.outlook import outlook  # plays the whole engine, where nobody asked yet

    draft = planning.draft(world, rule, world.policy, world.deal.owner or "")
    expected = outlook(draft, world)
    groups: dict[int, list[str]] = {}
    for item in expected:
        seats = [listed((holder.login for holder in seat.holders), " or ") or say("nobody") for seat in item.step.seats]
        groups.setdefault(item.step.group, []).extend(seats)
    asked = listed((listed(dict.fromkeys(seats), " and ") for seats in groups.values()), ", then ")
    due = max((item.due for item in expected if item.due is not None), default=None)
    return say(
        "would ask {asked}{due}", asked=asked, due=say("; due {due}", due=world.say(due)) if due is not None else ""
    )


def files_shown(world: World, types: Iterable[str]) -> dict[str, frozenset[str]]:
    """Kind → fingerprints of the files that the approvals of these types rest on, those of gates passed before
    included."""
    found: dict[str, frozenset[str]] = {}
    for name in dict.fromkeys((*types, *_demanded(world))):
        request = speaks_for(world, name)
        if request is None or not holds(request, world):
            continue
        for fact, shown in request.facts.snapshot.items():
            if fact.startswith(FILE) and shown:
                kind = fact.removeprefix(FILE)
                found[kind] = found.get(kind, frozenset()) | frozenset(shown.split(","))
    return found


def _demanded(world: World) -> tuple[str, ...]:
    """The types that gates behind the deal asked for."""
    behind = passed(world.deal.stage, world.policy)
    return tuple(dict.fromkeys(name for stage in behind for name in world.policy.gates.get(stage.name, ())))


def flagged(world: World) -> tuple[GateState, ...]:
    """Approvals the deal was let through with and that no longer hold, because facts changed or somebody revoked them.
    It is not moved back and cannot move forward. One that merely expired has served its gate."""
    here = world.policy.stage(world.deal.stage)
    if here is None or here.kind == LOST:
        return ()
    given = [name for name in _demanded(world) if any(_was_given(request, name) for request in world.requests)]
    return tuple(state for state in gate_states(world, given) if _fell(state, world))


def _was_given(request: Request, name: str) -> bool:
    return request.type == name and request.state in (APPROVED, INVALIDATED) and not request.history


def _fell(state: GateState, world: World) -> bool:
    """Whether the approval behind it was lost; while a new request is on its way, it still is."""
    if state.passes or state.state == EXPIRED:
        return False
    lost = [r for r in world.requests if _was_given(r, state.type)]
    return lost[-1].reason != EXPIRED
