"""`opp NAME`, where no command has the name: the line of a saved view takes its place."""

from collections.abc import Sequence

from oppcli.cli.context import Context
from oppcli.cli.globals import typed_behind


def spelt_out(opp: Context, args: Sequence[str]) -> list[str] | None:
    """The line that a view stands for, with the words behind its name; None where the first word names none that the
    acting person may run. `opp view run NAME` refuses (3) such a name."""
    from oppcli.actions import views
    from oppcli.cli.view import resolved
    from oppcli.errors import OppError

    asked = args[:2] == ["view", "run"] and len(args) > 2 and not args[2].startswith("-")
    name, rest = (args[2], args[3:]) if asked else (args[0], args[1:])
    looking = Context({**opp.flags, **_flags(rest)})  # what stands behind is read with the whole line
    try:
        with looking.read() as door:
            view = views.named(door, looking.actor, name)
    except OppError:
        if asked:
            raise
        return None
    resolved(view.command)  # whatever wrote it: a line that is run under another name only reads
    return [*view.command, *rest]


def _flags(words: Sequence[str]) -> dict[str, str]:
    """Where and as whom, of the words behind the name: they are read before the line is."""
    spelt = {"db": "--db", "actor": "--as"}
    return {name: found[-1] for name, flag in spelt.items() if (found := typed_behind(words, flag))}
