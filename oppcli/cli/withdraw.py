"""`opp withdraw REF`: take back what was mistyped; it counts nowhere, not as lost."""

from typing import Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli import options
from oppcli.cli.batch import each_act
from oppcli.cli.context import Context
from oppcli.cli.output import writes

app = typer.Typer()
SINGLE = True


@app.command()
@writes
def withdraw(
    opp: Context,
    ref: Annotated[list[str], typer.Argument(metavar="REF...", help="D-142, C-9, P-4, A-7 or T-7", show_default=False)],
    message: options.Message = None,
) -> Outcome:
    """Take back what should not be there, a deal, customer, contact, note or task: in no list, no figure, not as lost.

    opp withdraw D-142 -m "entered twice"
    """
    from oppcli.actions.standings import withdraw as verb

    return each_act(opp, ref, "withdraw", lambda act, text: verb(act, text, why=message or ""))
