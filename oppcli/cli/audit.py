"""`opp audit`: verify anchor."""

import typer

from oppcli.cli.context import Context
from oppcli.errors import Conflict, UsageError
from oppcli.model.command import command
from oppcli.model.said import say
from oppcli.reads.table import Table

app = typer.Typer(help="Proof that the journal is as it was written.")


def verify(opp: Context, anchor: str | None) -> tuple[Table, int]:
    """What recomputing the chain showed; 5 when it does not hold. Refused for a text that is no anchor."""
    from oppcli.cli.seeing import read_all
    from oppcli.reads.database import proof
    from oppcli.store import erasing, journal

    wanted = None if anchor is None else _anchor(anchor)
    with read_all(opp, say("verify the journal")) as door:
        found, trial = erasing.proof(door, wanted), journal.trial(door)
    return proof(found, trial=trial), Conflict.code if found.fault else 0


def _anchor(text: str) -> tuple[int, str]:
    seq, _, digest = text.strip().lower().removeprefix("e").partition(":")
    if not seq.isdecimal() or not int(seq) or not 16 <= len(digest) <= 64 or set(digest) - set("0123456789abcdef"):
        raise UsageError(
            say("{text!r} is no anchor", text=text),
            hint=say("{anchor} prints one: SEQ:HASH", anchor=command("audit", "anchor")),
        )
    return int(seq), digest
