"""A packet handed to somebody who is asked: who may hand it, and the codes that go with it."""

from oppcli.actions import codes
from oppcli.actions.act import Act
from oppcli.actions.requests import verbs
from oppcli.errors import Conflict, NotAllowed
from oppcli.model.codes import LASTS_MS, PACKET
from oppcli.model.command import command
from oppcli.model.notices import Notice
from oppcli.model.requests import Request
from oppcli.model.said import say
from oppcli.rules.approvals.authority import chances, objections, refuse
from oppcli.rules.approvals.eligible import called
from oppcli.rules.approvals.seating import settle
from oppcli.tuples import NamedTuple


class Handed(NamedTuple):
    """A seat that is answered for with a packet."""

    step: str
    code: str
    """As people read it."""
    ends_at: int
    why: tuple[str, ...]
    """What a no needs behind its code."""


def handed(act: Act, text: str, login: str, *, seen: tuple[int, int], shown: str) -> tuple[Handed, ...]:
    """A code for each seat that `login` may fill; they are told where somebody else has it made. `seen`: the revision
    and version of the request that the packet shows; `shown`: its digest.

    Refused to anybody but the person and an admin, for who is asked nothing now, where the policy does not let the type
    be decided this way, and where the request moved on meanwhile."""
    if act.by != login:
        act.require("request packet", say("hand a packet to {login}", login=login))
    request, world = verbs.read(act, text)
    if not codes.takes(act.policy, request, PACKET):
        raise NotAllowed(
            say("{type} is not decided with a packet", type=request.named_type),
            hint=say('the policy says so: away = ["packet"] in [type.{type}]', type=request.type),
        )
    live = settle(request, world).request
    found = chances(live, world, login)
    if not found:
        raise refuse(live, objections(live, world, login))
    if (request.revision, request.version) != seen:
        raise Conflict(
            say("{request} changed meanwhile", request=called(request)),
            hint=command("request", "packet", called(request), "--for", login),
        )
    made = []
    for chance in found:
        code = codes.given(act, live, chance, login, PACKET, shown)
        made.append(Handed(chance.step.name, code, act.now + LASTS_MS[PACKET], codes.why(live, world)))
    if act.by != login:
        _tell(act, request, login)
    return tuple(made)


def _tell(act: Act, request: Request, login: str) -> None:
    text = say("{who} made a packet of {request} for you", who=act.by, request=called(request))
    told = Notice(to=login, kind="answer", request_id=request.id, deal_id=request.deal_id, text=text, at=act.now)
    act.door.add_many([told], action="notice")
