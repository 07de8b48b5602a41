"""How often a request may go back to its submitter (transition 40)."""

from oppcli.errors import Reason, Refused
from oppcli.model.command import BLANK, command
from oppcli.model.noun import replace
from oppcli.model.requests import RETURNED, Request
from oppcli.model.said import say
from oppcli.rules.approvals import time
from oppcli.rules.approvals.eligible import called
from oppcli.rules.approvals.world import World

SLUG = "rounds_spent"


def spent(request: Request, world: World) -> bool:
    """Whether it went back as often as its type lets it."""
    most = world.type_rule(request).max_rounds
    return most is not None and request.rounds >= most


def require_round(request: Request, world: World, gaps: tuple[Reason, ...] = ()) -> None:
    """Refuse to send it back once more than its type lets it, with what who decides may do instead; where a change of
    the deal would leave it without `gaps`, with the recall, for who makes that does not decide it."""
    if not spent(request, world):
        return
    told = say("{request} went back {n} {n:time|times}, as often as it may", request=called(request), n=request.rounds)
    no = ("--reason" if world.type_rule(request).reasons else "-m", BLANK)
    ways = (
        Reason(say("reject"), "", command("reject", called(request), *no)),
        Reason(say("ask"), "", command("request", "ask", called(request), "-m", BLANK)),
    )
    lacks = say("it would go back without it")
    kept = tuple(Reason(gap.what, lacks, command("request", "recall", called(request))) for gap in gaps)
    raise Refused(told, reasons=kept or ways, slug=SLUG)


def given_back(request: Request, world: World, reason: str | None) -> Request:
    """With the submitter: every clock stands still, nothing is due, votes keep counting; one round more."""
    paused = time.pause_all(request, world)
    return replace(paused, state=RETURNED, reason=reason, rounds=request.rounds + 1)
