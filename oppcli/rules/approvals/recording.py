"""Writing a decision into a request: an immutable record, and the seat it fills."""

import json
from collections.abc import Collection

from oppcli.model.digest import sha256
from oppcli.model.noun import replace
from oppcli.model.requests import APPROVE, APPROVED, OPEN, REJECT, REJECTED, WITHDRAW, Decision, Request
from oppcli.rules import fields
from oppcli.rules.approvals.authority import Chance
from oppcli.rules.approvals.eligible import parts
from oppcli.rules.approvals.transition import Event, Transition, current, lapsed, put, put_seats, step_at
from oppcli.rules.approvals.world import World

SEAT_STATE = {APPROVE: APPROVED, REJECT: REJECTED}


def record(
    request: Request,
    world: World,
    chance: Chance,
    actor: str,
    verdict: str,
    *,
    reason: str | None = None,
    code: str | None = None,
    target: str | None = None,
    files: tuple[str, ...] = (),
    repeats: Decision | None = None,
) -> Transition:
    """The decision appended; a vote fills its seat, a return leaves it open. Nothing is evaluated here."""
    made = replace(
        decision(request, world, actor, verdict, reason=reason),
        step=chance.step.position,
        seat=chance.seat.number,
        on_behalf_of=chance.on_behalf_of,
        automatic=repeats is not None,
        refers_to=repeats.number if repeats else None,
        own=actor in parts(request, world, edited=False),
        code=code,
        target=target,
        files=files,
    )
    after = replace(request, decisions=(*request.decisions, made))
    state = SEAT_STATE.get(verdict)
    if state is not None:
        filled = replace(chance.seat, state=state, decided_by=actor)
        after = put(after, put_seats(current(after, chance.step), filled))
    event = Event(verdict, actor, chance.step.name, chance.seat.number, chance.on_behalf_of, made.told, OPEN, state)
    return Transition(after, events=(event,))


def taken_back(request: Request, world: World, vote: Decision, actor: str, *, reason: str | None) -> Transition:
    """A vote that counts no more: the record stays, another says so, and its seat is open again."""
    place = step_at(request, vote.revision, vote.step)
    seat = next(seat for seat in place.seats if seat.number == vote.seat)
    made = replace(
        decision(request, world, actor, WITHDRAW, reason=reason),
        step=vote.step,
        seat=vote.seat,
        on_behalf_of=vote.on_behalf_of,
        refers_to=vote.number,
    )
    after = replace(request, decisions=(*request.decisions, made))
    after = lapsed(put(after, put_seats(place, replace(seat, state=OPEN, decided_by=None))), world.now)
    event = Event(WITHDRAW, actor, place.name, seat.number, vote.on_behalf_of, reason, seat.state, OPEN)
    return Transition(after, events=(event,))


def decision(request: Request, world: World, actor: str, verdict: str, *, reason: str | None) -> Decision:
    """A record by `actor` that fills no seat yet, with the hash of what they saw and of the rules it was under."""
    return Decision(
        number=len(request.decisions) + 1,
        revision=request.revision,
        step=0,
        seat=0,
        actor=actor,
        actor_name=world.name(actor),
        verdict=verdict,
        at=world.now,
        reason=reason,
        snapshot_hash=snapshot_hash(request, fields.personal(world.rules(request))),
        policy=request.policy,
    )


def snapshot_hash(request: Request, personal: Collection[str]) -> str:
    """SHA-256 of the material facts as canonical JSON, without those that may tell of a person (`personal`): a hash
    that stays lets a telephone number be tried out. The journal seals them with a salt."""
    facts = {name: value for name, value in request.facts.snapshot.items() if name not in personal}
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode())
