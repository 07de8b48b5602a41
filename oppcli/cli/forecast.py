"""`opp forecast`: adjust submit; list show whatif adjustments, of the catalogue of reads."""

from typing import TYPE_CHECKING, Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli import options
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.errors import UsageError
from oppcli.model.command import BLANK, command
from oppcli.model.said import say

if TYPE_CHECKING:
    from oppcli.actions.act import Act
    from oppcli.model.deals import Deal

app = typer.Typer(
    help="The forecast as submitted, as managers judge it, and under other assumptions; opp report forecast tells it."
)


@app.command()
@writes
def adjust(
    opp: Context,
    deal: Annotated[list[str] | None, argument("[DEAL...]", "one or more deals")] = None,
    amount: options.Amount = None,
    category: Annotated[
        str | None, typer.Option("--category", metavar="C", help="pipeline best commit omitted")
    ] = None,
    close: options.Close = None,
    owner: Annotated[
        str | None, typer.Option("--owner", metavar="LOGIN", help="whose month, in place of a deal")
    ] = None,
    period: Annotated[str | None, typer.Option("--period", metavar="MONTH", help="2026-11, this-month")] = None,
    change: Annotated[
        str | None, typer.Option("--change", metavar="N", help="what the month brings more; less: -50k")
    ] = None,
    clear: Annotated[bool, typer.Option("--clear", help="end what you said of it")] = False,
    message: options.Message = None,
) -> Outcome:
    """Judge what a deal, or a month of somebody in your line, will bring; the deal stays as it is.

    The nearest manager's counts, as `adjusted` in opp report forecast.

    opp forecast adjust D-142 --amount 400k --close 2026-12-20 -m 'they buy half of it'
    opp forecast adjust D-142 --category commit -m 'signed by hand, paper follows'
    opp forecast adjust --owner lea --period 2026-11 --change -50k -m 'always too early'
    opp forecast adjust D-142 --clear
    """
    from oppcli.actions import judgements
    from oppcli.cli.batch import each_deal

    typed = {"amount": amount, "category": category, "expected_close": close}
    given = {name: text for name, text in typed.items() if text is not None}
    of_month = {"--owner": owner, "--period": period, "--change": change}
    if deal:
        _none_of([name for name, value in of_month.items() if value is not None], say("are of a month, not of a deal"))
        if clear:
            _none_of([judgements.OPTIONS[name] for name in given], say("nothing is said with --clear"))

        def one(act: "Act", found: "Deal") -> Outcome:
            if clear:
                return judgements.cleared_deal(act, found)
            return judgements.of_deal(act, found, given, message, opp.reading)

        return each_deal(opp, deal, judgements.VERB, one)
    _none_of([judgements.OPTIONS[name] for name in given], say("are of a deal: which one?"))
    if owner is None or period is None:
        again = command("forecast", "adjust", "--owner", owner or "LOGIN", "--period", period or "MONTH", ready=False)
        raise UsageError(say("which deal, or whose month? D-142, or --owner and --period"), hint=again)
    from oppcli.cli.periods_typed import period as days

    with opp.act(judgements.VERB) as act:
        if clear:
            _none_of(["--change"] if change is not None else [], say("nothing is said with --clear"))
            return judgements.cleared_month(act, owner, days(opp, act.door, period))
        return judgements.of_month(act, owner, days(opp, act.door, period), change, message)


@app.command()
@writes
def submit(
    opp: Context,
    month: Annotated[str, argument("MONTH", "2026-11, this-month, next-month")],
    team: Annotated[
        str | None, typer.Option("--team", metavar="LOGIN", help="of who is at or below this person; default: of all")
    ] = None,
    commit: Annotated[
        str | None, typer.Option("--commit", metavar="N", help="what is committed to; default: the deals of commit")
    ] = None,
    best: Annotated[
        str | None, typer.Option("--best", metavar="N", help="what it may be at best; default: the deals of best")
    ] = None,
) -> Outcome:
    """Freeze the forecast of a month, deal by deal: what changes later changes nothing of it.

    opp forecast submit 2026-11 --team me --commit 500k
    opp forecast submit next-month
    """
    from oppcli.actions import forecasts
    from oppcli.cli.periods_typed import period

    with opp.act(forecasts.VERB) as act:
        _ = act.policy  # its business days count in what is typed
        of, *told = forecasts.asked(act, period(opp, act.door, month), commit, best)
        return forecasts.submit(act, of, team, *told)


def _none_of(names: list[str], why: str) -> None:
    """Refuse (2) options that do not belong here."""
    if names:
        hint = command("forecast", "adjust", "D-1", "--amount", BLANK, "-m", BLANK)
        raise UsageError(say("{names}: {why}", names=" ".join(names), why=why), hint=hint)
