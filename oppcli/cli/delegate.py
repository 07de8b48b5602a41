"""`opp delegate`: add list end."""

from typing import TYPE_CHECKING, Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli import options
from oppcli.cli.batch import each_act
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.errors import NotFound, UsageError
from oppcli.model.command import command
from oppcli.model.said import say

if TYPE_CHECKING:
    from oppcli.actions.act import Act

app = typer.Typer(help="Let somebody decide in your place for a while.")


@app.command()
@writes
def add(
    opp: Context,
    end: Annotated[
        str, typer.Option("--end", metavar="DATETIME", help="until then, or the day ends", show_default=False)
    ],
    to: Annotated[
        str | None, typer.Option("--to", metavar="LOGIN", help="who decides; without it nobody does: you are away")
    ] = None,
    frm: Annotated[str | None, typer.Option("--from", metavar="LOGIN", help="for whom; default: you")] = None,
    start: Annotated[str | None, typer.Option("--start", metavar="DATETIME", help="default: now")] = None,
    types: Annotated[list[str] | None, typer.Option("--type", metavar="T", help="only requests of this type")] = None,
    max_amount: Annotated[str | None, typer.Option("--max-amount", metavar="N", help="only up to this amount")] = None,
    message: options.Message = None,
) -> Outcome:
    """From start to end somebody else may decide what waits on you; you may as well. Without --type and --max-amount
    you are away: nothing is assigned to you, and who decides instead sees your next steps.

    opp delegate add --to zhou --end 2026-10-08
    opp delegate add --from wang --to zhou --start "2026-10-01 09:00" --end "2026-10-08 09:00" --type quote
    opp delegate add --start 2026-10-01 --end 2026-10-08
    """
    from oppcli.actions import delegations
    from oppcli.cli.dates_typed import instant

    with opp.act("delegate add") as act:
        policy = act.policy  # business days in what is typed are the policy's
        return delegations.add(
            act,
            frm=frm or act.by,
            to=to,
            starts_at=_beginning(opp, start),
            ends_at=instant(opp, end, edge="end"),
            types=types or (),
            max_amount=_amount(opp, max_amount, policy.currency),
            reason=message,
        )


def _beginning(opp: Context, text: str | None) -> int:
    """The instant typed; now where none was, or a day or week that has begun already."""
    if text is None:
        return opp.now
    from oppcli.cli.dates_typed import instant

    starts_at = instant(opp, text)
    return opp.now if starts_at < opp.now < instant(opp, text, edge="end") else starts_at


def _amount(opp: Context, text: str | None, currency: str) -> int | None:
    """Minor units of the policy's currency."""
    if text is None:
        return None
    from oppcli.words import kinds
    from oppcli.words.invalid import Invalid

    try:
        found: int | None = kinds.parse("money", text, opp.reading._replace(currency=currency))
        return found
    except Invalid as wrong:
        raise UsageError(say("--max-amount: {fault}", fault=wrong.message)) from None


@app.command()
@writes
def end(
    opp: Context,
    delegation: Annotated[list[str], argument("DELEGATION...", "G-3")],
    message: options.Message = None,
) -> Outcome:
    """End a delegation now, or take back one that has not begun; somebody else's with a reason.

    opp delegate end G-3
    opp delegate end G-3 -m 'by mistake'
    """
    from oppcli.actions import delegations
    from oppcli.model.refs import number

    def one(act: "Act", text: str) -> Outcome:
        known = number("delegation", text)
        if known is None:
            raise NotFound(say("no such delegation: {delegation}", delegation=text), hint=command("delegate", "list"))
        return delegations.end(act, known, reason=message)

    return each_act(opp, delegation, "delegation", "delegate end", one)
