"""What a copy to try things in (`made_after` of `store.knowing`) refuses: nothing goes out of it, no mail comes in."""

from collections.abc import Sequence

from oppcli.cli.context import Context
from oppcli.errors import Conflict
from oppcli.model.command import BLANK, written
from oppcli.model.said import say


def tried(opp: Context) -> bool:
    """Whether this is a sandbox. One statement, through a door of its own."""
    from oppcli.store.knowing import made_after

    with opp.read(whole=True) as door:
        return made_after(door) is not None


def require_itself(opp: Context, *line: str) -> None:
    """Refuse (5) in a sandbox what is for the database itself, with the line to type there."""
    if tried(opp):
        raise Conflict(
            say("this is a sandbox: no mail comes in"),
            hint=say("they are for the database itself: {line}", line=_there(opp, line)),
        )


def _there(opp: Context, line: Sequence[str]) -> str:
    """The line for the database itself: without the `--db` that was typed; else which one that is stays open."""
    return written(line, () if opp.settings.origins["db"] == "--db" else ("--db", BLANK))
