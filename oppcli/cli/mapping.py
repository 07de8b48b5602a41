"""`opp mapping`: list show drop."""

from typing import Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.reads.table import Table

app = typer.Typer(help="Which column of another program's file is what.")


def listed(opp: Context) -> Table:
    """The mappings that are kept, and those that are ready."""
    from oppcli.actions.mappings import kept
    from oppcli.files import ready
    from oppcli.reads.mappings import listing

    with opp.read() as door:
        known = sorted(kept(door), key=lambda each: each.name)
        return listing(known, [(each.name, each.verified) for each in ready.all_of_them()])


def shown(opp: Context, name: str) -> Table:
    """One of them. Refused for a name that there is none of."""
    from oppcli.cli.known_mappings import named
    from oppcli.reads.mappings import one

    with opp.read() as door:
        return one(named(door, name))


@app.command()
@writes
def drop(
    opp: Context,
    name: Annotated[list[str], argument("NAME...", "one or more that are kept")],
) -> Outcome:
    """Forget mappings; deals they brought stay.

    opp mapping drop 'old crm'
    """
    from oppcli.actions import mappings
    from oppcli.cli import batch, offered

    wanted = batch.names(name, lambda: offered.mappings(opp))
    return batch.each_act(opp, wanted, "mapping", "mapping drop", mappings.drop)
