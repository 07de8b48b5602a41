"""`opp undo [RUN]`: take back what a command line did; `--list` shows the latest and which can be."""

from typing import TYPE_CHECKING, Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli import options
from oppcli.cli.context import Context
from oppcli.cli.output import MOST, argument, writes
from oppcli.errors import NotFound, OppError
from oppcli.model.command import command
from oppcli.model.refs import number
from oppcli.model.said import listed, say
from oppcli.reads.table import Column, Kind, Table

if TYPE_CHECKING:
    from oppcli.store.doors import ReadDoor

app = typer.Typer()
SINGLE = True
SHOWN = 20
THINGS = 3


@app.command()
@writes
def undo(
    opp: Context,
    run: Annotated[list[str] | None, argument("RUN...", "e318; default: your own last")] = None,
    keep_edited: Annotated[
        bool, typer.Option("--keep-edited", help="undo the rest of what was changed since, and list what is kept")
    ] = False,
    listing: Annotated[bool, typer.Option("--list", help="the latest runs: undoable, or why not")] = False,
    answer: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FORMAT", help="text or json; of --list any format")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", "-L", metavar="N", min=0, max=MOST, help="of --list: so many runs; 0 for all")
    ] = SHOWN,
    message: options.Message = None,
) -> Outcome | int:
    """Take back what a command line did, where nothing has changed since. Undoing an undo by its number does it again.

    opp undo
    opp undo e318 --keep-edited
    opp undo --list
    """
    from oppcli.actions.undo import undo as verb

    if listing:
        return _list(opp, answer, limit or None)

    def one(text: str | None) -> Outcome:
        known = None if text is None else _number(text)
        with opp.act("undo", signed=lambda door: _signed(opp, door, known)) as act:
            done: Outcome = verb(act, known, keep_edited=keep_edited, note=message)
        return done

    if not run:
        return one(None)
    from oppcli.cli.batch import each

    return each(opp, run, "entry", one)


def _number(run: str) -> int:
    """The number of its first entry. Refused where it is none."""
    known = number("entry", run)
    if known is None:
        raise NotFound(say("no such run: {run}", run=run), hint=command("undo", "--list"))
    return known


def _signed(opp: Context, door: "ReadDoor", run: int | None) -> bool:
    """Whether the command line that is taken back did something signed; no where there is none."""
    from oppcli.actions.undo import found
    from oppcli.cli.proving import is_signed
    from oppcli.store import runs

    try:
        return is_signed(str(runs.first(door, found(opp.look(door), run)).meta.get("command", "")))
    except OppError:
        return False


COLUMNS = (
    Column("run", Kind.REF),
    Column("at", Kind.INSTANT, rank=2),
    Column("actor", Kind.REF),
    Column("did"),
    Column("what", rank=3),
    Column("undo", rank=3, alone=True),
)


def _list(opp: Context, output: str | None, most: int | None) -> int:
    """The latest runs, newest first: the command that takes each back, or why it is not taken back."""
    from oppcli.actions.undo import verdict
    from oppcli.cli.showing import show
    from oppcli.render import FILES, known
    from oppcli.store import runs

    chosen = known(output or "table")
    if chosen in FILES:
        from oppcli.cli.filed import require_no_screen

        require_no_screen(chosen)
    with opp.read() as door:
        look, rows = opp.look(door), []
        for run in runs.newest(door, most):
            begun = runs.first(door, run)
            against = verdict(look, run)
            undo = command("undo", f"e{run}") if against is None else against
            did = begun.meta.get("command") or begun.action
            rows.append((f"e{run}", begun.at, begun.actor, did, _things(door, run), undo))
    show(Table(COLUMNS, rows, title=say("Runs")), opp, chosen)
    return 0


def _things(door: "ReadDoor", run: int) -> str:
    """`D-142, C-9 and 4 more`."""
    from oppcli.rules.undoing import Net
    from oppcli.store import runs

    found, count = runs.things(door, run, THINGS)
    names = [Net(noun, key, {}, ()).name for noun, key in found]
    shown = listed(names)
    more = count - len(names)
    return say("{names} and {n:,} more", names=shown, n=more) if more > 0 else shown
