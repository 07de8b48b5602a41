"""`opp payment`: list plan received void."""

from typing import TYPE_CHECKING, Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli import options
from oppcli.cli.batch import each_act
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes

if TYPE_CHECKING:
    from oppcli.actions.act import Act

app = typer.Typer(help="What a customer is to pay, what came, and what is overdue.")


@app.command()
@writes
def plan(
    opp: Context,
    deal: options.DealRef,
    part: Annotated[
        list[str],
        typer.Option("--part", metavar="PART", help="30%:DATE, 60%:sign+90d, =50000:DATE; the last may be rest:DATE"),
    ],
    message: options.Message = None,
) -> Outcome:
    """Say by when a deal is to be paid, in parts that make its total. A plan of before is void; what came stays.

    opp payment plan D-142 --part 30%:2026-04-01 --part 60%:sign+90d --part rest:2026-12-31
    """
    from oppcli.actions import find, payments

    with opp.act("payment plan") as act:
        _ = act.policy  # its business days count in what is typed
        found = find.deal(act.door, deal, ids_only=not opp.interactive)
        return payments.plan(act, found, part, opp.reading, note=message)


@app.command()
@writes
def received(
    opp: Context,
    ref: Annotated[str, argument("REF", "D-142; or C-9, for no deal")],
    amount: Annotated[str, argument("AMOUNT", "what came; of a refund less than 0")],
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="the day it came; default: today")] = None,
    currency: Annotated[
        str | None, typer.Option("--currency", metavar="CUR", help="default: the deal's, of a customer the policy's")
    ] = None,
    book: Annotated[
        str | None, typer.Option("--ref", metavar="TEXT", help="what the bank or the books call it")
    ] = None,
) -> Outcome:
    """Enter money that came. It pays the oldest instalments first.

    opp payment received D-142 300000 --on 2026-04-10
    opp payment received D-142 --on 2026-07-10 -- -50000
    """
    from oppcli.actions import payments
    from oppcli.actions.places import named
    from oppcli.cli import dates_typed

    with opp.act("payment received") as act:
        _ = act.policy
        _, of = named(act, ref, ids_only=not opp.interactive)
        day = None if on is None else dates_typed.day(opp, on)
        return payments.received(act, of, amount, day, currency=currency, book=book)


@app.command()
@writes
def void(
    opp: Context,
    payment: Annotated[list[str], argument("PAYMENT...", "Y-7")],
    message: options.Message = None,
) -> Outcome:
    """What was wrong counts no more, and stays on record with the reason. Enter it again as it is.

    opp payment void Y-7 -m 'another deal'
    """
    from oppcli.actions import payments

    def one(act: "Act", text: str) -> Outcome:
        return payments.void(act, payments.named(act, text), note=message)

    return each_act(opp, payment, "payment", "payment void", one)
