"""`opp gate D-1`: everything a deal still needs, each with the command that does it."""

from oppcli.actions import find
from oppcli.cli.context import Context
from oppcli.cli.needs import needs
from oppcli.model.command import command
from oppcli.model.refs import ref
from oppcli.model.requests import APPROVED, Request
from oppcli.model.said import Said, say
from oppcli.reads.put_together import GATE
from oppcli.reads.table import Footnote, Table


def gate(opp: Context, deal: str, to: str | None, exit_code: bool) -> tuple[Table, int]:
    """What is missing to enter the next stage or `to`; 10 where something is and a code was asked for."""
    with opp.read() as door, opp.truth(door) as true:
        found = find.deal(door, deal)
        look = opp.look(true)
        stage, reasons, warnings, guide = needs(look, door, found, to)
        approved = [request for request in look.of_deal(Request, found.id) if request.state == APPROVED]
    unread = [Footnote("unread_file", None, text) for text in warnings]
    past = [Footnote("state", None, text) for text in _overridden(approved)]
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
        GATE,
        [reason[:3] for reason in reasons],
        title=say("{name} → {target_name}", name=name, target_name=stage),
        notes=(Footnote("state", len(reasons), note), *guided, *past, *unread),
    )
    return table, 10 if exit_code and reasons else 0


def _overridden(approved: list[Request]) -> list[Said]:
    """`approval quote: approved (override), R-31` of those given past the people asked."""
    if not approved:
        return []
    from oppcli.model.overriding import overridden, overriding

    return [
        say(
            "approval {type}: {state}, {request}",
            type=each.named_type,
            state=overriding(),
            request=ref("request", each.id),
        )
        for each in approved
        if overridden(each)
    ]
