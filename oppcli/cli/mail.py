"""`opp mail FILE…`: mails taken in, each in a transaction of its own."""

from pathlib import Path
from typing import Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.output import writes
from oppcli.errors import NotFound, OppError
from oppcli.model.said import of_system, say

app = typer.Typer()
SINGLE = True
STDIN = "-"


@app.command()
@writes
def mail(
    opp: Context,
    file: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="an .eml or an mbox; - for standard input", show_default=False),
    ],
) -> Outcome:
    """Take mails in: from whom you know with one live deal, or with [D-12] in the subject, noted there, else proposed.

    opp mail offer.eml
    opp mail Inbox.mbox *.eml
    cat message | opp mail -
    """
    from oppcli.actions.mails import take
    from oppcli.cli.batch import one_by_one
    from oppcli.files import mails

    found = {name: raw for each in dict.fromkeys(file) for name, raw in _opened(each)}

    def one(name: str) -> Outcome:
        raw = found[name]
        if isinstance(raw, OppError):
            raise raw
        taken = mails.read(raw)
        with opp.act("mail", channel="mail") as act:
            return take(act, taken)

    return one_by_one(opp, list(found), one)


def _opened(file: str) -> list[tuple[str, bytes | OppError]]:
    """(what it is called, its bytes) of each mail in a file; of one that cannot be read, why."""
    from oppcli.files import mails

    try:
        raw = _bytes(file)
    except OppError as error:
        return [(file, error)]
    several = mails.several(raw)
    if len(several) == 1:
        return [(file, several[0])]
    return [(say("{file}, mail {n}", file=file, n=place), each) for place, each in enumerate(several, 1)]


def _bytes(file: str) -> bytes:
    if file == STDIN:
        from oppcli.cli.batch import standard_bytes

        return standard_bytes()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise NotFound(say("{file}: {reason}", file=file, reason=of_system(error))) from None
