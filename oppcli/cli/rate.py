"""`opp rate`: add list."""

from typing import Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.errors import UsageError
from oppcli.model.said import say

app = typer.Typer(help="What currencies are worth in each other, by the day: entered or imported, never fetched.")
Code = Annotated[str, argument("CURRENCY", "three letters: CNY")]


@app.command()
@writes
def add(
    opp: Context,
    base: Annotated[str, argument("BASE", "three letters: EUR")],
    currency: Code,
    rate: Annotated[str, argument("RATE", "what one BASE is in CURRENCY: 7.82")],
    day: Annotated[str | None, typer.Option("--day", metavar="DATE", help="from which day on; default today")] = None,
) -> Outcome:
    """Enter what one currency is worth in another from a day on; managers and admins.

    opp rate add EUR CNY 7.82
    opp rate add USD CNY 7.1034 --day 2026-10-30
    opp import eurofxref-hist.csv --kind rates
    """
    from oppcli.actions import rates
    from oppcli.cli import dates_typed
    from oppcli.words import numbers
    from oppcli.words.invalid import Invalid

    try:
        number = numbers.parse(rate)
    except Invalid as wrong:
        raise UsageError(say("RATE: {fault}", fault=wrong.args[0])) from None
    with opp.act("rate add") as act:
        on = dates_typed.day(opp, day) if day else act.business_day
        return rates.add(act, base.upper(), currency.upper(), number, on)
