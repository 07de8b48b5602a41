"""`opp merge REF REF…`: several records of one kind become one."""

from typing import Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.batch import together
from oppcli.cli.context import Context
from oppcli.cli.output import writes

app = typer.Typer()
SINGLE = True


@app.command()
@writes
def merge(
    opp: Context,
    ref: Annotated[
        list[str],
        typer.Argument(metavar="REF...", help="the first one stays: C-9 C-12, P-4 P-7, D-1 D-2", show_default=False),
    ],
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
