"""`opp log [REF]`: the journal, readable."""

from typing import Annotated

import typer

from oppcli.cli import options
from oppcli.cli.context import Context
from oppcli.cli.output import reads
from oppcli.errors import NotFound
from oppcli.model.command import command
from oppcli.model.nouns import meant
from oppcli.model.said import say
from oppcli.reads.table import Table
from oppcli.store.doors import ReadDoor

app = typer.Typer()
SINGLE = True


@app.command()
@reads
def log(
    opp: Context,
    ref: Annotated[
        str | None, typer.Argument(metavar="REF", help="D-142, R-31, C-9, e311, stage:Lead, a login")
    ] = None,
    actor: Annotated[str | None, typer.Option("--actor", metavar="LOGIN", help="only what they did")] = None,
    since: options.Since = None,
    until: options.Until = None,
) -> Table:
    """Who did what, when, in order of time; -L keeps the newest, a terminal the newest 50.

    opp log -L 20
    opp log D-142
    opp log --actor wang --since today --json
    """
    from oppcli.actions import find
    from oppcli.reads.journal import entries

    with opp.read() as door:
        return entries(
            door,
            things=(_thing(door, ref),) if ref else (),
            actor=find.user(door, actor, active=False).login if actor else None,
            since=opp.since(since),
            until=opp.until(until),
            newest=opp.newest,
            show=opp.show_instant,
        )


def _thing(door: ReadDoor, text: str) -> tuple[str, str]:
    """(noun, id) of a reference; what is no reference is a login. Refused for what the journal never heard of."""
    found = ("deal", text) if text.isdecimal() and text.isascii() else meant(text)
    if found is None:
        from oppcli.actions import find

        return "user", find.user(door, text, active=False).login
    from oppcli.store.queries import heard_of, known_as

    noun, key = found[0], known_as(door, *found)
    if key is None or not heard_of(door, noun, key):
        raise NotFound(
            say("no such {noun}: {text}", noun=noun, text=text),
            hint=say("{log} shows the newest entries", log=command("log")),
        )
    return noun, key
