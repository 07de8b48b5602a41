"""`opp inbox`: what waits for your decision, the one due first first."""

import typer

from oppcli.cli.context import Context
from oppcli.cli.output import reads
from oppcli.reads.table import Table

app = typer.Typer()
SINGLE = True


@app.command()
@reads
def inbox(opp: Context) -> Table:
    """Requests you may decide now, for yourself or for somebody who delegated to you; by due time.

    opp inbox
    opp inbox --ids | xargs opp approve
    """
    from oppcli.cli.request.reading import listed

    return listed(opp, waiting_on="me")
