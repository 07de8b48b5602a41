"""`opp points`: give list."""

from typing import Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli import options
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes

app = typer.Typer(help="Points that people are given for what they do: a ledger in which nothing is changed.")


@app.command()
@writes
def give(
    opp: Context,
    login: Annotated[str, argument("LOGIN", "who gets them")],
    number: Annotated[int, argument("N", "how many; below 0: taken back")],
    kind: Annotated[str, typer.Option("--kind", metavar="K", help="what they are for", show_default=False)],
    message: options.Message = None,
) -> Outcome:
    """Give somebody points, with the reason; their managers and admins, nobody to themselves.

    opp points give lea 5 --kind training -m 'showed the new product to all'
    opp points give lea --kind training -m 'entered twice' -- -5
    """
    from oppcli.actions import points

    with opp.act(points.VERB) as act:
        return points.give(act, login, number, kind, message)
