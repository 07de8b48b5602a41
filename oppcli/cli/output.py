"""What every read and every write has in common: `reads` adds the output flags and prints the table a command
returns, `@writes` adds `--dry-run` and prints what was done."""

import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from oppcli.cli.context import Context
from oppcli.errors import HooksWanted, OppError, UsageError
from oppcli.model.command import command
from oppcli.model.said import listed, of_system, say
from oppcli.render import ALL, FILES, fitted, known

if TYPE_CHECKING:  # a write makes no table, a read no outcome
    from oppcli.actions.outcome import Outcome
    from oppcli.reads.table import Table

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
    "watch": Annotated[bool, typer.Option("--watch", help="show it again and again, until Ctrl-C")],
    "interval": Annotated[
        float | None, typer.Option("--interval", metavar="SECONDS", help="between two looks of --watch: 5, at least 2")
    ],
    "since_last": Annotated[
        str | None, typer.Option("--since-last", metavar="NAME", help="only what is new since this name was last used")
    ],
}
_AS_OF = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE|INSTANT", help="what was known then: a day is its end, today is now"),
]
_DRY_RUN = Annotated[bool, typer.Option("--dry-run", "-n", help="show what would change; write nothing")]

_ANSWER = Annotated[str | None, typer.Option("--output", "-o", metavar="FORMAT", help="text or json")]


def argument(metavar: str, help: str) -> Any:
    """What stands without a flag, as help shows it: what it is called and what it is, and never a default."""
    return typer.Argument(metavar=metavar, help=help, show_default=False)


Answer: TypeAlias = "Table | tuple[Table, int]"
"""What a read answers with: a table, or a table and the exit code."""


def reads(
    command: Callable[..., Answer],
    own: Sequence[inspect.Parameter],
    *,
    title: str = "",
    past: bool = False,
    otherwise: Callable[[Mapping[str, Any]], str] = lambda given: "table",
) -> Callable[..., int | None]:
    """For `f(opp: Context, …) -> Table` (or the table and an exit code): adds the output flags to its `own` parameters
    and prints the table, in `otherwise` unless -o is given; of one that may be asked of the `past`, `--as-of`, too.
    What `opp.still` holds is closed then."""

    @wraps(command)
    def run(ctx: typer.Context, **given: Any) -> int | None:
        from oppcli.cli import showing
        from oppcli.reads.table import Table

        context: Context = ctx.obj
        context.line = ctx
        flags = _flags(context, given)
        # Refuse a format that does not exist before a query runs.
        usual = otherwise(given)
        chosen = _format(flags, "ids" if context.quiet and usual == "table" else usual)

        def answered(opp: Context, out: Callable[..., None]) -> int:
            opp.given = {**flags, "output": chosen}
            read_by_people = chosen in ("table", "plain")
            opp.screen = sys.stdout.isatty() and read_by_people
            narrowed = flags["sort"] or flags["since_last"] is not None
            opp.aside = bool(narrowed or given.get("where_") or flags["columns"]) or not read_by_people
            opp.newest, opp.first = showing.wanted(flags, chosen, sys.stdout.isatty())
            with ExitStack() as opp.still:
                found = command(opp, **given)
                table, code = (found, 0) if isinstance(found, Table) else found
                if opp.sight is not None or opp.later:
                    table = showing.seen(table, opp, chosen, flags, title)
                if flags["since_last"] is not None:
                    table, code = showing.new(table, code, opp, flags, title)
                out(table, opp, chosen, flags, {"command": title, **_given(given)})
            return code

        if context.taker is not None:  # a letter: nothing is printed, no file is written
            return answered(context, context.taker)
        if flags["watch"] or flags["interval"] is not None:
            from oppcli.cli.watching import watch

            return watch(context, answered, flags)
        with _place(context, flags, title, given) as prepared:
            code = answered(context, lambda table, *asked: showing.show(prepared(table), *asked))
        return showing.kept(context, code)

    return _with_flags(run, own, _READ_FLAGS | ({"as_of": _AS_OF} if past else {}))


def _flags(context: Context, given: dict[str, Any]) -> dict[str, Any]:
    """The output flags as typed, taken out of what was given, with the instant that is asked about."""
    flags = {name: given.pop(name) for name in _READ_FLAGS}
    if (then := given.pop("as_of", None)) is not None:
        from oppcli.cli.looking_back import look_back

        look_back(context, then, flags)
    return flags


def _place(
    context: Context, flags: dict[str, Any], title: str, given: dict[str, Any]
) -> "AbstractContextManager[Callable[[Table], Table]]":
    """Where the answer goes: stdout as it is, or a file, whose rows are counted."""
    if flags["out"] is None:
        return nullcontext(lambda table: table)
    from oppcli.cli.filed import into

    noun = f"{title} {given['noun_']}" if title == "export" else title
    return into(context, flags["out"], noun, flags["limit"])


def _given(options: dict[str, Any]) -> dict[str, Any]:
    """What was really typed, by the name of its option."""
    return {name.rstrip("_"): value for name, value in options.items() if value not in (None, False, [], ())}


def writes(command: "Callable[..., Outcome | int | None]") -> Callable[..., int | None]:
    """For a command `f(opp: Context, …) -> Outcome`: adds `--dry-run` and prints what was done."""

    @wraps(command)
    def run(ctx: typer.Context, **given: Any) -> int | None:
        context: Context = ctx.obj
        context.dry_run = given.pop("dry_run")
        if not given.get("listing") and _wants_json(given["answer"]):
            context.given = {"answer": "json", "output": "json"}
        if "answer" not in has:
            del given["answer"]
        try:
            outcome = command(context, **given)
        except HooksWanted as wanted:
            from oppcli.cli import hooked

            outcome = hooked.again(context, wanted, lambda: command(context, **given))
        return outcome if outcome is None or isinstance(outcome, int) else answer(context, outcome)

    own = list(inspect.signature(command, eval_str=True).parameters.values())[1:]
    flags, has = {"dry_run": _DRY_RUN, "answer": _ANSWER}, {parameter.name for parameter in own}
    return _with_flags(run, own, {name: flag for name, flag in flags.items() if name not in has})


def _wants_json(answer: str | None) -> bool:
    """Whether JSON is awaited. Refuses another format than text and json: a write has no rows."""
    if answer not in (None, "text", "json"):
        hint = say("one of {formats}", formats="text json")
        raise UsageError(say("no such format: {flag}", flag=answer), hint=hint)
    return answer == "json"


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
    return False if name in ("json", "csv", "ids", "no_header", "excel", "watch", "dry_run") else None


def _format(flags: dict[str, Any], otherwise: str) -> str:
    short = [name for name in ("json", "csv", "ids") if flags[name]]
    if flags["output"] is not None:
        known(flags["output"])
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


def answer(context: Context, outcome: "Outcome") -> int:
    """Print what was done (or would be), what follows and how to undo it; with `-q` only the ids, and on stderr
    what was not done."""
    from oppcli.render.screen import harmless

    if context.given.get("answer") == "json":
        from oppcli.cli.outcome_json import text_of

        _answer(text_of(context, outcome), written=not context.dry_run)
        return outcome.code
    if context.quiet:
        text = "\n".join(outcome.ids)
        for one in outcome.several if outcome.code else ():
            if one.error is not None:
                from oppcli.cli.batch import refused

                told = _heard(context, refused(context, one.one, one.error), terminal=sys.stderr.isatty())
                print(told, file=sys.stderr)  # noqa: T201
    else:
        lines = _with_undo(outcome, context).lines(dry_run=context.dry_run)
        text = _heard(context, lines, terminal=sys.stdout.isatty())
    if text:
        _answer(text, written=not context.dry_run)
    if context.dry_run:
        from oppcli.cli.diff import changed_lines

        for line in [] if context.quiet else changed_lines(context):
            print(harmless(context.spoken(line)))  # noqa: T201
        print(context.spoken(say("Nothing was written.")), file=sys.stderr)  # noqa: T201
    return outcome.code


def _heard(context: Context, lines: list[str], *, terminal: bool) -> str:
    """The lines in the words of who reads them, without what they do not have."""
    if context.sight is not None and context.sight.hidden:
        from oppcli.cli import seeing

        lines = list(map(seeing.unveiler(context.sight), lines))
        context.entries = seeing.veiled_entries(context.entries, context.sight)
    return "\n".join(fitted(context.spoken(line), terminal=terminal) for line in lines)


def _with_undo(outcome: "Outcome", context: Context) -> "Outcome":
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
        reason = of_system(error)
        raise OppError(
            say("the change was made, but it cannot be told here: {reason}", reason=reason),
            hint=command("log", "-L", "3"),
        ) from None
