"""`opp target`: set list."""

from typing import Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.errors import UsageError
from oppcli.model.said import say

app = typer.Typer(help="What people, teams and the company are to reach in a month.")


@app.command("set")
@writes
def set_(
    opp: Context,
    who: Annotated[str, argument("WHO", "a login, team:LOGIN or company")],
    month: Annotated[str, argument("MONTH", "2026-11, this-month; 2026Q4 with --split")],
    measure: Annotated[str, argument("MEASURE", "won_amount won leads qualified activities received")],
    number: Annotated[str, argument("N[/N[/N]]", "the target, what is better, what is best: 100k/120k/150k")],
    split: Annotated[
        bool, typer.Option("--split", help="of several months: as much in each, the rest in the last")
    ] = False,
) -> Outcome:
    """Set what somebody is to reach in a month; their managers and admins. Set again, it is corrected.

    opp target set lea 2026-11 won_amount 100k/120k/150k
    opp target set team:wes 2026Q4 won_amount 3m --split
    opp target set company 2026-11 leads 40
    opp import targets.csv --kind targets
    """
    from oppcli.actions import targets
    from oppcli.cli.periods_typed import period
    from oppcli.words.invalid import Invalid

    with opp.act(targets.VERB) as act:
        of = targets.measure(measure)
        login = targets.whom(act, who)
        typed, begins = period(opp, act.door, month), act.policy.fiscal_year
        chosen = targets.months(typed, split=split, begins=begins)
        try:
            amounts, currency = targets.typed(act, of, number)
        except Invalid as wrong:
            raise UsageError(say("N: {fault}", fault=wrong.args[0]), hint=wrong.hint) from None
        return targets.put(act, login, chosen, of, amounts, currency)
