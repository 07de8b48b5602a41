"""`opp report`: a command for each report of the catalog, made from its value when it is named."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer
from typer.models import CommandInfo

from oppcli.cli.context import Context
from oppcli.cli.output import reads
from oppcli.errors import UsageError
from oppcli.model.said import say
from oppcli.reads import catalog
from oppcli.reads.table import Frame, Param, Report, Table
from oppcli.store.doors import ReadDoor

ALARM = 10
"""With `--exit-code`: the report has rows."""
app = typer.Typer(help="Reports: what the figures mean is in docs/reports.md.")


@app.command("list")
@reads
def list_(opp: Context) -> Table:
    """The reports there are, with their options.

    opp report list
    """
    return catalog.listing()


class Lazy(CommandInfo):
    """A command whose report is loaded when somebody asks for the function behind it."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)

    @property
    def callback(self) -> Callable[..., Any]:
        return command(catalog.report(self.name or ""))

    @callback.setter
    def callback(self, _: object) -> None:
        """Typer's own constructor sets it to None."""


def command(report: Report) -> Callable[..., int | None]:
    """The function that Typer turns into `opp report NAME`."""

    def run(opp: Context, **given: Any) -> Table | tuple[Table, int]:
        alarm = given.pop("exit_code", False)
        with opp.read() as door:
            args = {_word(param): _value(opp, door, param, given[_word(param) + "_"]) for param in report.params}
            frame = Frame(now=opp.now, tz=opp.tz, actor=opp.actor, policy=lambda: opp.policy(door))
            table = catalog.run(report, door, args, frame)
        return (table, ALARM) if alarm and list(table.rows) else table

    parameters = [inspect.Parameter("opp", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Context)]
    parameters += [_option(param) for param in report.params]
    if report.alarm:
        parameters.append(_parameter("exit_code", bool, False, "--exit-code", help="end with 10 when there are rows"))
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__name__ = report.name
    run.__doc__ = "\n\n".join([f"{report.title}: {catalog.REPORTS[report.name]}.", "\n".join(report.examples)])
    return reads(run)


def _word(param: Param) -> str:
    return param.name.replace("-", "_")


def _option(param: Param) -> inspect.Parameter:
    """The option of a parameter; its name in Python ends with _ because `in` is a word of the language."""
    name, flag = f"{_word(param)}_", f"--{param.name}"
    if param.kind == "flag":
        return _parameter(name, bool, False, flag, help=param.help)
    kind: Any = (list[str] | None) if param.many else (str | None)
    metavar = "|".join(param.choices) or _METAVARS.get(param.kind, "TEXT")
    return _parameter(name, kind, param.default, flag, help=param.help, metavar=metavar)


_METAVARS = {"user": "LOGIN", "since": "DATE", "until": "DATE", "currency": "CUR"}


def _parameter(name: str, kind: Any, default: Any, flag: str, **more: Any) -> inspect.Parameter:
    annotation = Annotated[kind, typer.Option(flag, **more)]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _value(opp: Context, door: ReadDoor, param: Param, given: Any) -> Any:
    """What was typed, as the report takes it: logins, instants, wanted and unwanted texts. None when nothing was."""
    from oppcli.cli import filters

    if given is None or given == [] or param.kind == "flag":
        return given or None
    if param.kind == "user":
        return filters.owners(opp, door, given)
    if param.many:
        return filters.halves(given)
    if param.kind in ("since", "until"):
        return opp.until(given) if param.kind == "until" else opp.since(given)
    return _checked(param, given)


def _checked(param: Param, given: str) -> str:
    from oppcli.model.money import CURRENCIES
    from oppcli.words.spelling import nearest

    known = tuple(sorted(CURRENCIES)) if param.kind == "currency" else param.choices
    word = given.upper() if param.kind == "currency" else given.lower()
    if known and word not in known:
        hint = (
            f"--{param.name} {'|'.join(param.choices)}" if param.choices else say("three letters of ISO 4217: --in CNY")
        )
        raise UsageError(
            say("--{option} cannot be {given}{near}", option=param.name, given=given, near=nearest(word, known)),
            hint=hint,
        )
    return word


app.registered_commands += [Lazy(name) for name in catalog.REPORTS]
