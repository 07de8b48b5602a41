"""An option that a command does not have: what was meant by it, a slip of the finger or a field of what is written."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from oppcli.errors import OppError
from oppcli.model.command import BLANK, Command, command
from oppcli.model.said import Said, say
from oppcli.words.spelling import ALIKE, near_words

if TYPE_CHECKING:
    from oppcli.cli.context import Context


def near(option: str, known: Sequence[str]) -> list[str]:
    """The options that are spelt almost so; what only begins like one of them was not meant."""
    bare = {each.lstrip("-"): each for each in known}
    return sorted(bare[name] for name in near_words(option.lstrip("-"), bare, alike=ALIKE))


def about_now(context: Any) -> tuple[Said, Command]:
    """What is said of `--as-of` where nothing is told of the past, and where it is told."""
    path = " ".join(context.command_path.split()[1:])
    if not path:
        return say("--as-of stands behind a list, show, a report or an export"), command("help", "as-of")
    told = say("--as-of is for lists, show, reports and exports: opp {path} is about now", path=path)
    return told, command("help", "as-of")


def meant(context: Any, option: str, argv: Sequence[str]) -> Command | None:
    """The line with what gives or asks for the field that is called so: `--set competitor=Globex`, or `-w`; None where
    there is none, or nobody can look."""
    path = context.command_path.split()[1:]
    flags = {param.name for param in context.command.params}
    if not path or not flags & {"sets", "where_"}:
        return None
    name = _field(context.obj, path[0], option.lstrip("-").replace("-", "_"))
    if name is None or name in flags:
        return None
    typed = _value(option, argv)
    if "sets" in flags:
        return command(*path, BLANK, "--set", f"{name}={typed or BLANK}")
    return command(*path, "-w", f"{name} == '{typed or BLANK}'")


def spelt_right(context: Any, option: str, alike: Sequence[str], argv: Sequence[str]) -> Command:
    """The line as typed, with `--` before a number that begins with a minus, which would be taken for a flag, or with
    the one option that is spelt almost so, where that is a line to be typed; else the help of the command."""
    path = context.command_path.split()[1:]
    begins = next((at for at in range(len(argv)) if argv[at : at + len(path)] == path), None)
    typed = [] if begins is None else argv[begins + len(path) :]
    number = next((word for word in argv if word[:1] == "-" and word[1:2].isdigit()), None)
    if number is not None:
        at = typed.index(number) if number in typed else len(typed)
        return command(*path, *typed[:at], *typed[at + 1 :], "--", number)
    place = next((at for at, word in enumerate(typed) if word.partition("=")[0] == option), None)
    if len(alike) == 1 and place is not None:
        mended = (*typed[:place], f"{alike[0]}{typed[place][len(option) :]}", *typed[place + 1 :])
        if _is_whole(context, mended, place):
            return command(*path, *mended)
    return command(*path, "--help")


def _is_whole(context: Any, typed: Sequence[str], place: int) -> bool:
    """Whether such a line could be typed: the option in that place has its value, and no other is misspelt."""
    named = {spelling: param for param in context.command.params for spelling in param.opts}
    behind = typed[: typed.index("--")] if "--" in typed else typed
    flags = [word.partition("=")[0] for word in behind if word.startswith("--")] if context.parent else []
    param = named.get(typed[place])
    return named.keys() >= {*flags} and (param is None or param.is_flag or place + 1 < len(typed))


def _field(opp: "Context", first: str, text: str) -> str | None:
    """The name of the field that is called so by a name, a synonym or a title, of what a command of this first word
    writes or lists."""
    from oppcli.rules import fields

    noun = first if first in ("customer", "contact") else "deal"
    try:
        with opp.read() as door:
            known = fields.of_team(noun, opp.policy(door))
            name = fields.named(text, known)
            return name if name in known and known[name].editable and name not in door.hidden else None
    except OppError:  # what is wrong with the database is told once there is a line
        return None


def _value(option: str, argv: Sequence[str]) -> str:
    """What was typed for the option; nothing where nothing was."""
    for place, word in enumerate(argv):
        name, equals, value = word.partition("=")
        if name == option:
            return value if equals else next((each for each in argv[place + 1 : place + 2] if each[:1] != "-"), "")
    return ""
