"""`opp NAME`, where no command has the name: the line of a saved view takes its place."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from oppcli.cli.context import Context
from oppcli.cli.globals import typed_behind
from oppcli.errors import OppError, UsageError
from oppcli.model import refs
from oppcli.model.command import command
from oppcli.model.said import say

if TYPE_CHECKING:
    from oppcli.model.saved import View

Shortcuts = Mapping[str, tuple[str, str]]
Synonyms = Mapping[str, str]


def of_views(args: Sequence[str]) -> bool:
    """Whether `view` is the noun here, and not another word for `show`."""
    return args[0] == "view" and (len(args) == 1 or args[1] in ("save", "list", "run", "drop", "-h", "--help"))


def meant(opp: Context, args: list[str]) -> list[str]:
    """The line that is meant by one that begins with `view`: of views, the name of one, else another word for
    `show`."""
    if of_views(args):
        return args
    if args[1][:1] == "-" or refs.meant(args[1]) is not None or refs.number("deal", args[1]) is not None:
        return ["show", *args[1:]]
    opp.seeks_view = True
    return ["view", "run", *args[1:]] if _view(opp, args[1], args[2:]) else ["show", *args[1:]]


def spelt_out(opp: Context, args: Sequence[str], shortcuts: Shortcuts, synonyms: Synonyms) -> list[str] | None:
    """The line that a view stands for, with the words behind its name; None where the first word names none that the
    acting person may run. `opp view run NAME` refuses (3) such a name."""
    asked = args[:2] == ["view", "run"] and len(args) > 2 and not args[2].startswith("-")
    name, rest = (args[2], args[3:]) if asked else (args[0], args[1:])
    view = _view(opp, name, rest, refuse=asked)
    if view is None:
        return None
    resolved(view.command, shortcuts, synonyms)  # whatever wrote it: a line that is run under another name only reads
    return [*view.command, *rest]


def _view(opp: Context, name: str, rest: Sequence[str], *, refuse: bool = False) -> "View | None":
    """The view of this name that the acting person may run, as the words behind it say; None where there is none."""
    from oppcli.actions import views

    looking = Context({**opp.flags, **_flags(rest)})  # what stands behind is read with the whole line
    try:
        with looking.read() as door:
            return views.named(door, looking.actor, name)
    except OppError:
        if refuse:
            raise
        return None


def _flags(words: Sequence[str]) -> dict[str, str]:
    """Where and as whom, of the words behind the name: they are read before the line is."""
    spelt = {"db": "--db", "actor": "--as"}
    return {name: found[-1] for name, flag in spelt.items() if (found := typed_behind(words, flag))}


def resolved(words: Sequence[str], shortcuts: Shortcuts, synonyms: Synonyms) -> tuple[str, list[str]]:
    """The read that the first words name, and the words behind it. Refuses other commands, and another view, which may
    be the same."""
    from oppcli.reads.index import MODULES

    path, rest = _placed(words, shortcuts, synonyms)
    if path not in MODULES or path == "view run":
        hint = command("view", "save", "NAME", "--", "ls", "--owner", "me", ready=False)
        raise UsageError(say("a view keeps a read, not {words}", words=" ".join(words[:2])), hint=hint)
    return path, rest


def _placed(words: Sequence[str], shortcuts: Shortcuts, synonyms: Synonyms) -> tuple[str, list[str]]:
    """The place in the tree that the first words name, and the words behind it."""
    from oppcli.reads.index import MODULES

    itself = words[0] in shortcuts or of_views(words)
    first = words[0] if itself else synonyms.get(words[0], words[0])
    if first in shortcuts:
        return " ".join(shortcuts[first]), [*words[1:]]
    if first in MODULES:
        return first, [*words[1:]]
    second = synonyms.get(words[1], words[1]) if len(words) > 1 else ""
    return f"{first} {second}".strip(), [*words[2:]]
