"""`opp unmerge REF`: a record that was merged is one of its own again."""

from typing import Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.output import writes

app = typer.Typer()
SINGLE = True


@app.command()
@writes
def unmerge(
    opp: Context,
    ref: Annotated[str, typer.Argument(metavar="REF", help="the one that was merged: C-12", show_default=False)],
) -> Outcome:
    """Take a merge back: what it moved and filled returns, where nobody has changed it since.

    opp unmerge C-12
    """
    from oppcli.actions.unmerging import unmerge as verb

    with opp.act("unmerge") as act:
        return verb(act, ref)
