"""`opp contact`: add list show edit."""

from typing import TYPE_CHECKING, Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli import options
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.said import say

if TYPE_CHECKING:
    from oppcli.actions.act import Act

app = typer.Typer(help="Contacts: the people of customers.")

Refs = Annotated[list[str], argument("CONTACT...", "one or more: P-4, 4")]
Title = Annotated[str | None, typer.Option("--title", metavar="TEXT", help="what they are there")]
Messenger = Annotated[str | None, typer.Option("--im", metavar="TEXT", help="WeChat or another messenger")]
Left = Annotated[str | None, typer.Option("--left-on", metavar="DATE", help="the day they left the customer")]


@app.command()
@writes
def add(
    opp: Context,
    name: Annotated[str, argument("NAME", "of the person")],
    customer: options.Customer = None,
    title: Title = None,
    phone: options.Phones = None,
    email: options.Emails = None,
    im: Messenger = None,
    left_on: Left = None,
    tag: options.Tags = None,
    sets: options.Sets = None,
    message: options.Message = None,
    anyway: options.Anyway = False,
) -> Outcome:
    """Add a person of a customer, or one who belongs to none.

    opp contact add 'Ann Lee' --customer Acme --title CFO --phone '+1 555 0100'
    """
    from oppcli.actions import contacts

    options.write_anyway(opp, message, asked=anyway)
    typed = options.typed(
        sets, name=name, customer=customer, title=title, phone=phone, email=email, im=im, left_on=left_on
    )._replace(new=options.new_customers(opp))
    with opp.act("contact add") as act:
        return contacts.add(act, typed, reading=opp.reading, tags=tag or (), note=message)


@app.command()
@writes
def edit(
    opp: Context,
    contact: Refs,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="of the person")] = None,
    customer: options.Customer = None,
    title: Title = None,
    phone: options.Phones = None,
    email: options.Emails = None,
    im: Messenger = None,
    left_on: Left = None,
    tag: options.Tags = None,
    untag: options.Untags = None,
    sets: options.Sets = None,
    message: options.Message = None,
    anyway: options.Anyway = False,
) -> Outcome:
    """Change what is known of a contact; who may change its customer may.

    opp contact edit P-4 --title CEO
    opp contact edit P-4 --left-on yesterday
    """
    from oppcli.actions import contacts, named_records
    from oppcli.cli.batch import each_act

    options.write_anyway(opp, message, asked=anyway)
    typed = options.typed(
        sets, name=name, customer=customer, title=title, phone=phone, email=email, im=im, left_on=left_on
    )
    if not typed.pairs and not tag and not untag:
        raise UsageError(say("nothing to change"), hint=command("contact", "edit", contact[0], "--title", "CEO"))
    typed = typed._replace(new=options.new_customers(opp, contact))

    def one(act: "Act", text: str) -> Outcome:
        found = named_records.contact(act.door, text, ids_only=not opp.interactive)
        return contacts.edit(act, found, typed, reading=opp.reading, tags=tag or (), untags=untag or (), note=message)

    return each_act(opp, contact, "contact", "contact edit", one)
