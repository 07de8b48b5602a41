"""`opp` alone: your next steps, eight lines at most."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from oppcli.actions.act import Look
from oppcli.actions.find import stranger
from oppcli.cli.context import Context
from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.people import User
from oppcli.model.records import SHOWN
from oppcli.model.refs import ref
from oppcli.model.said import listed, say
from oppcli.model.units import MINUTE_MS
from oppcli.store.doors import ReadDoor

if TYPE_CHECKING:
    from oppcli.reads.home import Step
    from oppcli.reads.table import Table

LINES = 8
EVERY = 10**9
"""Deals for programs, which are told all."""
MINE = command("ls", "--owner", "me", "--open")


def show(opp: Context) -> None:
    """Print the most urgent things that wait for the acting person, each with its command."""
    with opp.read(SHOWN) as door:
        steps = _steps(opp, door)
        known = bool(steps) or bool(door.find(User, login=opp.actor))
    shown = steps if len(steps) <= LINES else steps[: LINES - 1]
    for line in _page(opp, shown):
        print(line)  # noqa: T201
    if len(steps) > len(shown):
        commands = listed([command("inbox"), MINE])
        print(opp.spoken(say("… and {n} more: {commands}", n=len(steps) - len(shown), commands=commands)))  # noqa: T201
    if not known:
        told = stranger(opp.actor)
        opp.say(say("{error}; {hint}", error=told.message, hint=told.hint))
    elif not steps:
        commands = listed([MINE, command("--help")])
        opp.say(say("nothing waits for {login}; {commands}", login=opp.actor, commands=commands))


def _page(opp: Context, steps: "Sequence[Step]") -> Iterator[str]:
    """A line of each, its command beside it; on a terminal without room for all of them, below it."""
    from oppcli.render.screen import harmless, room, width

    told = [(harmless(opp.spoken(step.text)), opp.spoken(step.command)) for step in steps]
    widest = max((width(text) for text, _ in told), default=0)
    cells = room(terminal=True) if sys.stdout.isatty() else None
    if cells is None or all(widest + 2 + width(line) <= cells for _, line in told):
        yield from (f"{text}{' ' * (widest - width(text))}  {line}" for text, line in told)
        return
    from oppcli.render.wrap import wrapped

    for text, line in told:
        first, *rest = wrapped(text, cells)
        yield from (first, *rest, f"  {line}")


def _steps(opp: Context, door: ReadDoor, **most: int) -> "list[Step]":
    from oppcli.reads.home import next_steps
    from oppcli.words.zones import today

    day = today(opp.now, opp.tz).isoformat()
    may = partial(may_decide, opp.look(door), opp.actor)
    end = _end(opp, day)
    return next_steps(door, opp.actor, now=opp.now, today=day, end_of_today=end, may=may, **most)


def _end(opp: Context, day: str) -> int:
    """The first instant after a day where this person is."""
    from oppcli.words.instants import parse_instant

    return parse_instant(day, now_ms=opp.now, tz=opp.tz, edge="end")


def waiting(opp: Context) -> "Table":
    """The same things as rows, all of them."""
    from oppcli.reads.home import COLUMNS, HOME
    from oppcli.reads.table import Table

    with opp.read(SHOWN) as door:
        rows = [_row(opp, step) for step in _steps(opp, door, most=EVERY)]
    return Table(COLUMNS, rows, HOME.title, records=True, exact=True)


def _row(opp: Context, step: "Step") -> tuple[Any, ...]:
    from oppcli.words.zones import today

    due = _end(opp, step.due) - MINUTE_MS if isinstance(step.due, str) else step.due
    late = None if due is None or due >= opp.now else (today(opp.now, opp.tz) - today(due, opp.tz)).days
    deal, title, customer, amount, currency = step.about
    told = (customer, step.who, due, late, amount, currency, step.reason, step.command)
    return (step.kind, step.ref, ref("deal", deal), title, *told)


def with_flags(tree: Any) -> None:
    """Give the program the flags of a read: where one of them was typed, `opp` answers in rows."""
    from typer.main import get_command_from_info
    from typer.models import CommandInfo

    from oppcli.cli.answers import given
    from oppcli.cli.reading import command as of_read
    from oppcli.reads.home import HOME

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


def require_no_command(flags: Mapping[str, Any], values: Mapping[str, Any], line: Sequence[str]) -> None:
    """Refuse a command behind a flag of rows: it stands behind the command."""
    from oppcli.cli.answers import typed

    if words := typed(flags.values(), values):
        raise UsageError(say("{flag} stands behind the command", flag=words[0]), hint=command(*line, *words))


def may_decide(look: Look, login: str, number: int) -> bool:
    """Whether somebody may decide this request now, for themselves or for whom they stand in."""
    from oppcli.actions.requests.verbs import read
    from oppcli.rules.approvals.authority import chances
    from oppcli.rules.approvals.seating import settle

    found, world = read(look, str(number))
    return bool(chances(settle(found, world).request, world, login))
