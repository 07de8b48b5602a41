"""`opp gate D-1`: everything a deal still needs, each with the command that does it."""

from oppcli.actions import find, moves
from oppcli.cli.context import Context
from oppcli.model.command import command
from oppcli.model.deals import Deal
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.reads.gates import COLUMNS
from oppcli.reads.table import Footnote, Table
from oppcli.rules import pipeline


def gate(opp: Context, deal: str, to: str | None, exit_code: bool) -> tuple[Table, int]:
    """What is missing to enter the next stage or `to`; 10 where something is and a code was asked for."""
    with opp.read() as door, opp.truth(door) as true:
        look = opp.look(true)
        policy = look.policy
        found = find.deal(door, deal)
        if door.hidden:
            found = true.get(Deal, found.id)
        look.require_kept(found)
        target = pipeline.stage_named(to, policy) if to else pipeline.ahead(found, policy)
        reasons = moves.missing(look, found, pipeline.route(found, target, policy))
        unread = [Footnote("unread_file", None, text) for text in look.warnings]
        if door.sight is not None and door.hidden:
            from oppcli.cli.seeing import veiled

            reasons = veiled(reasons, door.sight)
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
        notes=(Footnote("state", len(reasons), note), *unread),
    )
    return table, 10 if exit_code and reasons else 0
