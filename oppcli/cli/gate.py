"""`opp gate D-1`: everything a deal still needs, each with the command that does it."""

from typing import TYPE_CHECKING

from oppcli.actions import find, moves
from oppcli.cli.context import Context
from oppcli.errors import Reason
from oppcli.model.command import command
from oppcli.model.deals import Deal
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.reads.gates import COLUMNS
from oppcli.reads.table import Footnote, Table
from oppcli.rules import pipeline
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from oppcli.actions.act import Look
    from oppcli.store.doors import ReadDoor


class Needs(NamedTuple):
    """What a deal needs to enter a stage, as who asks may be told."""

    stage: str
    reasons: tuple[Reason, ...]
    unread: tuple[str, ...]
    """What is to be said of files that cannot be read here."""
    guide: str | None = None
    """What the policy says of the stage that the deal is in."""


def needs(look: "Look", door: "ReadDoor", deal: Deal, to: str | None = None) -> Needs:
    """What is missing to enter the next stage or `to`. `look` has a door on the fields that who asks does not have.
    Refused for a deal that is closed or withdrawn."""
    policy = look.policy
    if door.hidden:
        deal = look.door.get(Deal, deal.id)
    look.require_kept(deal)
    target = pipeline.stage_named(to, policy) if to else pipeline.ahead(deal, policy)
    reasons = moves.missing(look, deal, pipeline.route(deal, target, policy))
    if door.sight is not None and door.hidden:
        from oppcli.cli.seeing import veiled

        reasons = veiled(reasons, door.sight)
    here = policy.stage(deal.stage)
    guide = say("{name}: {guide}", name=here.name, guide=here.guide) if here and here.guide else None
    return Needs(target.name, reasons, tuple(look.warnings), guide)


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
        [tuple(reason) for reason in reasons],
        title=say("{name} → {target_name}", name=name, target_name=stage),
        notes=(Footnote("state", len(reasons), note), *guided, *unread),
    )
    return table, 10 if exit_code and reasons else 0
