"""`opp restore REF`: give back what was withdrawn or archived."""

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
def restore(
    opp: Context,
    ref: Annotated[list[str], typer.Argument(metavar="REF...", help="D-142, C-9, P-4, A-7 or T-7", show_default=False)],
) -> Outcome:
    """Give back what was withdrawn or archived; requests and tasks that ended with it stay cancelled.

    opp restore D-142
    """
    from oppcli.actions.standings import restore as verb

    return each_act(opp, ref, "restore", verb)
