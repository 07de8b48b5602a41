"""`opp next`: what to do next; `opp` alone: the eight most urgent of it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from oppcli.actions import find
from oppcli.actions.act import Look
from oppcli.actions.find import stranger
from oppcli.cli.context import Context
from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.people import ME
from oppcli.model.records import COUNTED
from oppcli.model.said import listed, say

if TYPE_CHECKING:
    from oppcli.model.people import User
    from oppcli.reads.table import Table

LINES = "8"
MINE = command("ls", "--owner", "me", "--open")


def show(ctx: Any) -> Any:
    """The most urgent things that wait for the acting person, each with its command, as `opp next -L 8` has them."""
    from oppcli.reads.worklist import NEXT

    alone: Context = ctx.obj
    alone.alone = True
    line = ctx.command.get_command(ctx, NEXT.path)
    with line.make_context(NEXT.path, ["-L", LINES], parent=ctx) as below:
        return line.invoke(below)


def next_(
    opp: Context, team: str | None = None, owner: str | None = None, days: str | None = None, count: bool = False
) -> "Table":
    """What waits for the acting person, for another, or for all at or below somebody in the lines. Refused for both,
    for nobody's name, and for days that are no number."""
    from oppcli.reads import waiting_work, worklist
    from oppcli.reads.table import Frame

    if team and owner:
        raise UsageError(say("--team or --owner, not both"))
    with opp.read(COUNTED) as door:  # what is promised of a deal that was put away is still promised
        people = waiting_work.people(door)
        logins = _whose(opp, people, team, owner)
        frame = Frame(now=opp.now, tz=opp.tz, policy=_once(opp, door), actor=opp.actor)
        table = worklist.work(door, waiting_work.work_of(door, logins, people, frame), frame, _days(days))
    if not count and not table.notes[0].count and (opp.alone or not opp.screen):
        _nothing(opp, people, logins[0])
    return worklist.counted(table) if count else table


def _once(opp: Context, door: Any) -> Any:
    """The policy, read when it is asked for first."""
    from functools import cache

    return cache(lambda: opp.policy(door))


def _whose(opp: Context, people: "Mapping[str, User]", team: str | None, owner: str | None) -> list[str]:
    """The logins whose work is wanted. Refused for nobody's name."""
    if not team and not owner:
        return [opp.actor]
    text = team or owner or ""
    first = opp.actor if text in ME else find.person(people, text, active=False).login
    if not team:
        return [first]
    from oppcli.rules.rights import below

    found = below(first, {user.login: user.manager for user in people.values()})
    return [login for login in found if login == first or people[login].active]


def _days(text: str | None) -> int:
    """So many days, from 0. Refused for what is no number."""
    if text is None:
        return 0
    if not (text.isascii() and text.isdigit() and int(text) < 10**4):
        said = say("--{name} cannot be {given}", name="days", given=text)
        raise UsageError(said, hint=say("a number of days: --days 7"))
    return int(text)


def _nothing(opp: Context, people: "Mapping[str, User]", login: str) -> None:
    """Say beside an empty answer for people whose it is."""
    from oppcli.cli.nothing import worth_a_word

    if not worth_a_word(opp):
        return
    if login not in people:
        told = stranger(login)
        opp.say(say("{error}; {hint}", error=told.message, hint=told.hint))
    else:
        commands = listed(
            [MINE if login == opp.actor else command("ls", "--owner", login, "--open"), command("--help")]
        )
        opp.say(say("nothing waits for {login}; {commands}", login=login, commands=commands))


def with_flags(tree: Any) -> None:
    """Give the program the flags of a read: where one of them was typed, `opp` answers in rows."""
    from typer.main import get_command_from_info
    from typer.models import CommandInfo

    from oppcli.cli.answers import given
    from oppcli.cli.reading import command as of_read
    from oppcli.reads.worklist import HOME

    made = get_command_from_info(
        CommandInfo(name="opp", callback=of_read(HOME)), pretty_exceptions_short=False, rich_markup_mode=None
    )
    tree.of_rows = {param.name: param for param in made.params if param.name != "help"}
    tree.params.extend(tree.of_rows.values())
    plain, rows = tree.callback, made.callback
    assert rows is not None

    def answer(**flags: Any) -> Any:
        return rows(**flags) if any(map(given, flags.values())) else plain()

    tree.callback = answer


def require_no_command(
    flags: Mapping[str, Any], values: Mapping[str, Any], line: Sequence[str], argv: Sequence[str]
) -> None:
    """Refuse a command behind a flag of rows: it stands behind the command."""
    from oppcli.cli.answers import typed

    if words := typed(flags.values(), values, argv):
        raise UsageError(say("{flag} stands behind the command", flag=words[0]), hint=command(*line, *words))


def may_decide(look: Look, login: str, number: int) -> bool:
    """Whether somebody may decide this request now, for themselves or for whom they stand in."""
    from oppcli.actions.requests.verbs import read
    from oppcli.rules.approvals.authority import chances
    from oppcli.rules.approvals.seating import settle

    found, world = read(look, str(number))
    return bool(chances(settle(found, world).request, world, login))
