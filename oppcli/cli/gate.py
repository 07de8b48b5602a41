"""`opp gate D-1`: everything a deal still needs, each with the command that does it."""

from oppcli.actions import find
from oppcli.cli.context import Context
from oppcli.cli.needs import needs
from oppcli.model.command import command
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.reads.gates import COLUMNS
from oppcli.reads.table import Footnote, Table


def gate(opp: Context, deal: str, to: str | None, exit_code: bool) -> tuple[Table, int]:
    """What is missing to enter the next stage or `to`; 10 where something is and a code was asked for."""
    with opp.read() as door, opp.truth(door) as true:
        found = find.deal(door, deal)
        stage, reasons, warnings, guide = needs(opp.look(true), door, found, to)
    unread = [Footnote("unread_file", None, text) for text in warnings]
    guided = [Footnote("state", None, guide)] if guide else []
    name = ref("deal", found.id)
    advance = command("advance", name, "--to", stage)
    note: str = say("{deal} may enter {stage}: {advance}", deal=name, stage=stage, advance=advance)
    if reasons:
        note = say(
            "{name} cannot enter {target_name} yet: {reasons} missing",
            name=name,
            target_name=stage,
            reasons=len(reasons),
        )
    table = Table(
        COLUMNS,
        [reason[:3] for reason in reasons],
        title=say("{name} → {target_name}", name=name, target_name=stage),
        notes=(Footnote("state", len(reasons), note), *guided, *unread),
    )
    return table, 10 if exit_code and reasons else 0
