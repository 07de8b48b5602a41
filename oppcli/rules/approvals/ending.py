"""How a request ends other than by votes: recall, cancel, revoke, override, expiry, and what the end of a deal does
(transitions 10, 11, 17, 18, 27, 28 and 31)."""

from oppcli.errors import Conflict, Reason
from oppcli.model.journal import SYSTEM
from oppcli.model.noun import replace
from oppcli.model.refs import ref
from oppcli.model.requests import (
    APPROVED,
    CANCELLED,
    LIVE_STATES,
    OVERRIDE,
    RECALLED,
    Request,
)
from oppcli.model.said import say
from oppcli.rules.approvals import telling, time
from oppcli.rules.approvals.changing import invalidate
from oppcli.rules.approvals.covering import EXPIRED, expired, material
from oppcli.rules.approvals.eligible import called
from oppcli.rules.approvals.permitted import require, require_overriding, require_reason, require_unrequired
from oppcli.rules.approvals.recording import decision
from oppcli.rules.approvals.situation import at_end, in_the_way, next_command, require_state
from oppcli.rules.approvals.transition import Event, Transition, close_plan, lapsed
from oppcli.rules.approvals.world import World

DEAL_LOST = "deal lost"


def recall(request: Request, world: World, actor: str, *, reason: str | None = None) -> Transition:
    """Taken back by its submitter, the deal's owner or an admin. A new submit starts at step 1 and inherits nothing.
    Refused for others, and when it is over."""
    require_state(request, world, LIVE_STATES)
    require(request, world, actor, "recall")
    return _end(request, world, actor, RECALLED, reason)


def cancel(request: Request, world: World, actor: str, *, reason: str) -> Transition:
    """Ended by an admin without a part in the deal, with a reason."""
    require(request, world, actor, "cancel")
    require_state(request, world, LIVE_STATES)
    require_reason(request, "cancel", reason)
    return _end(request, world, actor, CANCELLED, reason)


def deal_gone(request: Request, world: World, why: str = DEAL_LOST) -> Transition:
    """Nothing waits for a deal that was lost or withdrawn; what was approved stays approved."""
    return _end(request, world, SYSTEM, CANCELLED, why) if request.live else Transition(request)


def _end(request: Request, world: World, actor: str, state: str, reason: str | None) -> Transition:
    ended = replace(close_plan(request, world.now), state=state, reason=reason, decided_at=world.now)
    people = telling.concerned(request, world)
    return telling.turned(request, lapsed(ended, world.now), world, people, by=actor, reason=reason)


def winning_objections(world: World) -> tuple[Reason, ...]:
    """The live requests that keep a deal from being won."""
    return tuple(in_the_way(request, world) for request in world.requests if request.live)


def revoke(request: Request, world: World, actor: str, *, reason: str) -> Transition:
    """An approval taken back by one who gave it in the last group, or by an admin; never by who has a part in the deal.
    Refused for others, without a reason, and where nothing was approved."""
    require_state(request, world, (APPROVED,))
    require(request, world, actor, "revoke")
    require_reason(request, "revoke", reason)
    return invalidate(request, world, actor, reason)


def expire(request: Request, world: World) -> Transition:
    """An approval that ran out no longer opens gates. Where the deal is over there are none left to open, and nobody
    needs to be told."""
    if request.state != APPROVED or not expired(request, world):
        return Transition(request)
    done = invalidate(request, world, SYSTEM, EXPIRED)
    return done._replace(notices=()) if at_end(world) else done


def override(request: Request, world: World, actor: str, *, reason: str) -> Transition:
    """Approved by an admin past its holders, under its own verb: never a holder's decision, reported for 30 days.

    Refused where the policy switches it off (then or now), and for an admin with a part in the deal."""
    require_state(request, world, LIVE_STATES)
    require(request, world, actor, "override")
    require_overriding(request, world)
    require_unrequired(request, world)
    if material(request, world):
        raise Conflict(
            say(
                "{request} no longer shows the facts of {deal}",
                request=called(request),
                deal=ref("deal", request.deal_id),
            ),
            hint=next_command(request, world),
        )
    require_reason(request, "override", reason)
    people = telling.concerned(request, world)
    made = decision(request, world, actor, OVERRIDE, reason=reason)
    closed = close_plan(request, world.now)
    after = replace(
        closed,
        state=APPROVED,
        decided_at=world.now,
        valid_until=time.valid_until(request, world),
        reason=reason,
        decisions=(*request.decisions, made),
    )
    told = telling.ended(after, world, people, "overridden", by=actor, why=reason)
    return Transition(after, told, (Event(OVERRIDE, actor, reason=reason, was=request.state, now=APPROVED),))
