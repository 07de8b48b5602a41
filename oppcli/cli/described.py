"""Commands as values for programs: what each does, takes and allows, from its parameters (`opp help … --json`)."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from oppcli.cli import globals as global_flags


def under(command: Any, path: Sequence[str] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command that can be run below one (it alone where it is no group), with its words."""
    if not hasattr(command, "list_commands"):
        yield tuple(path), command
        return
    for name in command.list_commands(None):
        found = command.get_command(None, name)
        if found is not None and not found.hidden:
            yield from under(found, (*path, name))


def described(path: Sequence[str], command: Any, *, without: Collection[str] = ()) -> dict[str, Any]:
    """One command: its words, its help, its arguments and its own flags, `without` those parameters."""
    left_out = {*_everywhere(), *without}
    own = [param for param in command.params if param.name not in left_out and not param.hidden]
    return {
        "command": " ".join(path),
        "help": (command.help or "").replace("\b\n", "").strip(),
        "arguments": [_param(param) for param in own if param.param_type_name == "argument"],
        "flags": [_param(param) for param in own if param.param_type_name == "option"],
    }


def _everywhere() -> frozenset[str]:
    """Names of the flags that every command knows."""
    return frozenset(str(option.name) for option in global_flags.options())


def _param(param: Any) -> dict[str, Any]:
    flag = param.param_type_name == "option"
    return {
        "name": max(param.opts, key=len) if flag else param.name.rstrip("_"),
        **({"short": [each for each in param.opts if not each.startswith("--")]} if flag else {}),
        "metavar": param.metavar or "",
        "help": param.help or "",
        "type": "bool" if flag and param.is_flag else "int" if param.type.name.startswith("int") else "text",
        "values": list(choices(param)),
        "required": bool(param.required),
        "many": param.nargs == -1 or bool(getattr(param, "multiple", False)),
    }


def choices(param: Any) -> tuple[str, ...]:
    """The words it may be, where they are few and known: `a|b` in lower case is a list of them."""
    given = getattr(param.type, "choices", None)
    if given:
        return tuple(str(each) for each in given)
    shown = (param.metavar or "").removesuffix("...").strip("[]{} ")
    return tuple(shown.split("|")) if "|" in shown and shown.islower() else ()
