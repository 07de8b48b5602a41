"""Points: given to people by whoever leads them, never to oneself, never changed."""

from oppcli.actions.act import Act
from oppcli.actions.outcome import Outcome
from oppcli.errors import NotAllowed, Reason, UsageError
from oppcli.model.command import BLANK, command
from oppcli.model.points import Point
from oppcli.model.said import say
from oppcli.rules import rights
from oppcli.words.text import bare

VERB = "points give"


def give(act: Act, who: str, points: int, kind: str, reason: str | None) -> Outcome:
    """So many points for somebody. Refused (4) to oneself and to who does not lead them, (2) for 0 points and without
    a kind or a reason, all at once."""
    login = act.login(who)
    saved = entered(act, login, points, kind, reason)
    told = {"login": login, "n": points, "kind": saved.kind, "all": total(act, login)}
    return Outcome(
        done=(say("{login}: {n:,} {n:point|points} for {kind}, {all:,} in all", **told),), ids=(str(saved.id),)
    )


def require(act: Act, login: str) -> None:
    """Refuse (4) points to oneself and to who does not lead this person."""
    if login == act.by:
        raise NotAllowed(say("nobody gives points to themselves"), hint=say("your superiors may, or an admin"))
    rights.require_over(VERB, login, act.me, say("give {login} points", login=login), act.people)


def entered(act: Act, login: str, points: int, kind: str, reason: str | None) -> Point:
    """The entry of so many points for somebody. Refused as `give` is."""
    require(act, login)
    needed = {"N": points != 0, "--kind": bool(bare(kind)), "-m": bool(bare(reason or ""))}
    wrong = {"N": say("0 points are none"), "--kind": say("what are they for"), "-m": say("why")}
    lacking = tuple(Reason(name, wrong[name]) for name, there in needed.items() if not there)
    if lacking:
        n = str(points) if points else "N"
        again = command(*("points", "give", login, "--kind", bare(kind) or BLANK, "-m", BLANK, "--", n), ready=False)
        raise UsageError(say("these are no points"), reasons=lacking, hint=again)
    made = Point(
        login=login, points=points, kind=bare(kind), reason=bare(reason or ""), given_at=act.now, given_by=act.by
    )
    return act.door.add(made)


def total(act: Act, login: str) -> int:
    """All points of somebody."""
    return sum(each.points for each in act.door.find(Point, login=login))
