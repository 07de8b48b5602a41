"""What a command line lacks: asked for on a terminal, else refused all at once, with what there is to choose from.

What was asked is kept beside the line, which is told again at its end as it would need no question.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from oppcli.cli import ask, picking
from oppcli.errors import OppError, Reason, UsageError
from oppcli.model.command import Command, command
from oppcli.model.said import Said, listed, say

if TYPE_CHECKING:
    from oppcli.cli.context import Context

ASKED = "asked"
"""Among what Typer keeps of a line: parameter → value that a question gave."""
JSON = ("json", "jsonl", "full")
ASKS: Mapping[str, Callable[[Any], Any]] = {
    "deal": picking.deal,
    "title": lambda opp: ask.text(opp, say("what is it about"), needed=True),
    "file": picking.file,
    "kind": picking.kind,
    "to": picking.person,
    "login": picking.person,
}
"""What may be asked for, by the name of its parameter."""
NO_PERSON = ("user add",)
"""Their LOGIN is of nobody yet."""
WALKS = ("request approve", "request reject", "request return")
"""Without a request they go through the inbox."""
CHOICES: Mapping[str, Callable[[Any], Sequence[ask.Option]]] = {
    "kind": picking.kinds,
    "to": picking.people,
    "name": picking.types,
    "reason": picking.reasons,
}
BESIDES: Mapping[str, tuple[str, ...]] = {"request submit": ("name",), "deal lose": ("reason",)}
"""What a verb needs as well, although Typer does not know it: that depends on the policy."""


def fill(ctx: Any, needed: Sequence[Any]) -> None:
    """Ask for what is lacking of these parameters, or refuse (2) with everything that is."""
    opp, path = ctx.obj, ctx.command.path
    lacking = [param for param in needed if ctx.params[param.name] in (None, (), [])]
    asks = may_ask(opp, ctx.params)
    if asks and path in WALKS and [param.name for param in lacking] == ["request"]:
        return
    if not asks or any(param.name.rstrip("_") not in ASKS for param in lacking) or path in NO_PERSON:
        raise refusal(ctx, lacking)
    for param in lacking:
        value = ASKS[param.name.rstrip("_")](opp)
        answered(ctx, param.name, [value] if param.nargs == -1 else value)
    if path == "lead add":
        from oppcli.cli import adding

        adding.ask_for_the_rest(ctx)


def may_ask(opp: "Context", params: Mapping[str, Any]) -> bool:
    """Whether a question may be asked, before the flags of a read are known to the context."""
    return opp.interactive and not params.get("json") and params.get("output") not in JSON


def answered(ctx: Any, name: str, value: Any) -> None:
    """A parameter has this value, which a question gave."""
    ctx.params[name] = value
    ctx.meta.setdefault(ASKED, {})[name] = value


def refusal(ctx: Any, lacking: Sequence[Any]) -> UsageError:
    """Everything that is missing, with its choices and a line that has it."""
    known = {param.name: param for param in ctx.command.params}
    besides = BESIDES.get(ctx.command.path, ())
    missing = [*lacking, *(known[name] for name in besides if ctx.params.get(name) is None)]
    options = {param.name: _choices(ctx, param.name) for param in missing}
    line = _example(ctx, missing, {name: found[0].value for name, found in options.items() if found})
    reasons = [Reason(_called(param), _described(param, options[param.name])) for param in missing]
    if ctx.command.path == "lead add":
        from oppcli.cli import adding

        reasons += adding.required(ctx)
    return UsageError(_head(missing, len(reasons)), hint=line, reasons=tuple(reasons))


def _head(missing: Sequence[Any], count: int) -> Said:
    name = _called(missing[0])
    if count > 1:
        return say("{n} things are missing", n=count)
    return say("missing option '{name}'", name=name) if name[0] == "-" else say("missing argument '{name}'", name=name)


def _called(param: Any) -> str:
    """`DEAL`, or `--kind`."""
    return str(param.human_readable_name) if param.param_type_name == "argument" else str(_flag(param))


def _described(param: Any, options: Sequence[ask.Option]) -> str:
    if not options:
        return str(param.help or "")
    return listed(f"{option.value} {option.title}".strip() for option in options)


def _choices(ctx: Any, name: str) -> Sequence[ask.Option]:
    """What there is to choose from; nothing where that depends on something that cannot be looked at."""
    if name not in CHOICES:
        return ()
    try:
        return CHOICES[name](ctx.obj)
    except OppError:  # what is wrong with the database is said once there is a line
        return ()


def _example(ctx: Any, missing: Sequence[Any], first: Mapping[str, str]) -> Command:
    """The line as it was typed, with the first choice of what is missing, or what that is called."""
    values = {**ctx.params, **{param.name: first.get(param.name, _metavar(param)) for param in missing}}
    return command(*_words(ctx, values), ready=all(param.name in first for param in missing))


def _metavar(param: Any) -> str:
    return str(param.metavar or param.name).rstrip(".").partition("|")[0]


def tell(ctx: Any) -> None:
    """Tell the line again as it would need no question, where there was one."""
    if ctx.meta.pop(ASKED, None):
        ctx.obj.say(say("without questions: {line}", line=command(*_words(ctx, ctx.params))))


def _words(ctx: Any, values: Mapping[str, Any]) -> list[str]:
    """The words of a line with these values: the command as it was typed, its arguments, its options."""
    arguments: list[str] = []
    options: list[str] = []
    for param in ctx.command.params:
        value = values.get(param.name)
        if value in (None, False, (), []) or not param.expose_value or value == param.default:
            continue
        each = [str(one) for one in value] if isinstance(value, (list, tuple)) else [str(value)]
        if param.param_type_name == "argument":
            arguments += each
        elif value is True:
            options.append(_flag(param))
        else:
            options += [word for one in each for word in (_flag(param), one)]
    path = ctx.command_path.split()[1:]
    dashed = any(word.startswith("-") and len(word) > 1 for word in arguments)
    return [*path, *options, "--", *arguments] if dashed else [*path, *arguments, *options]


def _flag(param: Any) -> str:
    return str(max(param.opts, key=len)) if len(param.opts) > 1 and param.name != "message" else str(param.opts[-1])
