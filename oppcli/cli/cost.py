"""`opp cost`: add list."""

from typing import Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.errors import UsageError
from oppcli.model.said import say

app = typer.Typer(help="What was spent on sources of leads, for opp report sources.")


@app.command()
@writes
def add(
    opp: Context,
    source: Annotated[str, argument("SOURCE", "as deals have it")],
    period: Annotated[str, argument("PERIOD", "2026-11, 2026Q4, 2026-11-27, last-month")],
    amount: Annotated[str, argument("AMOUNT", "50000, 50k, EUR 800")],
    currency: Annotated[
        str | None, typer.Option("--currency", metavar="CUR", help="three letters; default the policy's")
    ] = None,
) -> Outcome:
    """Enter what was spent on a source in a period; managers and admins. It is spread over its days.

    opp cost add fair 2026Q4 50k
    opp cost add Google 2026-11 1200.50 --currency EUR
    """
    from oppcli.actions import costs
    from oppcli.cli.periods_typed import period as read
    from oppcli.words import amounts, currencies
    from oppcli.words.invalid import Invalid

    with opp.act(costs.VERB) as act:
        try:
            code = currencies.parse(currency or amounts.chosen(amount) or act.policy.currency)
        except Invalid as wrong:
            raise UsageError(wrong.message, hint=say("three letters of ISO 4217, such as EUR")) from None
        try:
            minor = amounts.parse(amount, code)
        except Invalid as wrong:
            raise UsageError(say("AMOUNT: {fault}", fault=wrong.args[0]), hint=wrong.hint) from None
        return costs.add(act, source, read(opp, act.door, period), minor, code)
