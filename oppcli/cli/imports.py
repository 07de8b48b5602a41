"""`opp import FILE`: read deals, people or approval logs of another program, by the mapping its columns tell."""

import os
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli import options
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.config.machine import lent
from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.said import Said, listed, of_system, say
from oppcli.store.locations import file_of, is_server

if TYPE_CHECKING:
    from oppcli.actions.act import Act
    from oppcli.actions.imports.rights import Trust
    from oppcli.cli.chosen_mapping import Taken
    from oppcli.files.mapping import ImportMap
    from oppcli.files.opened import Opened
    from oppcli.files.tally import Tally

app = typer.Typer()
SINGLE = True
TAKEN_BACK = ("visits", "rates", "targets", "costs", "judgements")
"""Rows besides deals of which an undo takes back a whole file."""


Source = Annotated[
    str,
    argument("FILE", "a CSV file, also gzipped, or a workbook; - for standard input"),
]
Which = Annotated[
    str | None, typer.Option("--mapping", metavar="FILE|NAME", help="which column is what: opp help import")
]
Drafting = Annotated[bool, typer.Option("--draft", help="print a mapping drafted from the file; import nothing")]
OfWorkbook = Annotated[str | None, typer.Option("--sheet", metavar="SHEET", help="which sheet of a workbook")]
Apart = Annotated[
    Path | None, typer.Option("--rejects", metavar="FILE", help="rejected rows go here; default FILE.rejects.csv")
]
AllOrNone = Annotated[bool, typer.Option("--strict", help="import nothing when a row is rejected")]
OfRows = Annotated[
    str | None,
    typer.Option("--kind", metavar="KIND", help="what a row is: deals (default), contacts, tasks …: opp help import"),
]
Trusting = Annotated[
    bool, typer.Option("--trust-approvals", help="its approvals count as if given here; admins, with -m")
]


@app.command("import")
@writes
def import_(
    opp: Context,
    file: Source,
    mapping: Which = None,
    draft: Drafting = False,
    sheet: OfWorkbook = None,
    rejects: Apart = None,
    strict: AllOrNone = False,
    kind: OfRows = None,
    trust_approvals: Trusting = False,
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
    from oppcli.actions.imports.rights import Trust
    from oppcli.files.exported import begins as everything

    opened, trust = _opened(file, mapping, sheet, kind, draft=draft), Trust(message) if trust_approvals else None
    with opened.stream:
        if everything(opened.stream):
            of_rows = {"--mapping": mapping, "--draft": draft, "--sheet": sheet, "--kind": kind}
            return _everything(opp, opened, rejects, of_rows | {"--trust-approvals": trust}, strict=strict)
        if draft:
            return _drafted(opp, opened, mapping, kind)
        return _rows(opp, opened, mapping, kind, rejects, strict=strict, trust=trust)


def _opened(file: str, mapping: str | None, sheet: str | None, kind: str | None, *, draft: bool) -> "Opened":
    """The file. Refused (2) for flags that do not go together, and for what cannot be read."""
    from oppcli.files.mapping_keys import KINDS
    from oppcli.files.opened import Opened
    from oppcli.files.sheets.opening import open_file
    from oppcli.toml.reading import STDIN

    if kind is not None and kind not in KINDS:
        raise UsageError(
            say("no such kind of rows: {kind}", kind=kind), hint=say("--kind {kinds}", kinds=listed(KINDS, " or "))
        )
    if mapping == file == STDIN:
        raise UsageError(say("the rows and the mapping cannot both come from standard input"))
    return Opened(*open_file(file, sys.stdin.buffer if sys.stdin else None), file, sheet)


def _everything(
    opp: Context, opened: "Opened", rejects: Path | None, of_rows: dict[str, object], *, strict: bool
) -> Outcome:
    """What `opp export all` wrote, taken in as a whole. Refused with what only files of rows have (`of_rows`: flags by
    what was typed)."""
    from oppcli.actions.imports.came import told
    from oppcli.actions.imports.everything import everything
    from oppcli.cli.progress import Meter
    from oppcli.files.exported import Exported
    from oppcli.render.screen import harmless

    place, stream, name = _rejects(opp, opened.place, rejects), opened.stream, opened.name
    typed = [flag for flag, value in of_rows.items() if value]
    if typed:
        raise UsageError(say("{name} is everything of a database: {flags} is for rows", name=name, flags=listed(typed)))
    size = stream.seek(0, 2)
    stream.seek(0)
    file = Exported(stream, name)
    meter = Meter(opp, say("rows"), lambda: stream.tell() / size if size else 0.0)
    with closing(meter), opp.act("import", channel="import") as act:
        came = everything(act, file, rejects=place, strict=strict, progress=meter, speak=opp.spoken)
    for line in came.out.lines() if came.out else ():
        opp.say(harmless(line))
    return told(came, name, dry_run=opp.dry_run)


def _drafted(opp: Context, opened: "Opened", mapping: str | None, kind: str | None) -> int:
    """Print the draft: it is the answer, whatever is quiet. Refused (2) for rows of which none is drafted."""
    from oppcli.cli.drafted import drafted, records
    from oppcli.files.mapping_keys import KINDS, RECORDS

    if kind not in (None, KINDS[0], *RECORDS) or (kind in RECORDS and mapping):
        drafts = listed((KINDS[0], *RECORDS), " or ")
        raise UsageError(say("no mapping of {kind} is drafted", kind=kind), hint=say("--kind {kinds}", kinds=drafts))
    with opp.read() as door:
        draft = records(opp, door, opened, kind) if kind in RECORDS else drafted(opp, door, opened, by=mapping)
    print(draft.text(opp.spoken), end="", flush=True)  # noqa: T201
    return 0


def _rows(
    opp: Context,
    opened: "Opened",
    mapping: str | None,
    kind: str | None,
    rejects: Path | None,
    *,
    strict: bool,
    trust: "Trust | None",
) -> Outcome:
    """Rows by the mapping that was named, or that their columns tell."""
    from oppcli.cli.chosen_mapping import taken
    from oppcli.files import mapping as maps

    chosen = taken(opp, opened, mapping, kind)
    if isinstance(chosen, Said):
        return Outcome(done=(chosen,))
    plan = maps.load(chosen.text, chosen.name, kind).of_sheet(opened.sheet)
    if chosen.written is not None:
        plan = plan.of_file(chosen.written)
    place = _rejects(opp, opened.place, rejects)
    return _read(opp, opened, plan, chosen, place, strict=strict, trust=trust)


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
        meter = Meter(opp, say("rows"), lambda: sheet.share)
        with closing(meter), opp.act("import", channel="import") as act:
            tally = run(
                act,
                sheet,
                plan,
                mapping.name,
                rejects=rejects,
                strict=strict,
                trust=trust,
                progress=meter,
                speak=opp.spoken,
            )
            if not opp.dry_run:
                _remember(act, plan, mapping.text, tally)
    unused = [name for name in sheet.header if name and name not in plan.columns | {ERROR, LINE}] if opp.dry_run else []
    for line in notices(tally, sheet, unused, rejects):
        opp.say(harmless(line))
    done = outcome(tally, sheet, plan.kind, dry_run=opp.dry_run)
    if plan.kind == "deals":
        return done._replace(undo=command("undo", f"e{opp.run}")) if opp.run else done
    if plan.kind not in TAKEN_BACK:
        opp.takes_back = None  # people and approvals that a file brought stay, whatever else the line did
    return done


def _remember(act: "Act", plan: "ImportMap", text: str, tally: "Tally") -> None:
    """Keep the mapping of a file that brought something by the name of its system. Taking the file back does not take
    the mapping away: it tells of columns, and not of rows. That of own exports is known without."""
    from oppcli.files.ready import OWN

    if plan.system.strip() not in ("", OWN) and (tally.created or tally.updated):
        from oppcli.actions.mappings import kept, remember
        from oppcli.files.mapping import load

        name = plan.system.strip()
        if any(each.name == name and load(each.text, name).kind != plan.kind for each in kept(act.door)):
            name = f"{name} {plan.kind}"  # that of its deals, say, stays beside that of its stays
        remember(act, name, text)


def _rejects(opp: Context, file: str, asked: Path | None) -> Path | None:
    """Where rejected rows go. A dry run writes them only where it was told to."""
    if asked is not None:
        try:
            return _checked_rejects(opp, file, asked)
        except OSError as error:
            raise UsageError(
                say(
                    "--rejects {path} cannot be written: {what}",
                    path=asked,
                    what=of_system(error),
                )
            ) from None
    if opp.dry_run:
        return None
    return Path("stdin.rejects.csv" if file == "-" else f"{file}.rejects.csv")


def _checked_rejects(opp: Context, file: str, asked: Path) -> Path:
    """A file that may be written and is neither the one that is read nor the database; through `sudo` a new table, for
    what is written there is whatever somebody put into the file."""
    if file != "-" and asked.exists() and Path(file).exists() and asked.samefile(file):
        raise UsageError(say("--rejects {path} is the file that is read", path=asked))
    database = None if is_server(opp.db) else Path(file_of(opp.db))
    if database is not None and asked.exists() and database.exists() and asked.samefile(database):
        raise UsageError(say("--rejects {path} is the database itself", path=asked))
    if lent(os.environ) and asked.suffix.lower() not in (".csv", ".tsv", ".txt"):
        raise UsageError(say("--rejects {path}: through sudo it is called .csv, .tsv or .txt", path=asked))
    if asked.is_dir() or not asked.parent.is_dir():
        raise UsageError(say("--rejects {path} cannot be written: not a file in a folder that exists", path=asked))
    return asked
