"""`opp db`: path info upgrade check backup clock restore."""

from pathlib import Path
from typing import Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.output import writes
from oppcli.errors import StoreError, UsageError
from oppcli.model.command import BLANK, command
from oppcli.model.said import say
from oppcli.reads.table import Table

app = typer.Typer(help="The database: where it is, what is in it, whether it is in order; backups.")

Yes = Annotated[bool, typer.Option("--yes", "-y", help="do not ask")]


@app.command()
def path(ctx: typer.Context) -> None:
    """Where the database is; a password is not shown.

    opp db path
    """
    print(place(ctx.obj))  # noqa: T201


def place(opp: Context) -> str:
    """Its path or address as people may see it."""
    from oppcli.store.locations import shown

    return shown(opp.db)


def info(opp: Context) -> Table:
    """What the database is."""
    from oppcli.reads import database

    with opp.read() as door:
        return database.info(door, place(opp))


def check(opp: Context) -> tuple[Table, int]:
    """What was looked at and found; 6 when anything is wrong."""
    from oppcli.cli.progress import Meter
    from oppcli.reads import database
    from oppcli.store.check import results

    share = 0.0
    meter = Meter(opp, say("records compared"), lambda: share)

    def tell(done: int, total: int) -> None:
        nonlocal share
        share = done / total
        meter(done)

    with opp.read() as door:
        found = list(results(door, tell))
    meter.close()
    return database.checks(found), StoreError.code if any(result.faults for result in found) else 0


@app.command()
@writes
def backup(
    opp: Context,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="default: beside the database, dated")] = None,
) -> Outcome:
    """A whole copy in one file, while others go on working. A server, too, is copied into such a file.

    opp db backup
    opp db backup /mnt/backups/monday.db
    """
    from oppcli.store.backup import back_up

    target = file or beside(opp, "backup")
    if not opp.dry_run:
        back_up(opp.db, target)
    return Outcome(done=(say("{place} backed up to {target}", place=place(opp), target=target),), ids=(str(target),))


def beside(opp: Context, why: str) -> Path:
    """A dated name of no file yet, next to the database; for a server, where databases are by default."""
    import os

    from oppcli.config.machine import default_database
    from oppcli.store.locations import file_of, is_server
    from oppcli.words.shown import to_the_second

    stamp = to_the_second(opp.now).replace(":", "").replace("-", "")
    path = default_database(os.environ).with_name("server.db") if is_server(opp.db) else Path(file_of(opp.db))
    names = (f"{path.stem}.{why}-{stamp}{more}{path.suffix}" for more in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(target for name in names if not (target := path.with_name(name)).exists())


@app.command()
@writes
def upgrade(
    opp: Context,
    to: Annotated[Path | None, typer.Option("--backup", metavar="FILE", help="where the backup goes")] = None,
) -> Outcome:
    """Bring the database to the schema of this program, after a backup.

    opp db upgrade
    """
    from oppcli.store import backup as backups
    from oppcli.store import migrate, version

    before = migrate.version_at(opp.db)
    if before >= version.SCHEMA:
        version.compare(before, place(opp))
        return Outcome(done=(say("{place} is at schema {before} already", place=place(opp), before=before),))
    target = to or beside(opp, f"schema-{before}")
    if not opp.dry_run:
        migrate.upgrade(opp.db, lambda: backups.back_up(opp.db, target))
        with opp.write("db upgrade") as door:
            door.note("upgrade", "database", "1", {"from": before, "to": version.SCHEMA, "backup": target.name})
    done = say(
        "{place} upgraded from schema {before} to {schema}; backup in {target}",
        place=place(opp),
        before=before,
        schema=version.SCHEMA,
        target=target,
    )
    return Outcome(done=(done,), ids=(str(target),))


@app.command()
@writes
def clock(
    opp: Context,
    reason: Annotated[str | None, typer.Option("-m", "--message", metavar="REASON", help="what happened")] = None,
) -> Outcome:
    """Go on at the real time where a wrong clock dated the last entry ahead. Admins; open steps get their time anew.

    opp db clock -m "the server said 2031 after its battery was changed"
    """
    from oppcli.actions.clock import set_back

    if not (reason or "").strip():
        raise UsageError(say("say why the clock is set back"), hint=command("db", "clock", "-m", BLANK))
    opp.clock_minded = True
    with opp.act("db clock") as act:
        return set_back(act, reason or "")


@app.command()
@writes
def restore(
    opp: Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="a backup", show_default=False)],
    yes: Yes = False,
) -> Outcome:
    """Put a backup in place of the database. What is there now is backed up first.

    opp db restore opp.backup-20260302T090000Z.db
    """
    from oppcli.store.backup import examine, restore

    proof = examine(file, opp.db)
    if opp.dry_run:
        return Outcome(
            done=(
                say(
                    "{place} would be replaced by {file}: {entries} journal entries",
                    place=place(opp),
                    file=file,
                    entries=proof.entries,
                ),
            )
        )
    if not yes:
        confirm(opp)
    kept = keep(opp)
    restore(file, opp.db)
    with opp.write("db restore") as door:
        door.note("restore", "database", "1", {"file": file.name, "head": f"{proof.head.seq}:{proof.head.hash}"})
    done = say(
        "{place} restored from {file}: {entries} journal entries", place=place(opp), file=file, entries=proof.entries
    )
    return Outcome(done=(done,), undo=command("db", "restore", str(kept)) if kept else None)


def confirm(opp: Context) -> None:
    """Destruction: the name of what is destroyed has to be typed."""
    name = Path(place(opp)).name
    if not opp.interactive:
        raise UsageError(say("this replaces {place}", place=place(opp)), hint=say("-y says that it is meant"))
    asked = say("This replaces {place}. Type {name} to go on", place=place(opp), name=name)
    if typer.prompt(opp.spoken(asked), err=True) != name:
        raise UsageError(say("that is not its name; nothing was changed"))


def keep(opp: Context) -> Path | None:
    """Back up what is about to be replaced, byte by byte where it is too damaged for more; None if there is none."""
    import shutil

    from oppcli.errors import NoDatabase
    from oppcli.store.backup import back_up
    from oppcli.store.locations import file_of, is_server

    target = beside(opp, "before-restore")
    try:
        back_up(opp.db, target)
    except NoDatabase:
        return None
    except StoreError:
        if is_server(opp.db):
            raise
        shutil.copyfile(file_of(opp.db), target)
    return target
