"""What every read and every write has in common: `reads` adds the output flags and prints the table a command
returns, `@writes` adds `--dry-run` and prints what was done."""

import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from functools import partial, wraps
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.errors import OppError, UsageError
from oppcli.model.command import command
from oppcli.model.noun import NOTHING
from oppcli.model.said import listed, say
from oppcli.render import ALL, FILES

if TYPE_CHECKING:  # a write makes no table
    from oppcli.reads.table import Table

SHOWN_ON_A_TERMINAL = 50
MOST = 10**9
"""Rows that may be asked for by number."""

ONE_OF = say("one of {formats}", formats=" ".join(ALL))
_READ_FLAGS: dict[str, Any] = {
    "output": Annotated[str | None, typer.Option("--output", "-o", metavar="FORMAT", help=ONE_OF)],
    "out": Annotated[
        str | None,
        typer.Option("--out", "-O", metavar="FILE", help="a file: .csv .tsv .json .jsonl .md .html .xlsx .txt"),
    ],
    "json": Annotated[bool, typer.Option("--json", help="same as -o json")],
    "csv": Annotated[bool, typer.Option("--csv", help="same as -o csv")],
    "ids": Annotated[bool, typer.Option("--ids", help="same as -o ids")],
    "columns": Annotated[
        str | None, typer.Option("--columns", "-c", metavar="A,B", help="these columns; +x adds one, -x leaves one out")
    ],
    "sort": Annotated[str | None, typer.Option("--sort", metavar="A,-B", help="by these columns, - for descending")],
    "limit": Annotated[
        int | None, typer.Option("--limit", "-L", metavar="N", min=0, max=MOST, help="at most N rows; 0 for all")
    ],
    "no_header": Annotated[bool, typer.Option("--no-header", help="without the heading line")],
    "excel": Annotated[bool, typer.Option("--excel", help="for a spreadsheet: BOM, CRLF, no live formulas")],
}
_DRY_RUN = Annotated[bool, typer.Option("--dry-run", "-n", help="show what would change; write nothing")]


Answer: TypeAlias = "Table | tuple[Table, int]"
"""What a read answers with: a table, or a table and the exit code."""


def reads(
    command: Callable[..., Answer],
    own: Sequence[inspect.Parameter],
    *,
    title: str = "",
    otherwise: Callable[[Mapping[str, Any]], str] = lambda given: "table",
) -> Callable[..., int | None]:
    """For `f(opp: Context, still: ExitStack, …) -> Table` (or the table and an exit code): adds the output flags to its
    `own` parameters and prints the table, in `otherwise` unless -o is given. What `still` holds is closed then."""

    @wraps(command)
    def run(ctx: typer.Context, **given: Any) -> int | None:
        from oppcli.reads.table import Table

        flags = {name: given.pop(name) for name in _READ_FLAGS}
        context: Context = ctx.obj
        # Refuse a format that does not exist before a query runs.
        chosen = _format(flags, otherwise(given))
        context.given = {**flags, "output": chosen}
        with _place(context, flags, title, given) as prepared, ExitStack() as still:
            narrowed = flags["sort"] or given.get("where_")
            context.newest = None if narrowed else _limit(flags["limit"], chosen, sys.stdout.isatty())
            found = command(context, still, **given)
            table, code = (found, 0) if isinstance(found, Table) else found
            if context.sight is not None:
                table = _seen(table, context, chosen, flags, title)
            show(prepared(table), context, chosen, flags, {"command": title, **_given(given)})
        return code

    return _with_flags(run, own, _READ_FLAGS)


def _place(
    context: Context, flags: dict[str, Any], title: str, given: dict[str, Any]
) -> "AbstractContextManager[Callable[[Table], Table]]":
    """Where the answer goes: stdout as it is, or a file, whose rows are counted."""
    if flags["out"] is None:
        return nullcontext(lambda table: table)
    from oppcli.cli.filed import into

    noun = f"{title} {given['noun_']}" if title == "export" else title
    return into(context, flags["out"], noun, flags["limit"])


def _seen(table: "Table", context: Context, chosen: str, flags: dict[str, Any], title: str) -> "Table":
    """The table as this person may see it, and take it away."""
    from oppcli.cli import seeing
    from oppcli.render.view import named, words

    sight, terminal = context.sight, sys.stdout.isatty()
    assert sight is not None
    asked = [name for spec in (flags["columns"], flags["sort"]) for _, name in words(named(spec, table.columns))]
    table = seeing.without_hidden(table, sight, title, asked)
    if not terminal or chosen not in ("table", "plain"):
        table = seeing.let_out(context, table, title, _limit(flags["limit"], chosen, terminal))
    return table if sight.whole else seeing.of_those_seen(table)


def _given(options: dict[str, Any]) -> dict[str, Any]:
    """What was really typed, by the name of its option."""
    return {name.rstrip("_"): value for name, value in options.items() if value not in (None, False, [], ())}


def writes(command: Callable[..., Outcome | int | None]) -> Callable[..., int | None]:
    """For a command `f(opp: Context, …) -> Outcome`: adds `--dry-run` and prints what was done."""

    @wraps(command)
    def run(ctx: typer.Context, **given: Any) -> int | None:
        context: Context = ctx.obj
        context.dry_run = given.pop("dry_run")
        outcome = command(context, **given)
        return answer(context, outcome) if isinstance(outcome, Outcome) else outcome

    own = list(inspect.signature(command, eval_str=True).parameters.values())[1:]
    return _with_flags(run, own, {"dry_run": _DRY_RUN})


def _with_flags(
    run: Callable[..., int | None], own: Sequence[inspect.Parameter], flags: dict[str, Any]
) -> Callable[..., int | None]:
    """`run` with Typer's context, its own parameters, and the flags behind them."""
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=_default(name), annotation=kind)
        for name, kind in flags.items()
    ]
    first = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    keyword_own = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own]
    parameters = [first, *keyword_own, *added]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    del run.__wrapped__  # type: ignore[attr-defined]
    return run


def _default(name: str) -> Any:
    """What a flag is that nobody gave."""
    return False if name in ("json", "csv", "ids", "no_header", "excel", "dry_run") else None


def _format(flags: dict[str, Any], otherwise: str) -> str:
    short = [name for name in ("json", "csv", "ids") if flags[name]]
    if flags["output"] is not None and flags["output"] not in ALL:
        raise UsageError(
            say("no such format: {flag}", flag=flags["output"]), hint=say("one of {formats}", formats=" ".join(ALL))
        )
    named = {flags["output"], *short} - {None}
    if len(named) > 1:
        raise UsageError(say("one format at a time, not {named}", named=listed(sorted(named), " and ")))
    if flags["out"] is not None:
        from oppcli.cli.filed import format_of

        return format_of(flags["out"], next(iter(named), None), excel=flags["excel"])
    chosen = named.pop() if named else "csv" if flags["excel"] else otherwise
    if chosen in FILES or flags["excel"]:
        from oppcli.cli.filed import require_no_screen

        require_no_screen(chosen)
    return chosen


def show(
    table: "Table", context: Context, chosen: str, flags: dict[str, Any], asked: Mapping[str, Any] = NOTHING
) -> None:
    """Write the table to stdout in the chosen format. What it leaves out is said on stderr, whatever the format and
    wherever stdout goes; what was counted on a terminal or with `-v`."""
    from oppcli import render
    from oppcli.render.output import Output
    from oppcli.render.view import TOLD

    stdout = sys.stdout
    if chosen != "table" and chosen != "plain" and hasattr(stdout, "reconfigure"):
        # Machine formats are UTF-8 whatever the terminal is set to, with the line ends the format says.
        stdout.reconfigure(encoding="utf-8", errors="surrogateescape", newline="")
    terminal = stdout.isatty()
    out = Output(
        format=chosen,
        columns=flags["columns"],
        sort=flags["sort"],
        limit=_limit(flags["limit"], chosen, terminal),
        header=not flags["no_header"],
        excel=flags["excel"],
        width=_width() if terminal else None,
        color=_color(context, terminal),
        tz=context.tz,
        now=context.now,
        quiet=context.quiet or not sys.stderr.isatty(),
        currency=partial(_currency, context),
        asked=asked,
        money="short" if context.settings.money == "short" and not (table.single or table.exact) else "",
        voice=context.voice if chosen in TOLD else context.voice._replace(lang="en"),
    )
    for note in render.write(table, out, stdout):
        if note.omission or context.settings.verbose or sys.stderr.isatty():
            context.say(say("note: {text}", text=note.text))


def show_plainly(table: "Table", context: Context, output: str | None) -> None:
    """Write the table as a whole, in the format asked for, or `table`."""
    flags = {name: _default(name) for name in _READ_FLAGS} | {"output": output}
    show(table, context, _format(flags, "table"), flags)


def _currency(context: Context) -> str:
    """The policy's currency; nothing where there is no policy yet."""
    from oppcli.errors import PolicyError

    try:
        with context.read() as door:
            return context.policy(door).currency
    except PolicyError:
        return ""


def _limit(asked: int | None, chosen: str, terminal: bool) -> int | None:
    """None means all. Only a person at a terminal gets a default limit, and is told of it."""
    if asked is not None:
        return asked or None
    return SHOWN_ON_A_TERMINAL if terminal and chosen == "table" else None


def _width() -> int:
    import shutil

    return shutil.get_terminal_size((100, 24)).columns


def _color(context: Context, terminal: bool) -> bool:
    import os

    when = context.settings.color
    if when != "auto":
        return when == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR") or os.environ.get("CLICOLOR_FORCE") not in (None, "", "0"):
        return True
    return terminal and os.environ.get("TERM") != "dumb"


def answer(context: Context, outcome: Outcome) -> int:
    """Print what was done (or would be), what follows and how to undo it; with `-q` only the ids."""
    from oppcli.render.screen import harmless

    if context.quiet:
        text = "\n".join(outcome.ids)
    else:
        lines = _with_undo(outcome, context).lines(dry_run=context.dry_run)
        if context.sight is not None and context.sight.hidden:
            from oppcli.cli import seeing

            lines = list(map(seeing.unveiler(context.sight), lines))
            context.entries = seeing.veiled_entries(context.entries, context.sight)
        text = "\n".join(harmless(context.spoken(line), newlines=True) for line in lines)
    if text:
        _answer(text, written=not context.dry_run)
    if context.dry_run:
        from oppcli.cli.diff import entry_lines

        for line in [] if context.quiet else entry_lines(context.entries, _own_kinds(context), context.currencies):
            print(line)  # noqa: T201
        print(context.spoken(say("Nothing was written.")), file=sys.stderr)  # noqa: T201
    return outcome.code


def _with_undo(outcome: Outcome, context: Context) -> Outcome:
    """A verb says how it is taken back where that is not `opp undo`; a file that was read is given back by who read
    it, and so is all else that the journal can give back."""
    return outcome if outcome.undo else outcome._replace(undo=context.takes_back)


def _answer(text: str, *, written: bool) -> None:
    """Print it at once: when that fails after a change, nobody should think that the change failed."""
    try:
        print(text, flush=True)  # noqa: T201
    except BrokenPipeError:
        raise
    except OSError as error:
        if not written:
            raise
        reason = (error.strerror or str(error)).lower()
        raise OppError(
            say("the change was made, but it cannot be told here: {reason}", reason=reason),
            hint=command("log", "-L", "3"),
        ) from None


def _own_kinds(context: Context) -> dict[str, str]:
    """Name → kind of the fields in `extra` under the policy that this command read."""
    from oppcli.rules.fields import fields

    return {} if context.applied is None else {f.name: f.kind for f in fields(context.applied).values() if f.own}
