"""What a type's `lock` holds still: the facts of the deal in some states of its request, and the deal itself while one
is live (transitions 44 and 45)."""

from collections.abc import Iterable

from oppcli.errors import Conflict, Reason
from oppcli.model.command import BLANK, command
from oppcli.model.refs import ref
from oppcli.model.requests import APPROVED, MOVES, PENDING, REJECTED, Request
from oppcli.model.said import Word, listed, say
from oppcli.rules.approvals.eligible import called
from oppcli.rules.approvals.situation import in_the_way
from oppcli.rules.approvals.world import World

LOCKED, HELD = "locked", "held"


def locks(request: Request, world: World) -> bool:
    """Whether the facts of the deal stand still in the state the request is in. Of requests that were rejected only the
    last of its type counts: a newer one takes its place."""
    if request.state not in world.type_rule(request).lock:
        return False
    return request.state != REJECTED or not any(
        other.type == request.type and other.id > request.id for other in world.requests
    )


def require_unlocked(request: Request, world: World, actor: str, fields: Iterable[str], why: str | None) -> None:
    """Refuse a change of these fields in a locked state, but to an admin who says why."""
    if world.is_admin(actor) and (why or "").strip():
        return
    ways = {
        PENDING: say(
            "or an approver returns it; to recall it: {recall}",
            recall=command("request", "recall", called(request)),
        ),
        APPROVED: say(
            "or who approved it last revokes it: {revoke}",
            revoke=command("request", "revoke", called(request), "-m", BLANK),
        ),
    }
    name, admin = ref("deal", request.deal_id), say("an admin may change it, with -m REASON")
    way = ways.get(request.state)
    raise Conflict(
        say(
            "{deal} is locked while {request} is {state}: {names} cannot change",
            deal=name,
            request=called(request),
            state=Word("state", request.state),
            names=listed(fields),
        ),
        hint=admin if way is None else say("{admin}; {way}", way=way, admin=admin),
        slug=LOCKED,
    )


def held_by(world: World) -> tuple[Reason, ...]:
    """The live requests that let the deal not be moved, each with the command that moves it on."""
    found = (r for r in world.requests if r.live and not r.history and MOVES in world.type_rule(r).lock)
    return tuple(in_the_way(request, world, HELD) for request in found)
