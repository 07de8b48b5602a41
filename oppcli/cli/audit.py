"""`opp audit`: verify anchor."""

from typing import Annotated

import typer

from oppcli.cli.context import Context
from oppcli.cli.output import reads
from oppcli.errors import Conflict, UsageError
from oppcli.model.command import command
from oppcli.model.said import say
from oppcli.reads.table import Table

app = typer.Typer(help="Proof that the journal is as it was written.")


@app.command()
@reads
def verify(
    opp: Context,
    anchor: Annotated[
        str | None, typer.Option("--anchor", metavar="SEQ:HASH", help="what `opp audit anchor` printed earlier")
    ] = None,
) -> tuple[Table, int]:
    """Recompute the chain of the journal; exit 5 and name the first bad entry when it does not hold.

    A chain alone cannot show that its end was cut off, or that it was built anew as a whole: an anchor kept elsewhere
    can (opp audit anchor).

    opp audit verify
    opp audit verify --anchor 311:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    """
    from oppcli.reads.database import proof
    from oppcli.store import journal

    wanted = _anchor(anchor) if anchor else None
    with opp.read() as door:
        found = journal.verify(door.stream(journal.SELECT), wanted)
    return proof(found), Conflict.code if found.fault else 0


def _anchor(text: str) -> tuple[int, str]:
    seq, _, digest = text.strip().lower().removeprefix("e").partition(":")
    if not seq.isdecimal() or len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise UsageError(
            say("{text} is no anchor", text=text),
            hint=say("{anchor} prints one: SEQ:HASH", anchor=command("audit", "anchor")),
        )
    return int(seq), digest


@app.command()
@reads
def anchor(opp: Context) -> Table:
    """The last entry and its hash: keep it where the owner of the database cannot change it.

    opp audit anchor
    opp audit anchor --ids >> /mnt/elsewhere/anchors.txt
    """
    from oppcli.reads import database
    from oppcli.store.journal import head

    with opp.read() as door:
        seq, at, digest = head(door)
    return database.anchor(seq, at if seq else None, digest)
