"""`opp claim REF`: take a deal or a customer that is nobody's."""

from typing import TYPE_CHECKING, Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.batch import each_act
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes

if TYPE_CHECKING:
    from oppcli.actions.act import Act

app = typer.Typer()
SINGLE = True


@app.command()
@writes
def claim(opp: Context, ref: Annotated[list[str], argument("REF...", "D-142 or C-9")]) -> Outcome:
    """Make a deal or a customer yours that is nobody's; of two who claim it at once one gets it.

    opp ls --owner none
    opp claim D-142
    """
    from oppcli.actions import claiming

    def one(act: "Act", text: str) -> Outcome:
        return claiming.claim(act, *claiming.named(act, text, ids_only=not opp.interactive))

    return each_act(opp, ref, "thing", "claim", one)
