"""Codes given to whoever may decide a request now, with a letter or a packet. They are told once and kept nowhere."""

from collections.abc import Callable, Sequence
from typing import Any

from oppcli.actions.act import Act
from oppcli.actions.requests.surroundings import around
from oppcli.model.codes import LASTS_MS, MAIL, Code
from oppcli.model.deals import Deal
from oppcli.model.noun import replace
from oppcli.model.policy import Policy
from oppcli.model.requests import Request
from oppcli.model.said import listed, say
from oppcli.rules import answers
from oppcli.rules.approvals.authority import Chance, chances
from oppcli.rules.approvals.eligible import called
from oppcli.rules.approvals.seating import settle
from oppcli.rules.approvals.world import World
from oppcli.rules.digests import Reader
from oppcli.store.doors import WriteDoor


def goes(policy: Policy, way: str) -> bool:
    """Whether anything is decided this way under the applied policy."""
    return any(way in rule.away for rule in policy.types.values())


def takes(policy: Policy, request: Request, way: str) -> bool:
    """Whether this request is: by the applied policy, which closes a way at once, whatever it was submitted under."""
    rule = policy.types.get(request.type)
    return rule is not None and way in rule.away


def given(act: Act, request: Request, chance: Chance, login: str, way: str, shown: str = "") -> str:
    """A new code of `login` for this seat, as people read it; the one of before is no good any more."""
    from secrets import randbits

    of: dict[str, Any] = {"request_id": request.id, "revision": request.revision, "step": chance.step.position}
    of |= {"seat": chance.seat.number, "login": login, "kind": way}
    for older in act.door.find(Code, spent_at=None, **of):
        if older.ends_at > act.now:
            act.door.save(older, replace(older, ends_at=act.now), action="end")
    code = answers.code(randbits(answers.BITS))
    made = Code(hash=answers.digest(code), shown=shown, at=act.now, ends_at=act.now + LASTS_MS[way], **of)
    act.door.add(made)
    return answers.written(code)


def ended(act: Act, login: str) -> int:
    """No code of this person is good any more. Returns how many were."""
    live = [code for code in act.door.find(Code, login=login, spent_at=None) if code.ends_at > act.now]
    for code in live:
        act.door.save(code, replace(code, ends_at=act.now), action="end")
    return len(live)


def in_letter(
    door: WriteDoor,
    login: str,
    requests: Sequence[int],
    policy: Policy,
    reader: Reader,
    brief: Callable[[str], str] | None,
) -> str:
    """What a letter to this person says of how to answer it: a code for each seat that they may fill now, of the
    requests that it tells of, below what is decided (`brief`); nothing where there is none."""
    act = Act(door, rules=lambda _: policy)
    told = []
    for number in requests:
        request = door.get(Request, number)
        if not (request.live and takes(policy, request, MAIL)):
            continue
        world = around(act, door.get(Deal, request.deal_id), requests=(request,))
        live = settle(request, world).request
        waits = chances(live, world, login)
        if waits and brief is not None:
            told.append(brief(called(live)))
        for chance in waits:
            code = given(act, live, chance, login, MAIL)
            name = say("{request} {step}", request=called(live), step=chance.step.name)
            until = reader.instant(act.now + LASTS_MS[MAIL])
            head = reader.speak(say("{name}, once, until {until}:", name=name, until=until))
            lines = [head, f"  {reader.speak(first_line(code))}", *map(reader.speak, why(live, world))]
            told.append("\n".join(lines))
    if not told:
        return ""
    return "\n\n".join([*told, reader.speak(HOW)])


HOW = say(
    "To decide, answer this mail: the first line as above, or with reject, return or ask in place of approve, and why "
    "in the lines under it."
)


def why(request: Request, world: World) -> tuple[str, ...]:
    """What a no needs behind its code, where the type lists reasons: a line that names them."""
    known = world.type_rule(request).reasons
    return (
        (say("reject and return need one of these behind the code: {reasons}", reasons=listed(known)),) if known else ()
    )


def first_line(code: str) -> str:
    """The first line of a yes."""
    return say("approve {code}", code=code)
