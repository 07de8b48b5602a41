"""`opp fact`: set list fetch."""

from typing import Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli import options
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.errors import Refused, UsageError
from oppcli.model.command import command
from oppcli.model.said import say

app = typer.Typer(help="What is known of customers besides their fields: each with its source and day.")


@app.command("set")
@writes
def set_(
    opp: Context,
    customer: Annotated[str, argument("CUSTOMER", "C-9, or its name")],
    fact: Annotated[list[str], argument("NAME=VALUE...", "credit_limit=500000")],
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="the day it is of; default: today")] = None,
    source: Annotated[str, typer.Option("--source", metavar="TEXT", help="where it comes from: 年审")] = "",
    currency: options.Currency = None,
    file: Annotated[
        str | None, typer.Option("--file", metavar="FILE", help="the document, a file of one of its deals: X-3")
    ] = None,
) -> Outcome:
    """Say what is known of a customer. Nothing is overwritten: the newest day counts.

    opp fact set C-9 credit_limit=500000 --on 2026-03-01 --source audit
    opp fact set C-9 iso9001=2027-03-31
    """
    from oppcli.actions import customer_facts, find
    from oppcli.cli import dates_typed
    from oppcli.model.deals import Customer

    if wrong := next((each for each in fact if not each.partition("=")[1]), None):
        raise UsageError(say("{text}: write NAME=VALUE", text=wrong))
    with opp.act("fact set") as act:
        _ = act.policy
        of = find.get(act.door, Customer, find.known_customer(act.door, customer))
        day = None if on is None else dates_typed.day(opp, on)
        return customer_facts.enter(act, of, fact, opp.reading, on=day, currency=currency, source=source, file=file)


@app.command()
@writes
def fetch(
    opp: Context,
    thing: Annotated[str, argument("REF", "C-9, or a deal of it: D-142")],
    again: Annotated[bool, typer.Option("--again", help="also what is still fresh")] = False,
) -> Outcome:
    """Ask the adapters of this machine for what is missing of a customer, or too old.

    opp fact fetch C-9
    opp fact fetch D-142 --again
    """
    from oppcli.actions import fetching, find
    from oppcli.actions.places import named
    from oppcli.cli.adapters import fetched
    from oppcli.model.deals import Customer, Deal
    from oppcli.model.refs import ref

    with opp.read() as door:
        look = opp.look(door)
        look.require_anybody("fact fetch", say("fetch facts"))
        _, of = named(look, thing, ids_only=not opp.interactive)
        names = fetching.with_source(look.policy)
        number = of.customer_id if isinstance(of, Deal) else of.id
        if number is None:
            fix = command("deal", "edit", ref("deal", of.id), "--set", "customer=…", ready=False)
            raise Refused(say("{deal} has no customer", deal=ref("deal", of.id)), hint=fix)
        customer = door.get(Customer, number)
        find.require_kept("customer", customer)
    deal = of if isinstance(of, Deal) else None
    found = fetched(opp, customer, deal, names, again=again, strict=True)
    name = ref("customer", customer.id)
    if not found:
        return Outcome(done=(say("{name}: nothing is missing or too old", name=name),), ids=(name,))
    lines = [line for each in found for line in (*each.done, *each.details)]
    return Outcome(done=tuple(lines), ids=tuple(key for each in found for key in each.ids))
