"""What a command line lacks: asked for on a terminal, else refused all at once, with what there is to choose from."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from oppcli.cli import adding, ask, offered, picking
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
    "ref": lambda opp: ask.text(opp, say("which deal or customer? D-142, C-9"), needed=True),
    "thing": lambda opp: ask.text(opp, say("which deal, customer or contact? D-142, C-9, P-4"), needed=True),
    "note ref": lambda opp: ask.text(opp, say("on what? words of a title, or D-142, C-9, P-4"), needed=True),
    "note text": lambda opp: ask.text(opp, say("what happened"), needed=True),
    "title": lambda opp: ask.text(opp, say("what is it about"), needed=True),
    "file": picking.file,
    "bundle out": lambda opp: ask.text(opp, say("into which file? D-142.zip"), needed=True),
    "kind": picking.kind,
    "to": picking.person,
    "login": picking.person,
    "user add login": lambda opp: ask.text(opp, say("login of the new person"), needed=True),
    "user reactivate login": offered.inactive,
    "request": offered.request,
    "customer": offered.customer,
    "customer add name": lambda opp: ask.text(opp, say("name of the company"), needed=True),
    "contact": lambda opp: ask.text(opp, say("which contact? a name, or P-4"), needed=True),
    "contact add name": lambda opp: ask.text(opp, say("name of the person"), needed=True),
    "who": lambda opp: ask.text(opp, say("who? a login, or a contact: P-4"), needed=True),
    "deal rival name": lambda opp: ask.text(opp, say("who else offers"), needed=True),
    "activity": lambda opp: ask.text(opp, say("which activity? A-7"), needed=True),
    "task": lambda opp: ask.text(opp, say("which task? T-7"), needed=True),
    "proposal": lambda opp: ask.text(opp, say("which proposal? S-3"), needed=True),
    "proposals": lambda opp: ask.text(opp, say("which proposal? S-3"), needed=True),
    "contract sign scan": picking.file,
    "fact set fact": lambda opp: ask.text(opp, say("what is known? credit_limit=500000"), needed=True),
    "payment": lambda opp: ask.text(opp, say("which payment? Y-7"), needed=True),
    "payment received amount": lambda opp: ask.text(opp, say("how much came"), needed=True),
    "price set sku": lambda opp: ask.text(opp, say("the price of what? its number in the list: P-100"), needed=True),
    "rate add base": lambda opp: ask.text(opp, say("one of which currency? EUR"), needed=True),
    "rate add currency": lambda opp: ask.text(opp, say("in which currency? CNY"), needed=True),
    "rate add rate": lambda opp: ask.text(opp, say("how much is one of it? 7.82"), needed=True),
    "cost add source": lambda opp: ask.text(opp, say("which source? fair"), needed=True),
    "cost add period": lambda opp: ask.text(opp, say("in which period? 2026-11, 2026Q4"), needed=True),
    "cost add amount": lambda opp: ask.text(opp, say("how much did it cost? 5万"), needed=True),
    "target set who": lambda opp: ask.text(opp, say("whose target? a login, team:LOGIN or company"), needed=True),
    "target set month": lambda opp: ask.text(opp, say("in which month? 2026-11"), needed=True),
    "target set measure": lambda opp: ask.text(opp, say("of what? won_amount, leads …"), needed=True),
    "target set number": lambda opp: ask.text(opp, say("how much? 100k, 100k/120k/150k"), needed=True),
    "forecast submit month": lambda opp: ask.text(opp, say("in which month? 2026-11"), needed=True),
    "forecast show forecast": lambda opp: ask.text(opp, say("which submission? F-3, last"), needed=True),
    "points give number": lambda opp: ask.text(opp, say("how many points? 5"), needed=True),
    "delegation": offered.delegation,
    "end": lambda opp: ask.text(opp, say("until when? 2026-10-08, fri, +2w"), needed=True),
    "policy diff old": lambda opp: ask.text(opp, say("which policy? a file or a version"), needed=True),
    "view drop name": offered.one_of(say("which view?"), offered.views),
    "mapping show name": offered.one_of(say("which mapping?"), offered.all_mappings),
    "mapping drop name": offered.one_of(say("which mapping?"), offered.mappings),
    "notices test name": offered.one_of(say("which channel?"), offered.channels),
    "noun": offered.one_of(say("export what?"), offered.exports),
    "key": offered.one_of(say("which setting?"), offered.settings),
    "value": lambda opp: ask.text(opp, say("which value"), needed=True),
    "shell": offered.one_of(say("which shell?"), offered.shells),
}
"""What may be asked for, by the name of its parameter, or behind the command whose it is."""
NOT_ASKED: Mapping[str, str] = {
    "payment plan part": "a plan is several parts, which are typed together",
    "view save name": "nothing but a whole command can stand behind it, which is typed with its flags",
    "view save words": "a whole command with its flags is typed or repeated, not asked for",
    "view run name": "the line of a view takes the place of its name before anything can be asked",
}
"""Of what has to be given the rest, and why it is not asked for."""
WALKS = ("request approve", "request reject", "request return")
"""Without a request they go through the inbox."""
WHY: Mapping[str, Said] = {
    "request reject": say("why is it rejected"),
    "request return": say("what is to be answered"),
    "request ask": say("what do you want to know"),
    "request reply": say("what is the answer"),
    "deal reopen": say("why is it reopened"),
    "withdraw": say("why is it withdrawn"),
    "customer erase": say("why is it erased"),
}
"""What is asked for a reason; `why` alone elsewhere."""
CHOICES: Mapping[str, Callable[[Any], Sequence[ask.Option]]] = {
    "kind": picking.kinds,
    "to": picking.people,
    "request submit name": picking.types,
    "reason": picking.reasons,
    "view run name": offered.views,
    "view drop name": offered.views,
    "mapping show name": offered.all_mappings,
    "mapping drop name": offered.mappings,
    "notices test name": offered.channels,
    "noun": offered.exports,
    "shell": offered.shells,
}
BESIDES: Mapping[str, tuple[str, ...]] = {
    "request submit": ("name",),
    "deal lose": ("reason",),
    "lead reject": ("reason",),
}
"""What a verb needs as well, although Typer does not know it: that depends on the policy."""
INSTEAD: Mapping[str, str] = {"deal assign": "by_rule", "note": "lines"}
"""A flag with which a verb needs nothing else."""
IN_PLACE: Mapping[str, str] = {"deal attach file": "link"}
"""A flag that stands in the place of what would have to be given."""
Ways = TypeVar("Ways")


def way(ways: Mapping[str, Ways], ctx: Any, param: Any) -> Ways | None:
    """What a table has for a parameter: behind its command, else by its name alone."""
    name = str(param.name).rstrip("_")
    return ways.get(f"{ctx.command.path} {name}", ways.get(name))


def fill(ctx: Any, needed: Sequence[Any]) -> None:
    """Ask for what is lacking of these parameters, or refuse (2) with everything that is."""
    opp, path = ctx.obj, ctx.command.path
    if ctx.params.get(INSTEAD.get(path, "")):
        return
    lacking = [param for param in needed if ctx.params[param.name] in (None, (), [])]
    lacking = [param for param in lacking if not ctx.params.get(IN_PLACE.get(f"{path} {param.name}", ""))]
    asks = may_ask(opp, ctx.params)
    if asks and path in WALKS and lacking:
        return
    asked = [way(ASKS, ctx, param) for param in lacking]
    if lacking and (not asks or None in asked):
        raise refusal(ctx, lacking)
    for param, question in zip(lacking, asked, strict=True):
        value = question(opp) if question is not None else None
        answered(ctx, param.name, [value] if param.nargs == -1 else value)
    if path == "lead add":
        adding.ask_for_the_rest(ctx)
    elif asks and path == "request add-approver":
        _ask_where(ctx)
    if asks and unexplained(ctx):
        answered(ctx, "message", ask.text(opp, WHY.get(path, say("why")), needed=True))


def unexplained(ctx: Any) -> bool:
    """Whether the verb needs a reason that is neither typed nor to be written in an editor."""
    return ctx.command.explained and ctx.params["message"] is None and not ctx.meta.get("compose")


def _ask_where(ctx: Any) -> None:
    """One more approver: whether before, after or beside one's own seat, and who."""
    places = {
        "before": say("decides before you"),
        "after": say("decides after you"),
        "beside": say("must agree as well"),
    }
    if any(ctx.params[name] for name in places):
        return
    where = ask.choice(ctx.obj, say("one more approval: where?"), list(map(ask.Option, places, places.values())))
    answered(ctx, where, picking.person(ctx.obj))


def may_ask(opp: "Context", params: Mapping[str, Any]) -> bool:
    """Whether a question may be asked, before the flags of a read or write are known to the context."""
    return opp.interactive and not params.get("json") and not {params.get("output"), params.get("answer")} & set(JSON)


def refusal(ctx: Any, lacking: Sequence[Any]) -> UsageError:
    """Everything that is missing, with its choices and a line that has it."""
    known = {param.name: param for param in ctx.command.params}
    besides = (*BESIDES.get(ctx.command.path, ()), *(("message",) if unexplained(ctx) else ()))
    missing = [*lacking, *(known[name] for name in besides if ctx.params.get(name) is None)]
    options = {param.name: _choices(ctx, param) for param in missing}
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


def _choices(ctx: Any, param: Any) -> Sequence[ask.Option]:
    """What there is to choose from; nothing where that depends on something that cannot be looked at."""
    found = way(CHOICES, ctx, param)
    try:
        return found(ctx.obj) if found is not None else ()
    except OppError:  # what is wrong with the database is said once there is a line
        return ()


def _example(ctx: Any, missing: Sequence[Any], first: Mapping[str, str]) -> Command:
    """The line as it was typed, with the first choice of what is missing, or what that is called."""
    values = {**ctx.params, **{param.name: first.get(param.name, _metavar(param)) for param in missing}}
    return command(*words(ctx, values), ready=all(param.name in first for param in missing))


def _metavar(param: Any) -> str:
    return str(param.metavar or param.name).rstrip(".").partition("|")[0]
