"""What an import of everything did, and how that is told."""

from collections.abc import Mapping

from oppcli.actions.imports.left_out import LeftOut
from oppcli.actions.outcome import Outcome
from oppcli.errors import PartlyDone
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
    behind: Mapping[str, int]
    """What is never taken from another database, by what it is."""
    restored: bool = False
    """Whether this database is now the other one."""
    out: LeftOut | None = None
    """What could not be taken in."""


def told(came: Came, name: str, *, dry_run: bool) -> Outcome:
    """The counts, and what to do next. Code 9 where something was left out that could not be taken in."""
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
    if came.out is not None and came.out.count:
        lines.append(say("{n:,} {n:thing|things} {would}left out", n=came.out.count, would=would))
    if came.behind:
        kinds = listed(say("{kind} ({n:,})", n=n, kind=kind) for kind, n in came.behind.items())
        lines.append(say("not taken from another database: {kinds}", kinds=kinds))
    following = command("db", "check") if came.restored else command("report", "funnel")
    return Outcome(
        done=() if dry_run else tuple(lines),
        details=tuple(lines) if dry_run else (),  # they say themselves what would be
        next=(following,) if made and not dry_run else (),
        code=PartlyDone.code if came.out is not None and came.out.count else 0,
    )
