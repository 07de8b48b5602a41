"""What a command line lacks: asked for on a terminal, else refused all at once, with what there is to choose from."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from oppcli.cli import adding, ask, picking
from oppcli.cli.answers import answered, flag, words
from oppcli.cli.context import JSON
from oppcli.errors import OppError, Reason, UsageError
from oppcli.model.command import Command, command
from oppcli.model.said import HELP, Said, Word, listed, say

if TYPE_CHECKING:
    from oppcli.cli.context import Context

ASKS: Mapping[str, Callable[[Any], Any]] = {
    "deal": picking.deal,
    "refs": picking.deal,
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
        adding.ask_for_the_rest(ctx)


def may_ask(opp: "Context", params: Mapping[str, Any]) -> bool:
    """Whether a question may be asked, before the flags of a read are known to the context."""
    return opp.interactive and not params.get("json") and params.get("output") not in JSON


def refusal(ctx: Any, lacking: Sequence[Any]) -> UsageError:
    """Everything that is missing, with its choices and a line that has it."""
    known = {param.name: param for param in ctx.command.params}
    besides = BESIDES.get(ctx.command.path, ())
    missing = [*lacking, *(known[name] for name in besides if ctx.params.get(name) is None)]
    options = {param.name: _choices(ctx, param.name) for param in missing}
    line = _example(ctx, missing, {name: found[0].value for name, found in options.items() if found})
    reasons = [Reason(_called(param), _described(param, options[param.name])) for param in missing]
    if ctx.command.path == "lead add":
        reasons += adding.required(ctx)
    return UsageError(_head(missing, len(reasons)), hint=line, reasons=tuple(reasons))


def _head(missing: Sequence[Any], count: int) -> Said:
    name = _called(missing[0])
    if count > 1:
        return say("{n} things are missing", n=count)
    return say("missing option '{name}'", name=name) if name[0] == "-" else say("missing argument '{name}'", name=name)


def _called(param: Any) -> str:
    """`DEAL`, or `--kind`."""
    return str(param.human_readable_name) if param.param_type_name == "argument" else str(flag(param))


def _described(param: Any, options: Sequence[ask.Option]) -> str:
    if not options:
        return Word(HELP, param.help or "")
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
    return command(*words(ctx, values), ready=all(param.name in first for param in missing))


def _metavar(param: Any) -> str:
    return str(param.metavar or param.name).rstrip(".").partition("|")[0]
