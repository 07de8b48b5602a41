"""`opp unmerge REF…`: a record that was merged is one of its own again."""

from typing import Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.batch import each_act
from oppcli.cli.context import Context
from oppcli.cli.output import writes

app = typer.Typer()
SINGLE = True


@app.command()
@writes
def unmerge(
    opp: Context,
    ref: Annotated[list[str], typer.Argument(metavar="REF...", help="what was merged: C-12", show_default=False)],
) -> Outcome:
    """Take a merge back: what it moved and filled returns, where nobody has changed it since.

    opp unmerge C-12
    """
    from oppcli.actions.unmerging import unmerge as verb

    return each_act(opp, ref, "unmerge", verb)
