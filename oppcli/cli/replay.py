"""`opp policy replay FILE`: the past under another policy."""

from oppcli.cli import filters
from oppcli.cli.context import Context
from oppcli.cli.framing import framed
from oppcli.cli.policy import named
from oppcli.model.records import COUNTED
from oppcli.model.said import say
from oppcli.reads.policy_replay import READ, table
from oppcli.reads.replay import replay as found
from oppcli.reads.table import Table


def replay(opp: Context, file: str, since: str | None, type: str | None, requests: bool) -> Table:
    """What the policy would have asked of all that was submitted, and where a gate was passed without that."""
    (asked,) = (param for param in READ.params if param.name == "since")
    with opp.read(COUNTED) as door:
        policy, name = named(opp, file, door)
        applied = opp.policy(door)
        here = framed(opp, door)._replace(policy=lambda: applied)
        start = filters.value(opp, door, asked, since) or 0
        done = found(door, policy, opp.look(door).people, here, since=start, type=type)
        said = say("{name}, asked of what was submitted:", name=name)
        return table(door, done, here, said, each=requests)
