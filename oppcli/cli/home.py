"""`opp` alone: your next steps, eight lines at most."""

from functools import partial

from oppcli.actions.act import Look
from oppcli.actions.find import stranger
from oppcli.cli.context import Context
from oppcli.model.command import command
from oppcli.model.people import User
from oppcli.model.records import SHOWN
from oppcli.model.said import listed, say

LINES = 8
MINE = command("ls", "--owner", "me", "--open")


def show(opp: Context) -> None:
    """Print the most urgent things that wait for the acting person, each with its command."""
    from oppcli.reads.home import next_steps
    from oppcli.render.screen import harmless, width
    from oppcli.words.instants import parse_instant
    from oppcli.words.zones import today

    day = today(opp.now, opp.tz).isoformat()
    with opp.read(SHOWN) as door:
        end = parse_instant(day, now_ms=opp.now, tz=opp.tz, edge="end")
        may = partial(may_decide, opp.look(door), opp.actor)
        steps = next_steps(door, opp.actor, now=opp.now, today=day, end_of_today=end, may=may)
        known = bool(steps) or bool(door.find(User, login=opp.actor))
    shown = steps if len(steps) <= LINES else steps[: LINES - 1]
    texts = [harmless(opp.spoken(step.text)) for step in shown]
    widest = max(map(width, texts), default=0)
    for text, step in zip(texts, shown, strict=True):
        print(f"{text}{' ' * (widest - width(text))}  {opp.spoken(step.command)}")  # noqa: T201
    if len(steps) > len(shown):
        commands = listed([command("inbox"), MINE])
        print(opp.spoken(say("… and {n} more: {commands}", n=len(steps) - len(shown), commands=commands)))  # noqa: T201
    if not known:
        told = stranger(opp.actor)
        opp.say(say("{error}; {hint}", error=told.message, hint=told.hint))
    elif not steps:
        commands = listed([MINE, command("--help")])
        opp.say(say("nothing waits for {login}; {commands}", login=opp.actor, commands=commands))


def may_decide(look: Look, login: str, number: int) -> bool:
    """Whether somebody may decide this request now, for themselves or for whom they stand in."""
    from oppcli.actions.requests.verbs import read
    from oppcli.rules.approvals.authority import chances
    from oppcli.rules.approvals.seating import settle

    found, world = read(look, str(number))
    return bool(chances(settle(found, world).request, world, login))
