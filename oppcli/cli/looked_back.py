"""A deal that was just closed, looked back on: as `opp deal recap` tells it, below what was done."""

from oppcli.cli.context import Context
from oppcli.cli.framing import framed
from oppcli.cli.showing import page
from oppcli.model.refs import number
from oppcli.reads.recap import READ, build


def lines(opp: Context, name: str) -> list[str]:
    """What is told of it, line by line."""
    with opp.read(READ.standing) as door:
        table = build(door, {"deal": number("deal", name)}, framed(opp, door))
        told = page(table, opp, terminal=True)
    return told.rstrip().splitlines()[2:]  # its head is in what was done
