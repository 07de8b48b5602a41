"""`opp quote`: set line edit revise use send accept show list."""

from pathlib import Path
from typing import Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli import options
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.said import say

app = typer.Typer(help="Quotes: what a deal is offered for, in versions.")

QuoteRef = Annotated[str, argument("DEAL", "D-142, or its quote: Q-142")]


@app.command("set")
@writes
def set_(
    opp: Context,
    deal: QuoteRef,
    file: Annotated[str, argument("FILE", "sku,item,qty,unit,price,discount,tax,cost,note; - for standard input")],
    message: options.Message = None,
) -> Outcome:
    """All lines from a file: of each a sku or an item, and a price or a discount.

    opp quote set D-142 lines.csv
    """
    from oppcli.actions.quotes import lines
    from oppcli.cli.quote_lines import read, values

    rows = read(file)
    with opp.act("quote set") as act:
        found = options.deal_of(opp, act, deal, "quote")
        return lines.set_lines(act, found, values(opp, rows, found.currency), note=message)


@app.command()
@writes
def line(
    opp: Context,
    deal: QuoteRef,
    position: Annotated[int | None, argument("N", "which line; a new one without")] = None,
    sku: Annotated[str | None, typer.Option("--sku", metavar="SKU", help="what it is on the price list")] = None,
    item: Annotated[str | None, typer.Option("--item", metavar="TEXT", help="what it is, on no list")] = None,
    qty: Annotated[str | None, typer.Option("--qty", metavar="N", help="how many; 1 unless it is said")] = None,
    unit: Annotated[str | None, typer.Option("--unit", metavar="TEXT", help="of what")] = None,
    price: Annotated[
        str | None, typer.Option("--price", metavar="N", help="of one unit; below zero a rebate on the whole")
    ] = None,
    discount: Annotated[
        str | None, typer.Option("--discount", metavar="PERCENT", help="off the list: 15, 85折")
    ] = None,
    tax: Annotated[str | None, typer.Option("--tax", metavar="PERCENT", help="its rate of tax")] = None,
    cost: Annotated[str | None, typer.Option("--cost", metavar="N", help="what one unit costs us, without tax")] = None,
    remark: Annotated[
        str | None, typer.Option("--note", metavar="TEXT", help="a remark; customers do not see it")
    ] = None,
    drop: Annotated[bool, typer.Option("--drop", help="take the line out")] = False,
    message: options.Message = None,
) -> Outcome:
    """One line: a new one, or a change of one; what is not said of it stays.

    opp quote line D-142 --sku P-100 --qty 12 --discount 15
    opp quote line D-142 --item Installation --price 30000 --cost 18000 --tax 6
    opp quote line D-142 1 --price 58000
    opp quote line D-142 2 --drop
    """
    from oppcli.actions.quotes import lines
    from oppcli.cli.quote_lines import given, require_place, require_said

    typed = {"sku": sku, "item": item, "qty": qty, "unit": unit, "price": price, "discount": discount}
    typed |= {"tax": tax, "cost": cost, "note": remark}
    with opp.act("quote line") as act:
        found = options.deal_of(opp, act, deal, "quote")
        if drop:
            return lines.drop_line(act, found, require_place(deal, position, typed), note=message)
        require_said(deal, typed)
        return lines.set_line(act, found, position, given(opp, typed, found.currency), note=message)


@app.command()
@writes
def edit(
    opp: Context,
    deal: QuoteRef,
    valid: Annotated[
        str | None, typer.Option("--valid", metavar="DATE", help="its last day: +30d; empty: none")
    ] = None,
    terms: Annotated[
        str | None, typer.Option("--terms", metavar="TEXT", help="what else is agreed; empty: nothing")
    ] = None,
    reprice: Annotated[bool, typer.Option("--reprice", help="its lines at the price list of today")] = False,
    message: options.Message = None,
) -> Outcome:
    """How long it is valid, its terms, the prices of today.

    opp quote edit D-142 --valid +30d
    opp quote edit D-142 --reprice
    """
    from oppcli.actions.quotes import editing

    if valid is None and terms is None and not reprice:
        raise UsageError(say("nothing to change"), hint=command("quote", "edit", deal, "--valid", "+30d"))
    with opp.act("quote edit") as act:
        _ = act.policy  # its business days count in what is typed
        last = None if valid is None else opp.reading.day(valid).isoformat() if valid.strip() else ""
        found = options.deal_of(opp, act, deal, "quote")
        return editing.edit(act, found, valid=last, terms=terms, reprice=reprice, note=message)


@app.command()
@writes
def revise(
    opp: Context,
    deal: QuoteRef,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="VERSION", help="like this one: 1, or of another deal Q-99.2")
    ] = None,
    message: options.Message = None,
) -> Outcome:
    """The next version, a draft like the one in effect, or like another.

    opp quote revise D-142
    opp quote revise D-142 --from 1
    """
    from oppcli.actions.quotes import editing

    with opp.act("quote revise") as act:
        return editing.revise(act, options.deal_of(opp, act, deal, "quote"), from_, note=message)


@app.command()
@writes
def use(opp: Context, deal: QuoteRef, message: options.Message = None) -> Outcome:
    """The draft counts from now on: amount, discount and margin of the deal are its.

    opp quote use D-142
    """
    from oppcli.actions.quotes import editing

    with opp.act("quote use") as act:
        return editing.use(act, options.deal_of(opp, act, deal, "quote"), note=message)


@app.command()
@writes
def send(
    opp: Context,
    deal: QuoteRef,
    file: Annotated[Path, argument("FILE", "where it is written: .html .md .csv")],
    to: Annotated[str | None, typer.Option("--to", metavar="CONTACT", help="who gets it: P-4, or a name")] = None,
) -> Outcome:
    """Write the copy for the customer, once it is approved; it goes out by your own mail.

    opp quote send D-142 Q-142.html --to P-4
    """
    from oppcli.actions.quotes import sending
    from oppcli.cli.quote_page import require_free, text, write
    from oppcli.cli.writing import mind_hooks

    with opp.act("quote send") as act:
        found = options.deal_of(opp, act, deal, "quote")
        quote, version = sending.sendable(act, found)
        page = text(act, found, quote, version, file.suffix.lower(), draft=False)
        require_free(file, page)
        done = sending.send(act, found, file, page, to=to, ids_only=not opp.interactive)
        if not opp.dry_run:
            mind_hooks(opp, act.door)
            write(file, page, opp.db)
        return done


@app.command()
@writes
def accept(
    opp: Context,
    deal: QuoteRef,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="when; at first today")] = None,
    file: Annotated[Path | None, typer.Option("--file", metavar="FILE", help="their order, as evidence")] = None,
    message: options.Message = None,
) -> Outcome:
    """The customer agrees to what was sent; after its last day -m says why.

    opp quote accept D-142 --on 2026-03-20 --file PO.pdf
    """
    from oppcli.actions.quotes import sending

    with opp.act("quote accept") as act:
        _ = act.policy
        day = opp.reading.day(on).isoformat() if on else None
        return sending.accept(act, options.deal_of(opp, act, deal, "quote"), on=day, file=file, note=message)
