"""`opp gate D-1`: everything a deal still needs, each with the command that does it."""

from typing import Annotated

import typer

from oppcli.actions import find, moves
from oppcli.cli import options
from oppcli.cli.context import Context
from oppcli.cli.output import reads
from oppcli.model.command import command
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.reads.table import Column, Footnote, Kind, Table
from oppcli.rules import pipeline

app = typer.Typer()
SINGLE = True

COLUMNS = (Column("needs"), Column("state"), Column("command", Kind.REF))


@app.command()
@reads
def gate(
    opp: Context,
    deal: options.DealRef,
    to: Annotated[str | None, typer.Option("--to", metavar="STAGE", help="default: the next stage")] = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="exit 10 when something is missing")] = False,
) -> tuple[Table, int]:
    """Everything missing to enter the next stage (or --to), each with the command that satisfies it.

    opp gate D-142
    opp gate D-142 --to 签约 --json
    """
    with opp.read() as door:
        look = opp.look(door)
        policy = look.policy
        found = find.deal(door, deal)
        target = pipeline.stage_named(to, policy) if to else pipeline.onward(found, policy)
        reasons = moves.missing(look, found, pipeline.route(found, target, policy))
    name = ref("deal", found.id)
    advance = command("advance", name, "--to", target.name)
    note: str = say("{deal} may enter {stage}: {advance}", deal=name, stage=target.name, advance=advance)
    if reasons:
        note = say(
            "{name} cannot enter {target_name} yet: {reasons} missing",
            name=name,
            target_name=target.name,
            reasons=len(reasons),
        )
    table = Table(
        COLUMNS,
        [tuple(reason) for reason in reasons],
        title=say("{name} → {target_name}", name=name, target_name=target.name),
        notes=(Footnote("state", len(reasons), note),),
    )
    return table, 10 if exit_code and reasons else 0
