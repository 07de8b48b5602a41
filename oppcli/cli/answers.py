"""What questions gave a line, and the line as it would need none: told at its end."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from oppcli.model.command import command
from oppcli.model.said import say

ASKED = "asked"
"""Among what Typer keeps of a line: something was asked."""

NEW = "new"
"""The names of customers that were said to be new ones."""


def answered(ctx: Any, name: str, value: Any) -> None:
    """A parameter has this value, which a question gave."""
    ctx.params[name] = value
    ctx.meta[ASKED] = True


def called_new(ctx: Any, name: str) -> None:
    """A customer of this name is a new one: that was asked."""
    ctx.meta[NEW] = new_ones(ctx) | {name}
    ctx.meta[ASKED] = True


def new_ones(ctx: Any) -> frozenset[str]:
    """The customers that were said to be new ones."""
    found: frozenset[str] = ctx.meta.get(NEW, frozenset())
    return found


def tell(ctx: Any) -> None:
    """Tell the line again as it would need no question, where there was one."""
    if ctx.meta.pop(ASKED, None):
        ctx.obj.say(say("without questions: {line}", line=command(*words(ctx, ctx.params))))


def words(ctx: Any, values: Mapping[str, Any]) -> list[str]:
    """The words of a line with these values: the command as it was typed, its arguments, its options."""
    arguments = typed((param for param in ctx.command.params if param.param_type_name == "argument"), values)
    named = (param for param in ctx.command.params if param.param_type_name != "argument")
    options = typed(named, values, ctx.obj.argv)
    path = ctx.command_path.split()[1:]
    dashed = any(word.startswith("-") and len(word) > 1 for word in arguments)
    return [*path, *options, "--", *arguments] if dashed else [*path, *arguments, *options]


def typed(params: Iterable[Any], values: Mapping[str, Any], line: Sequence[str] = ()) -> list[str]:
    """Parameters of a command as somebody types them, with their values by name; one that says no more than the command
    does without it is left out. An option is spelt as on the `line`."""
    told: list[str] = []
    for param in params:
        value = values.get(param.name)
        if not given(value) or not param.expose_value or value == param.default:
            continue
        for each in value if isinstance(value, (list, tuple)) else [value]:
            named = [] if param.param_type_name == "argument" else [flag(param, line)]
            told += named if value is True else [*named, str(each)]
    return told


def given(value: Any) -> bool:
    """Whether a parameter of this value was typed at all."""
    return value not in (None, False, (), [])


def flag(param: Any, line: Sequence[str] = ()) -> str:
    """How an option is told: as it was typed on the line, else in full, but for the reason."""
    told = (each for word in line for each in param.opts if is_flag(word, each))
    return next(told, "-m" if "-m" in param.opts else str(max(param.opts, key=len)))


def is_flag(word: str, spelling: str) -> bool:
    """Whether a word of a line is this spelling of an option, alone or with its value."""
    short = len(spelling) == 2 and not word.startswith("--") and word.startswith(spelling)
    return short or word == spelling or word.startswith(f"{spelling}=")
