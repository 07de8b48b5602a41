"""What an import of everything did, and how that is told."""

from collections.abc import Mapping

from oppcli.actions.outcome import Outcome
from oppcli.model.command import command
from oppcli.model.said import listed, say
from oppcli.tuples import NamedTuple


class Came(NamedTuple):
    """How many things there were, were made, were here, and are otherwise here than in the file."""

    things: int
    made: int
    same: int
    differ: int
    """They stay as they are."""
    left: Mapping[str, int]
    """Things that stay behind, by plural of their noun."""
    restored: bool = False
    """Whether this database is now the other one."""


def told(came: Came, name: str, *, dry_run: bool) -> Outcome:
    """The counts, and what to do next."""
    made, would = came.made, say("would be ") if dry_run else ""
    counts = (
        say("{made:,} to make, {same:,} unchanged", made=made, same=came.same)
        if dry_run
        else say("{made:,} made, {same:,} unchanged", made=made, same=came.same)
    )
    lines = [say("{n:,} {n:thing|things} from {name}: {counts}", n=came.things, name=name, counts=counts)]
    if came.restored:
        lines.append(say("this database {would}filled as by a restore: ids and approvals stay", would=would))
    if came.differ:
        lines.append(say("{n:,} {n:thing is|things are} otherwise here, and {n:stays|stay} so", n=came.differ))
    if came.left:
        kinds = listed(say("{kind} ({n:,})", n=n, kind=kind) for kind, n in came.left.items())
        lines.append(say("left out: {kinds}", kinds=kinds))
    following = command("db", "check") if came.restored else command("report", "funnel")
    if dry_run:
        return Outcome(done=(), details=tuple(lines))  # they say themselves what would be
    return Outcome(done=tuple(lines), next=(following,) if made else ())
