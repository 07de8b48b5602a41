"""`opp demo`: a made-up team with eight months of history, its three reports, and commands to try on it."""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from oppcli.cli.context import Context
from oppcli.errors import Exists
from oppcli.model.command import Command, command
from oppcli.model.said import Said, say
from oppcli.reads.table import Frame, Table
from oppcli.speech import Voice, spoken

app = typer.Typer()
SINGLE = True

DATABASE = "opp.db"
FILES = "files"
SUGGESTED = "opp-demo"
"""The folder that the commands to try name when nothing was kept."""
REPORTS = ("funnel", "durations", "overdue")


@app.command()
def demo(
    ctx: typer.Context,
    keep: Annotated[
        Path | None, typer.Option("--keep", metavar="DIR", help="keep the database and its files in this folder")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="another history")] = 1,
) -> None:
    """A made-up team on the b2b template: leads, gates, approvals given, refused, pending and overdue, up to today.

    Your own database is not touched. Without --keep everything is removed again at the end.

    opp demo
    opp demo --lang zh --keep opp-demo
    """
    opp: Context = ctx.obj
    tongue = opp.voice.lang
    with _folder(keep) as folder:
        _build(opp, folder, tongue, seed)
        if opp.quiet:
            print(folder / DATABASE if keep else "")  # noqa: T201
            return
        spoken_so = [] if "lang" in opp.flags else ["--lang", tongue]  # a typed one is repeated anyhow
        again = command("demo", "--keep", SUGGESTED, *spoken_so, *(["--seed", str(seed)] if seed != 1 else []))
        if not keep:
            print(opp.spoken(say("to keep this team: {again}", again=again)) + "\n")  # noqa: T201
        tables = dict(_reports(opp, folder))
        for table in tables.values():
            _show(opp, table)
        _suggest(opp, keep or Path(SUGGESTED), None if keep else again, tables["overdue"], spoken_so)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """The folder to keep, or one that is removed at the end."""
    if keep is not None:
        if (keep / DATABASE).exists():
            raise Exists(
                say("{keep} is there already", keep=keep / DATABASE), hint=command("demo", "--keep", f"{keep}-2")
            )
        yield keep
        return
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="opp-demo-") as name:
        yield Path(name)


def _build(opp: Context, folder: Path, lang: str, seed: int) -> None:
    """Make the database and play the history into it, in one transaction."""
    from oppcli import store
    from oppcli.actions import demo as played
    from oppcli.cli.progress import Meter
    from oppcli.model.journal import Stamp

    place = str(folder / DATABASE)
    begins = played.begins(opp.now)
    reached = begins
    meter = Meter(opp, say("acts"), lambda: (reached - begins) / (opp.now - begins))
    acts = 0

    def progress(at: int) -> None:
        nonlocal reached, acts
        reached, acts = at, acts + 1
        meter(acts)

    stamp = Stamp(actor=opp.actor, now=begins, channel="demo", by="demo", command="demo", os_user=opp.os_user)
    with closing(meter), store.creating(place), store.open_write(place, stamp) as door:
        (folder / FILES).mkdir(exist_ok=True)
        played.play(door, folder / FILES, lang=lang, now=opp.now, seed=seed, progress=progress)


def _reports(opp: Context, folder: Path) -> Iterator[tuple[str, Table]]:
    from oppcli import store
    from oppcli.reads import catalog

    with store.open_read(str(folder / DATABASE)) as door:
        frame = Frame(now=opp.now, tz=opp.tz, policy=lambda: opp.policy(door))
        for name in REPORTS:
            yield name, catalog.run(catalog.read(f"report {name}"), door, {}, frame)


def _show(opp: Context, table: Table) -> None:
    from oppcli.cli.showing import show

    print(opp.spoken(table.title) + "\n")  # noqa: T201
    show(table, opp)
    print()  # noqa: T201


def _suggest(opp: Context, folder: Path, first: Command | None, overdue: Table, spoken_so: Iterable[str]) -> None:
    """Print commands that work as they stand, on things that are there."""
    lines = [
        *_late(overdue),
        (command("deal", "list", "--open", "--sort", "-amount"), say("open deals, the largest first")),
        (command("report", "stuck", "--signal", "rotting"), say("deals nobody is in touch about any more")),
        (command("report", "funnel", "--cohort", "month"), say("leads of each month, how far they came")),
        (
            say("{funnel} > funnel.html", funnel=command("report", "funnel", "-o", "html")),
            say("a page for the manager"),
        ),
        (command("board"), say("who has to act on what, for how long already")),
        (command("policy", "explain"), say("the rules in plain sentences")),
        (command("audit", "verify"), say("is the journal as it was written?")),
    ]
    kept = Voice(("--db", str(folder / DATABASE)))
    told = [(spoken(text, kept), opp.spoken(why)) for text, why in lines]
    if first:
        told.insert(0, (opp.spoken(first), opp.spoken(say("the same team, to be kept"))))
    _tell(opp, say("Try next"), told)
    print()  # noqa: T201
    _tell(opp, say("Your own team"), [(opp.spoken(text), opp.spoken(why)) for text, why in _own(spoken_so)])


def _own(spoken_so: Iterable[str]) -> Iterator[tuple[Command, str]]:
    """From the made-up team to one's own."""
    yield command("init", "--template", "b2b", *spoken_so), say("this team's policy, to be changed; you are its admin")
    yield command("import", "FILE", ready=False), say("the deals you have: a CSV, a workbook")
    yield command("help", "first-week", *spoken_so), say("a team's first week, command by command")


def _tell(opp: Context, title: Said, lines: list[tuple[str, str]]) -> None:
    """Commands below a title, each with what it is for."""
    widest = max(len(text) for text, _ in lines)
    print(opp.spoken(title))  # noqa: T201
    for text, why in lines:
        print(f"  {text:{widest}}  # {why}")  # noqa: T201


def _late(overdue: Table) -> Iterator[tuple[Command, str]]:
    """What to try on the request that has been late for longest."""
    names = [column.name for column in overdue.columns]
    for row in list(overdue.rows)[:1]:
        late = dict(zip(names, row, strict=True))
        request, deal, approver = late["request"], late["deal"], late["waiting_on"][0]
        yield command("--as", approver), say("what {approver} should do next", approver=approver)
        yield command("request", "show", request), say("who has to act, since when, until when")
        yield command("gate", deal), say("what the deal still needs")
        yield command("deal", "history", deal), say("everything that ever happened to it")
        yield command("--as", approver, "request", "approve", request), say("one thing less to do")
