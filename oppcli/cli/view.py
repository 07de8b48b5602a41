"""`opp view`: save list run drop."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.said import listed, say

app = typer.Typer(help="A read with its flags under a name.")
VERBATIM = {"ignore_unknown_options": True, "allow_extra_args": True}
NO_LETTERS = ("export", "request wait")
"""Reads that are files for programs, or wait."""
NAME = Annotated[str, argument("NAME", "what it is called")]
LINE = Annotated[list[str], argument("COMMAND…", "a read with its flags, behind --")]


@app.command()
@writes
def save(
    opp: Context,
    name: NAME,
    words: LINE,
    shared: Annotated[bool, typer.Option("--shared", help="for everybody; without it your own")] = False,
    every: Annotated[
        str | None,
        typer.Option("--every", metavar="WHEN", help="it goes out as a letter then: mon 08:00, weekdays 17:30"),
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", metavar="WHO", help="with --every: a login, role:NAME; several. Without it you"),
    ] = None,
) -> Outcome:
    """Keep a read with its flags. `opp NAME` runs it, with flags behind that win over those that were kept.

    With --every `opp tick` sends it at that time, where business is done, to each as they may see it; nothing where it
    has no rows.

    opp view save stuck -- ls -w 'idle_days > 14' --sort -amount
    opp view save monday --shared -- report overdue --waiting-on me
    opp view save won --every 'mon 08:00' --to role:manager -- report wins --by owner --period this-week
    """
    from oppcli.actions import views

    _require_name(name)
    words = words[1:] if words[0] == "opp" else words
    read = require_read(words)
    if to and every is None:
        raise UsageError(say("--to says to whom it goes, --every when: both, or none"))
    if shared or every is not None:
        _require_nobodys(read, "" if every is None else "letter")
    with opp.act("view save") as act:
        return views.save(act, name, words, shared=shared, every=every, to=to or ())


@app.command(context_settings=VERBATIM)
def run(ctx: typer.Context, name: NAME) -> None:
    """Run a view; flags behind its name win over those that were kept.

    opp view run stuck --csv
    """
    # The tree has put the line of a view in place of its name, unless something stood before that.
    hint = command("view", "run", "NAME", ready=False)
    raise UsageError(say("the name of a view comes first, flags behind it"), hint=hint)


@app.command()
@writes
def drop(
    opp: Context,
    name: Annotated[list[str], argument("NAME...", "one or more views")],
) -> Outcome:
    """Forget views: your own, or as an admin shared ones.

    opp view drop stuck
    """
    from oppcli.actions import views
    from oppcli.cli import batch, offered

    wanted = batch.names(name, lambda: offered.views(opp))
    return batch.each_act(opp, wanted, "view", "view drop", views.drop)


def _require_name(name: str) -> None:
    """Refuse what could not be typed after `opp`: a command's name, a flag, blanks."""
    from oppcli.cli.tree import SHORTCUTS, SYNONYMS, TREE

    if name in (*TREE, *SHORTCUTS, *SYNONYMS, "help"):
        raise UsageError(say("there is a command called {name}", name=name))
    if not name or name.startswith("-") or any(not each.isprintable() or each.isspace() for each in name):
        raise UsageError(say("a view is called by one word, not {name!r}", name=name))


def _require_nobodys(read: Any, letter: str) -> None:
    """Refuse what everybody who runs a shared view would do unawares: read another database, as another person or at
    another time, and write over a file. It is typed behind the view's name. A letter can neither wait nor be one for a
    program."""
    flags, params = read.obj.flags, read.params
    named = {"--db": "db" in flags, "--as": "actor" in flags, "--now": "now" in flags, "-O": bool(params["out"])}
    named["--watch"] = bool(letter and (params["watch"] or params["interval"]))
    path = " ".join(read.command_path.split()[1:])
    if letter and path.startswith(NO_LETTERS):
        raise UsageError(say("{line} is no letter: save a list or a report", line=path))
    if typed := [flag for flag, there in named.items() if there]:
        raise UsageError(say("a shared view keeps no {flags}: type it behind its name", flags=listed(typed)))


def require_read(words: Sequence[str]) -> Any:
    """What Typer understands of the line. Refuses one that is no read, or that its command would not take: flags are
    looked at, nothing is run."""
    from oppcli.cli.app import root
    from oppcli.cli.saved_line import resolved
    from oppcli.cli.tree import SHORTCUTS, SYNONYMS

    path, rest = resolved(words, SHORTCUTS, SYNONYMS)
    tree: Any = root()
    for word in path.split():
        tree = tree.get_command(None, word)
    return tree.make_context(f"opp {path}", [*rest], obj=Context({}))
