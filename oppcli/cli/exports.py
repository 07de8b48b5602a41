"""`opp export NOUN`: every deal, visit, request or journal entry for another program."""

from collections.abc import Iterator
from typing import Annotated

import typer

from oppcli.cli.context import Context
from oppcli.cli.output import exports
from oppcli.errors import UsageError
from oppcli.model.said import listed, say
from oppcli.reads.table import Row, Table
from oppcli.words.spelling import nearest

app = typer.Typer()
SINGLE = True


@app.command()
@exports
def export(
    opp: Context,
    noun: Annotated[str, typer.Argument(metavar="NOUN", help="deals, visits, requests or journal", show_default=False)],
) -> Table:
    """Everything of one kind, as CSV unless -o says otherwise, in constant memory.

    opp export deals > deals.csv
    opp export visits --excel > visits.csv
    opp export journal -o jsonl | jq -c 'select(.channel == "import")'
    """
    from oppcli.reads.exports import EXPORTS

    chosen = EXPORTS.get(noun)
    if chosen is None:
        names = listed(EXPORTS)
        raise UsageError(
            say("nothing called {noun} can be exported{nearest}", noun=noun, nearest=nearest(noun, EXPORTS)),
            hint=say("one of {names}", names=names),
        )

    def rows() -> Iterator[Row]:
        # The door stays open while the rows are written.
        with opp.read() as door:
            yield from chosen.rows(door)

    with opp.read():
        pass  # a database that is missing is told before the heading is written
    return Table(chosen.columns, rows(), title=noun.capitalize())
