"""A live request under the policy of now (transition 30)."""

from oppcli.errors import Conflict, NotFound, PolicyError, Refused
from oppcli.model.command import command
from oppcli.model.requests import LIVE_STATES, PENDING, Request
from oppcli.model.said import say
from oppcli.rules.approvals import planning
from oppcli.rules.approvals.changing import restart
from oppcli.rules.approvals.eligible import called
from oppcli.rules.approvals.permitted import require, require_reason
from oppcli.rules.approvals.situation import next_command, standing
from oppcli.rules.approvals.transition import Transition
from oppcli.rules.approvals.world import World


def rebase(request: Request, world: World, actor: str, *, reason: str) -> Transition:
    """Plan a live request again under the policy of now, as a new revision. By an admin without a part in the deal,
    with a reason; refused where a step has nobody who could decide it."""
    require(request, world, actor, "rebase")
    if request.state not in LIVE_STATES:
        raise Conflict(
            say("{request} {standing}", request=called(request), standing=standing(request, world)),
            hint=next_command(request, world),
        )
    if request.policy == world.policy.hash:
        raise Conflict(say("{request} runs under the current policy already", request=called(request)))
    rule = world.policy.types.get(request.type)
    if rule is None:
        raise NotFound(
            say("the current policy has no type {type}", type=request.type),
            hint=command("request", "cancel", called(request), "-m", "…"),
        )
    gaps = planning.missing(rule, world.policy, world)
    if gaps:
        raise Refused(
            say("{request} cannot be planned under the current policy yet", request=called(request)), reasons=gaps
        )
    require_reason(request, "rebase", reason)
    editors = request.facts.next_editors
    done = restart(request, world, actor, "rebased", editors=editors, why=reason, rules=world.policy.hash)
    nobody = planning.people_missing(done.request, world) if done.request.state == PENDING else ()
    if nobody:
        raise PolicyError(
            say("{request} has a step under the current policy that nobody could decide", request=called(request)),
            reasons=nobody,
        )
    return done
