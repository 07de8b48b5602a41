"""`opp deal similar D-1`: closed deals like one, five or as many as `-L` says."""

from oppcli.actions import find
from oppcli.cli.context import Context
from oppcli.reads.similar import similar as found
from oppcli.reads.similar import table
from oppcli.reads.table import Table
from oppcli.rules.similar import NEAREST


def similar(opp: Context, deal: str) -> Table:
    """The nearest of those that who asks may see, compared by what is not hidden from them."""
    most = opp.given.get("limit")
    with opp.read() as door:
        one = find.deal(door, deal)
        return table(one, found(door, one, door.hidden), NEAREST if most is None else most or None)
