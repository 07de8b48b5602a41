"""`opp import FILE --mapping FILE`: read deals, people or approval logs from a CSV file or a workbook."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli import options
from oppcli.cli.context import Context
from oppcli.cli.output import writes
from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.said import listed, say

if TYPE_CHECKING:
    from oppcli.actions.imports.trust import Trust
    from oppcli.files.mapping import ImportMap

app = typer.Typer()
SINGLE = True


@app.command("import")
@writes
def import_(
    opp: Context,
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="a CSV file, also gzipped, or a workbook; - for standard input", show_default=False
        ),
    ],
    mapping: Annotated[Path, typer.Option("--mapping", metavar="FILE", help="which column is what: opp help import")],
    sheet: Annotated[str | None, typer.Option("--sheet", metavar="SHEET", help="which sheet of a workbook")] = None,
    rejects: Annotated[
        Path | None, typer.Option("--rejects", metavar="FILE", help="rejected rows go here; default FILE.rejects.csv")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="import nothing when a row is rejected")] = False,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="KIND", help="deals (default), users or requests")
    ] = None,
    trust_approvals: Annotated[
        bool, typer.Option("--trust-approvals", help="its approvals count as if given here; admins, with -m")
    ] = False,
    message: options.Message = None,
) -> Outcome:
    """Read deals, people or approvals from a CSV file or a workbook: every row is checked, and none comes twice.

    opp import pipeline.csv --mapping mapping.toml --dry-run
    opp import pipeline.csv --mapping mapping.toml
    opp import pipeline.xlsx --mapping mapping.toml --sheet Deals
    opp import log.csv.gz --kind requests --mapping approvals.toml
    opp import log.csv --kind requests --mapping approvals.toml --trust-approvals -m 'checked with finance'
    iconv -f big5 -t utf-8 old.csv | opp import - --mapping mapping.toml --rejects wrong.csv
    """
    from oppcli.actions.imports.trust import Trust
    from oppcli.files import mapping as maps
    from oppcli.files.mapping_keys import KINDS
    from oppcli.toml.reading import STDIN, called, typed

    if kind is not None and kind not in KINDS:
        raise UsageError(
            say("no such kind of rows: {kind}", kind=kind), hint=say("--kind {kinds}", kinds=listed(KINDS, " or "))
        )
    if str(mapping) == str(file) == STDIN:
        raise UsageError(say("the rows and the mapping cannot both come from standard input"))
    plan = maps.load(typed(mapping), called(mapping), kind).of_sheet(sheet)
    trust = Trust(message) if trust_approvals else None
    kept = _rejects(file, rejects, dry_run=opp.dry_run)
    return _read(opp, file, plan, str(mapping), kept, strict=strict, trust=trust)


def _read(
    opp: Context,
    file: str,
    plan: "ImportMap",
    mapping: str,
    rejects: Path | None,
    *,
    strict: bool,
    trust: "Trust | None",
) -> Outcome:
    from oppcli.actions.imports.run import run
    from oppcli.actions.imports.summary import notices, outcome
    from oppcli.cli.progress import Meter
    from oppcli.files.joining import fitted
    from oppcli.files.rejects import ERROR, LINE
    from oppcli.files.sheets import open_sheet
    from oppcli.files.sheets.opening import open_file
    from oppcli.render.screen import harmless

    stream, name = open_file(file, sys.stdin.buffer if sys.stdin else None)
    with stream:
        sheet, plan = fitted(open_sheet(stream, name, plan.format, plan.columns), plan, file)
        meter = Meter(opp, "rows", lambda: sheet.share)
        try:
            with opp.act("import", channel="import") as act:
                tally = run(act, sheet, plan, mapping, rejects=rejects, strict=strict, trust=trust, progress=meter)
        finally:
            meter.close()
    unused = [name for name in sheet.header if name and name not in plan.columns | {ERROR, LINE}] if opp.dry_run else []
    for line in notices(tally, sheet, unused, rejects):
        opp.say(harmless(line))
    done = outcome(tally, sheet, plan.kind, dry_run=opp.dry_run)
    return done._replace(undo=command("undo", f"e{opp.run}")) if opp.run and plan.kind == "deals" else done


def _rejects(file: str, asked: Path | None, *, dry_run: bool) -> Path | None:
    """Where rejected rows go. A dry run writes them only where it was told to."""
    if asked is not None:
        try:
            return _checked_rejects(file, asked)
        except OSError as error:
            raise UsageError(
                say(
                    "--rejects {path} cannot be written: {what}",
                    path=asked,
                    what=(error.strerror or str(error)).lower(),
                )
            ) from None
    if dry_run:
        return None
    return Path("stdin.rejects.csv" if file == "-" else f"{file}.rejects.csv")


def _checked_rejects(file: str, asked: Path) -> Path:
    """A file that may be written and is not the one that is read."""
    if file != "-" and asked.exists() and Path(file).exists() and asked.samefile(file):
        raise UsageError(say("--rejects {path} is the file that is read", path=asked))
    if asked.is_dir() or not asked.parent.is_dir():
        raise UsageError(say("--rejects {path} cannot be written: not a file in a folder that exists", path=asked))
    return asked
