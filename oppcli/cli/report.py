"""`opp report`: a command for each report of the catalogue."""

import typer

from oppcli.cli.context import Context
from oppcli.reads.table import Table

app = typer.Typer(help="Reports: opp help reports says what the figures mean.")


def listed(opp: Context) -> Table:
    """The reports there are. It takes no database."""
    from oppcli.reads.reports import listing

    return listing()
