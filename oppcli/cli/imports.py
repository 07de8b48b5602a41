"""`opp import FILE`: read deals, people or approval logs of another program, by the mapping its columns tell."""

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
from oppcli.model.said import Said, listed, of_system, say

if TYPE_CHECKING:
    from oppcli.actions.act import Act
    from oppcli.actions.imports.trust import Trust
    from oppcli.cli.mapping_taken import Opened, Taken
    from oppcli.files.mapping import ImportMap
    from oppcli.files.tally import Tally

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
    mapping: Annotated[
        str | None, typer.Option("--mapping", metavar="FILE|NAME", help="which column is what: opp help import")
    ] = None,
    draft: Annotated[
        bool, typer.Option("--draft", help="print a mapping drafted from the file; import nothing")
    ] = False,
    sheet: Annotated[str | None, typer.Option("--sheet", metavar="SHEET", help="which sheet of a workbook")] = None,
    rejects: Annotated[
        Path | None, typer.Option("--rejects", metavar="FILE", help="rejected rows go here; default FILE.rejects.csv")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="import nothing when a row is rejected")] = False,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="KIND", help="deals (default), users, visits or requests")
    ] = None,
    trust_approvals: Annotated[
        bool, typer.Option("--trust-approvals", help="its approvals count as if given here; admins, with -m")
    ] = False,
    message: options.Message = None,
) -> Outcome | int:
    """Read deals, people or approvals from a CSV file or a workbook: every row is checked, and none comes twice.

    opp import pipeline.csv
    opp import pipeline.csv --draft > mapping.toml
    opp import pipeline.csv --mapping mapping.toml --dry-run
    opp import pipeline.csv --mapping hubspot
    opp import pipeline.xlsx --mapping mapping.toml --sheet Deals
    opp import team.jsonl
    opp import log.csv.gz --kind requests --mapping approvals.toml
    opp import log.csv --kind requests --mapping approvals.toml --trust-approvals -m 'checked with finance'
    iconv -f big5 -t utf-8 old.csv | opp import - --mapping mapping.toml --rejects wrong.csv
    """
    from oppcli.actions.imports.trust import Trust
    from oppcli.cli import mapping_taken
    from oppcli.cli.mapping_taken import Opened
    from oppcli.files import mapping as maps
    from oppcli.files.exported import begins as everything
    from oppcli.files.mapping_keys import KINDS
    from oppcli.files.sheets.opening import open_file
    from oppcli.toml.reading import STDIN

    if kind is not None and kind not in KINDS:
        raise UsageError(
            say("no such kind of rows: {kind}", kind=kind), hint=say("--kind {kinds}", kinds=listed(KINDS, " or "))
        )
    if mapping == file == STDIN:
        raise UsageError(say("the rows and the mapping cannot both come from standard input"))
    if mapping is None and kind not in (None, KINDS[0]):
        raise UsageError(say("say which column is what: --mapping FILE"), hint=command("help", "import"))
    trust = Trust(message) if trust_approvals else None
    opened = Opened(*open_file(file, sys.stdin.buffer if sys.stdin else None), file, sheet)
    with opened.stream:
        if everything(opened.stream):
            flags: dict[str, object] = {"--mapping": mapping, "--draft": draft, "--sheet": sheet, "--rejects": rejects}
            return _everything(opp, opened, flags | {"--strict": strict, "--kind": kind, "--trust-approvals": trust})
        if draft:
            return _drafted(opp, opened, mapping)
        taken = mapping_taken.taken(opp, opened, mapping)
        if isinstance(taken, Said):
            return Outcome(done=(taken,))
        plan = maps.load(taken.text, taken.name, kind).of_sheet(sheet)
        kept = _rejects(file, rejects, dry_run=opp.dry_run)
        return _read(opp, opened, plan, taken, kept, strict=strict, trust=trust)


def _everything(opp: Context, opened: "Opened", given: dict[str, object]) -> Outcome:
    """What `opp export all` wrote."""
    from oppcli.cli import everything

    return everything.imported(opp, opened.stream, opened.name, given=given)


def _drafted(opp: Context, opened: "Opened", mapping: str | None) -> int:
    """Print the draft: it is the answer, whatever is quiet."""
    from oppcli.cli import mapping_taken

    with opp.read() as door:
        draft = mapping_taken.drafted(opp, door, opened, by=mapping)
    print(draft.text(opp.spoken), end="", flush=True)  # noqa: T201
    return 0


def _read(
    opp: Context,
    file: "Opened",
    plan: "ImportMap",
    mapping: "Taken",
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
    from oppcli.render.screen import harmless

    with file.stream:  # closed before the sheet is let go
        sheet, plan = fitted(open_sheet(file.stream, file.name, plan.format, plan.columns), plan, file.place)
        meter = Meter(opp, "rows", lambda: sheet.share)
        try:
            with opp.act("import", channel="import") as act:
                tally = run(act, sheet, plan, mapping.name, rejects=rejects, strict=strict, trust=trust, progress=meter)
                if not opp.dry_run:
                    _remember(act, plan, mapping.text, tally)
        finally:
            meter.close()
    unused = [name for name in sheet.header if name and name not in plan.columns | {ERROR, LINE}] if opp.dry_run else []
    for line in notices(tally, sheet, unused, rejects):
        opp.say(harmless(line))
    done = outcome(tally, sheet, plan.kind, dry_run=opp.dry_run)
    if plan.kind == "deals":
        return done._replace(undo=command("undo", f"e{opp.run}")) if opp.run else done
    opp.takes_back = None  # people and approvals that a file brought stay, whatever else the line did
    return done


def _remember(act: "Act", plan: "ImportMap", text: str, tally: "Tally") -> None:
    """Keep the mapping of a file that brought something by the name of its system. Taking the file back does not take
    the mapping away: it tells of columns, and not of rows."""
    if plan.system.strip() and (tally.created or tally.updated):
        from oppcli.actions.mappings import remember

        remember(act, plan.system.strip(), text)


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
                    what=of_system(error),
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
