"""What questions gave a line, and the line as it would need none: told at its end."""

from collections.abc import Iterable, Mapping
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
    options = typed((param for param in ctx.command.params if param.param_type_name != "argument"), values)
    path = ctx.command_path.split()[1:]
    dashed = any(word.startswith("-") and len(word) > 1 for word in arguments)
    return [*path, *options, "--", *arguments] if dashed else [*path, *arguments, *options]


def typed(params: Iterable[Any], values: Mapping[str, Any]) -> list[str]:
    """Parameters of a command as somebody types them, with their values by name; one that says no more than the command
    does without it is left out."""
    told: list[str] = []
    for param in params:
        value = values.get(param.name)
        if not given(value) or not param.expose_value or value == param.default:
            continue
        for each in value if isinstance(value, (list, tuple)) else [value]:
            named = [] if param.param_type_name == "argument" else [flag(param)]
            told += named if value is True else [*named, str(each)]
    return told


def given(value: Any) -> bool:
    """Whether a parameter of this value was typed at all."""
    return value not in (None, False, (), [])


def flag(param: Any) -> str:
    """How an option is told: in full, but for the reason."""
    return "-m" if "-m" in param.opts else str(max(param.opts, key=len))
