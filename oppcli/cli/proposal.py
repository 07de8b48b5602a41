"""`opp proposal`: list, show, accept, decline."""

from typing import TYPE_CHECKING, Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli import options
from oppcli.cli.batch import each_act
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.reads.table import Table

if TYPE_CHECKING:
    from oppcli.actions.act import Act

app = typer.Typer(help="What machines propose: no record until somebody accepts it.")
Proposals = Annotated[list[str], argument("PROPOSAL...", "S-3")]


@app.command()
@writes
def accept(
    opp: Context,
    proposal: Proposals,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="F,F", help="only these of its fields; the others stay")
    ] = None,
    sets: options.Sets = None,
    for_: Annotated[str | None, typer.Option("--for", metavar="REF", help="of a mail: what it is about: D-12")] = None,
    message: options.Message = None,
) -> Outcome:
    """Do what a proposal says, as who accepts it: gates are asked now; one whose fields changed since is stale.

    opp proposal accept S-3
    opp proposal accept S-3 --only amount,source
    opp proposal accept S-3 --set amount=50000
    opp proposal accept S-4 --for D-12
    """
    from oppcli.actions import proposals

    given = dict(options.typed(sets).pairs)
    fields = [name for text in only or () for name in text.replace("，", ",").split(",") if name.strip()]

    def one(act: "Act", text: str) -> Outcome:
        found = proposals.found(act, text)
        chosen = [name.strip() for name in fields]
        return proposals.accept(act, found, only=chosen, reading=opp.reading, note=message, given=given, on=for_)

    return each_act(opp, proposal, "proposal", proposals.ACCEPT, one)


@app.command()
@writes
def decline(opp: Context, proposal: Proposals, message: options.Message = None) -> Outcome:
    """Do not do it; it is not proposed again for the same cause.

    opp proposal decline S-3 -m "not this quarter"
    """
    from oppcli.actions import proposals

    def one(act: "Act", text: str) -> Outcome:
        return proposals.decline(act, proposals.found(act, text), reason=message)

    return each_act(opp, proposal, "proposal", proposals.DECLINE, one)


def shown(opp: Context, proposals: str) -> Table:
    """The proposal in full, with what its fields hold now."""
    from oppcli.actions import proposals as verbs
    from oppcli.reads.cards import told_on
    from oppcli.reads.proposals import one

    with opp.read() as door:
        look = opp.look(door)
        found = verbs.found(look, proposals)
        return one(door, found, verbs.values_now(look, found), card=told_on(opp.given))
