"""`opp lead`: add list qualify reject."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli import options
from oppcli.cli.batch import each_deal
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.errors import UsageError
from oppcli.model.said import say

if TYPE_CHECKING:
    from oppcli.actions.act import Act
    from oppcli.model.deals import Deal

app = typer.Typer(help="Leads: deals that are not qualified yet.")


@app.command()
@writes
def add(
    opp: Context,
    title: Annotated[str, argument("TITLE", "what it is about")],
    customer: options.Customer = None,
    amount: options.Amount = None,
    currency: options.Currency = None,
    source: options.Source = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="LOGIN", help="default: you")] = None,
    close: options.Close = None,
    sets: options.Sets = None,
    message: options.Message = None,
    anyway: options.Anyway = False,
    tag: options.Tags = None,
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar="DEAL", help="like this one: customer, contacts, product, own fields"),
    ] = None,
    with_: Annotated[
        list[str] | None, typer.Option("--with", metavar="quote", help="with --from: its lines, too, at today's prices")
    ] = None,
    pipeline: Annotated[
        str | None, typer.Option("--pipeline", metavar="P", help="where the policy has several; default: the first")
    ] = None,
    renewal: Annotated[bool, typer.Option("--renewal", help="with --from: renews that one, which was won")] = False,
) -> Outcome:
    """Capture a lead in the first stage.

    opp add "Phase two" --customer Acme --amount 800k
    opp lead add "Plant upgrade" --customer Acme --close +2m --set tier=A
    opp add "Phase three" --from D-142 --renewal
    opp add "Line 4" --from D-99 --with quote
    """
    from oppcli.actions import deals, values

    _require_from(from_, with_ or [], renewal=renewal)
    options.write_anyway(opp, message, asked=anyway)
    named = {"customer": customer, "amount": amount, "currency": currency, "source": source, "expected_close": close}
    given = {name: text for name, text in named.items() if text is not None} | dict(values.split(sets or []).pairs)
    pairs = tuple({**opp.settings.defaults, "title": title, **values.with_currency(given)}.items())
    with opp.act("lead add") as act:
        copied = _copier(opp, act, from_, renewal=renewal) if from_ is not None else None
        done = deals.capture(
            act,
            values.Typed(pairs, options.new_customers(opp)),
            owner=owner,
            reading=opp.reading,
            note=message,
            tags=tag or (),
            copied=copied,
            stage=_first(act, pipeline) if pipeline is not None else None,
        )
        return done if not with_ or from_ is None else _with_quote(opp, act, from_, done)


def _require_from(source: str | None, words: list[str], *, renewal: bool) -> None:
    """Refuse (2) to renew, or take over, something of no deal, and to take over anything else than a quote."""
    if renewal and source is None:
        raise UsageError(say("--renewal says which deal it renews by --from"), hint="--from D-142 --renewal")
    if words and set(words) != {"quote"}:
        raise UsageError(say("--with {words}: only quote", words=words[0]), hint="--with quote")
    if words and source is None:
        raise UsageError(say("--with says what is taken over by --from"), hint="--from D-142 --with quote")


def _with_quote(opp: Context, act: "Act", text: str, done: Outcome) -> Outcome:
    """The new deal with the lines of the other one's quote."""
    from oppcli.actions import find
    from oppcli.actions.quotes.editing import like
    from oppcli.model.deals import Deal
    from oppcli.model.refs import number

    source = find.deal(act.door, text, ids_only=not opp.interactive)
    made = act.door.get(Deal, number("deal", done.ids[0]) or 0)
    return done._replace(details=(*done.details, *like(act, source, made)))


def _first(act: "Act", pipeline: str) -> str:
    """The first stage of a pipeline that is named."""
    from oppcli.rules.lines import first

    return first(pipeline, act.policy).name


def _copier(opp: Context, act: "Act", text: str, *, renewal: bool) -> "Callable[[Deal], Deal]":
    """Gives a new lead what it has from the deal that is meant. Refused where there is none."""
    from oppcli.actions import copying, find

    source = find.deal(act.door, text, ids_only=not opp.interactive)
    return lambda lead: copying.copied(act, source, lead, renewal=renewal)


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
