"""`opp lead`: add list qualify reject."""

from typing import Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli import options
from oppcli.cli.batch import each_deal
from oppcli.cli.context import Context
from oppcli.cli.output import writes

app = typer.Typer(help="Leads: deals that are not qualified yet.")


@app.command()
@writes
def add(
    opp: Context,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="what it is about", show_default=False)],
    customer: options.Customer = None,
    amount: options.Amount = None,
    currency: options.Currency = None,
    source: options.Source = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="LOGIN", help="default: you")] = None,
    close: options.Close = None,
    sets: options.Sets = None,
    message: options.Message = None,
    anyway: options.Anyway = False,
) -> Outcome:
    """Capture a lead in the first stage.

    opp add "Phase two" --customer Acme --amount 800k
    opp lead add "Plant upgrade" --customer Acme --close +2m --set tier=A
    """
    from oppcli.actions import deals, values

    options.write_anyway(opp, message, asked=anyway)
    named = {"customer": customer, "amount": amount, "currency": currency, "source": source, "expected_close": close}
    given = {name: text for name, text in named.items() if text is not None} | dict(values.split(sets or []).pairs)
    pairs = tuple({**opp.settings.defaults, "title": title, **values.with_currency(given)}.items())
    with opp.act("lead add") as act:
        return deals.capture(act, values.Typed(pairs), owner=owner, reading=opp.reading, note=message)


@app.command()
@writes
def qualify(opp: Context, deal: options.DealRefs, message: options.Message = None) -> Outcome:
    """Into the first open stage: same record, same id.

    opp lead qualify D-142
    """
    from oppcli.actions import moves

    return each_deal(opp, deal, "lead qualify", lambda act, found: moves.qualify(act, found, note=message))


@app.command()
@writes
def reject(
    opp: Context, deal: options.DealRefs, reason: options.Reason = None, message: options.Message = None
) -> Outcome:
    """Not worth following: lost, for a reason of the policy.

    opp lead reject D-142 --reason 'no budget'
    """
    from oppcli.actions import moves

    if reason is None and opp.interactive:
        from oppcli.cli import picking

        reason, message, _ = picking.loss(opp, message, None)

    return each_deal(
        opp, deal, "lead reject", lambda act, found: moves.reject_lead(act, found, reason=reason, detail=message)
    )
