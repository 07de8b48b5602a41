"""`opp db`: path info upgrade check backup diff clock restore grants."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.cli.places import beside, place
from oppcli.errors import NeedsUpgrade, OppError, StoreError, UsageError
from oppcli.model.command import BLANK, command, quoted
from oppcli.model.said import say
from oppcli.reads.table import Table

if TYPE_CHECKING:
    from oppcli.store.check import Follows
    from oppcli.store.checked import Result
    from oppcli.store.doors import ReadDoor

app = typer.Typer(help="The database: where it is, what is in it, whether it is in order; backups.")

Yes = Annotated[bool, typer.Option("--yes", "-y", help="do not ask")]


@app.command()
def path(ctx: typer.Context) -> None:
    """Where the database is; a password is not shown.

    opp db path
    """
    print(place(ctx.obj))  # noqa: T201


def info(opp: Context) -> Table:
    """What the database is."""
    from oppcli.reads import database

    with opp.read() as door:
        return database.info(door, place(opp))


def check(opp: Context) -> tuple[Table, int]:
    """What was looked at and found; 6 when anything is wrong."""
    from oppcli.cli.progress import Meter
    from oppcli.cli.seeing import read_all
    from oppcli.reads import database
    from oppcli.store.check import results

    share = 0.0
    meter = Meter(opp, say("records compared"), lambda: share)

    def tell(done: int, total: int) -> None:
        nonlocal share
        share = done / total
        meter(done)

    with read_all(opp, say("check the database")) as door:
        found = list(results(door, tell, _follows))
        found += _quotes(opp, door, found)
    meter.close()
    return database.checks(found), StoreError.code if any(result.faults for result in found) else 0


def _quotes(opp: Context, door: "ReadDoor", found: "list[Result]") -> "list[Result]":
    """Whether quotes and contracts are what they say, where the policy knows any and what is stored can be read."""
    from oppcli.reads.paper_check import results as of_papers

    if any(each.faults for each in found):
        return []
    try:
        return list(of_papers(door, opp.policy(door)))
    except OppError:  # a database without a policy
        return []


def _follows(text: str) -> "Follows":
    """What `policy apply` keeps of a policy: its [identity] and [scope], and its values."""
    from oppcli.policy import keeping, read
    from oppcli.policy.kept import FORM
    from oppcli.rules import scopes
    from oppcli.store.check import Follows

    policy = read(text)
    return Follows(scopes.kept(policy), keeping.kept(policy), FORM)


@app.command()
def grants(ctx: typer.Context) -> None:
    """The SQL that gives three groups of a server their rights: to read, to work, to administer.

    opp db grants | psql sales
    """
    from oppcli.store.grants import script

    print(script())  # noqa: T201


@app.command()
@writes
def backup(
    opp: Context,
    file: Annotated[Path | None, argument("[FILE]", "default: beside the database, dated")] = None,
    sandbox: Annotated[bool, typer.Option("--sandbox", help="to try things in: nothing goes out of it")] = False,
) -> Outcome:
    """A whole copy in one file, while others go on working. A server, too, is copied into such a file.

    opp db backup
    opp db backup /mnt/backups/monday.db
    opp db backup try.db --sandbox
    """
    from oppcli.store.backup import back_up

    _require_known(opp)
    target = file or beside(opp, "sandbox" if sandbox else "backup")
    if not opp.dry_run:
        back_up(opp.db, target, to_try=sandbox)
    if sandbox:
        told = quoted(str(target))
        line = say("{target} is a sandbox: --db {told} works in it, and nothing goes out", target=target, told=told)
        return Outcome(done=(line,), ids=(str(target),))
    return Outcome(done=(say("{place} backed up to {target}", place=place(opp), target=target),), ids=(str(target),))


def _require_known(opp: Context) -> None:
    """Refuse a copy to who is no active user and, under a scope, to who does not see everything. Of a schema that this
    program does not read, the file's owner has one."""
    from contextlib import suppress

    from oppcli.cli.seeing import read_all

    with suppress(NeedsUpgrade), read_all(opp, say("back the database up")) as door:
        _ = opp.look(door).me


@app.command()
@writes
def upgrade(
    opp: Context,
    to: Annotated[Path | None, typer.Option("--backup", metavar="FILE", help="where the backup goes")] = None,
) -> Outcome:
    """Bring the database to the schema of this program, after a backup; put triggers back that are gone. Admins.

    opp db upgrade
    """
    from oppcli.cli.upgrading import upgraded

    return upgraded(opp, to)


@app.command()
@writes
def clock(
    opp: Context,
    message: Annotated[str | None, typer.Option("-m", "--message", metavar="REASON", help="what happened")] = None,
) -> Outcome:
    """Go on at the real time where a wrong clock dated the last entry ahead. Admins; open steps get their time anew.

    opp db clock -m "the server said 2031 after its battery was changed"
    """
    from oppcli.actions.clock import set_back

    if not (message or "").strip():
        raise UsageError(say("say why the clock is set back"), hint=command("db", "clock", "-m", BLANK))
    opp.clock_minded = True
    with opp.act("db clock") as act:
        return set_back(act, message or "")


@app.command()
@writes
def restore(
    opp: Context,
    file: Annotated[Path, argument("FILE", "a backup")],
    yes: Yes = False,
    other: Annotated[bool, typer.Option("--other", help="a backup with another history, too")] = False,
) -> Outcome:
    """Put a backup in place of the database, which goes on from it. Admins; what is there now is backed up first.

    opp db restore opp.backup-20260302T090000Z.db
    """
    from oppcli.cli.replacing import restored

    return restored(opp, file, yes=yes, other=other)
