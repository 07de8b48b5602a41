"""`opp withdraw restore merge unmerge REF…`: a record goes, comes back, becomes one with others and its own again."""

from typing import Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli import options
from oppcli.cli.batch import each_act, together
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes

app = typer.Typer()
SINGLE = True

Refs = Annotated[list[str], argument("REF...", "D-142, C-9, P-4, A-7 or T-7")]


@app.command()
@writes
def withdraw(opp: Context, ref: Refs, message: options.Message = None) -> Outcome:
    """Take back what should not be there, a deal, customer, contact, note or task: in no list, no figure, not as lost.

    opp withdraw D-142 -m "entered twice"
    """
    from oppcli.actions.standings import withdraw as verb

    return each_act(opp, ref, "thing", "withdraw", lambda act, text: verb(act, text, why=message or ""))


@app.command()
@writes
def restore(opp: Context, ref: Refs) -> Outcome:
    """Give back what was withdrawn or archived; requests and tasks that ended with it stay cancelled.

    opp restore D-142
    """
    from oppcli.actions.standings import restore as verb

    return each_act(opp, ref, "thing", "restore", verb)


@app.command()
@writes
def merge(
    opp: Context,
    ref: Annotated[list[str], argument("REF...", "the first one stays: C-9 C-12, P-4 P-7, D-1 D-2")],
    keep: Annotated[
        list[str] | None,
        typer.Option("--keep", metavar="FIELD=REF", help="whose value of a field stays; may be repeated"),
    ] = None,
) -> Outcome:
    """Make one of several customers, contacts or deals; what pointed to the others points to the first.

    opp merge C-9 C-12 --keep phone=C-12
    """
    from oppcli.actions.merging import merge as verb

    return together(opp, ref, "merge", lambda act, refs: verb(act, refs, keep or ()))


@app.command()
@writes
def unmerge(
    opp: Context,
    ref: Annotated[list[str], argument("REF...", "what was merged: C-12")],
) -> Outcome:
    """Take a merge back: what it moved and filled returns, where nobody has changed it since.

    opp unmerge C-12
    """
    from oppcli.actions.unmerging import unmerge as verb

    return each_act(opp, ref, "ref", "unmerge", verb)
