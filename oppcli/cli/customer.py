"""`opp customer`: add list show edit erase."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli import options
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.errors import Busy, NotFound, UsageError
from oppcli.model.command import command
from oppcli.model.refs import ref
from oppcli.model.said import listed, say

if TYPE_CHECKING:
    from oppcli.actions.act import Act
    from oppcli.model.deals import Customer
    from oppcli.store.doors import ReadDoor

app = typer.Typer(help="Customers: whose they are, and how they are reached.")

Refs = Annotated[list[str], argument("CUSTOMER...", "one or more: C-9, 9")]
Website = Annotated[str | None, typer.Option("--website", metavar="URL", help="www.example.com")]
Address = Annotated[str | None, typer.Option("--address", metavar="TEXT", help="where it is")]
TaxId = Annotated[str | None, typer.Option("--tax-id", metavar="ID", help="of its company")]
Industry = Annotated[str | None, typer.Option("--industry", metavar="TEXT", help="what it does")]
Region = Annotated[str | None, typer.Option("--region", metavar="TEXT", help="where it is served")]
Tier = Annotated[str | None, typer.Option("--tier", metavar="TIER", help="how much it matters")]
Quiet = Annotated[str | None, typer.Option("--quiet-until", metavar="DATE", help="no contact before that day")]


@app.command()
@writes
def add(
    opp: Context,
    name: Annotated[str, argument("NAME", "of the company")],
    phone: options.Phones = None,
    email: options.Emails = None,
    website: Website = None,
    address: Address = None,
    tax_id: TaxId = None,
    industry: Industry = None,
    region: Region = None,
    tier: Tier = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="LOGIN", help="default: you; none: nobody")] = None,
    quiet_until: Quiet = None,
    tag: options.Tags = None,
    sets: options.Sets = None,
    message: options.Message = None,
    anyway: options.Anyway = False,
) -> Outcome:
    """Add a customer; one that may be there already is told, or refused, as the policy's [duplicates] say.

    opp customer add Acme --phone '+1 555 0100' --website www.acme.example
    """
    from oppcli.actions import customers

    options.write_anyway(opp, message, asked=anyway)
    typed = options.typed(
        sets, name=name, phone=phone, email=email, website=website, address=address, tax_id=tax_id, industry=industry,
        region=region, tier=tier, quiet_until=quiet_until,
    )  # fmt: skip
    with opp.act("customer add") as act:
        return customers.add(act, typed, reading=opp.reading, owner=owner, tags=tag or (), note=message)


@app.command()
@writes
def edit(
    opp: Context,
    customer: Refs,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="of the company")] = None,
    phone: options.Phones = None,
    email: options.Emails = None,
    website: Website = None,
    address: Address = None,
    tax_id: TaxId = None,
    industry: Industry = None,
    region: Region = None,
    tier: Tier = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="LOGIN", help="whose it is; none: nobody's")] = None,
    quiet_until: Quiet = None,
    tag: options.Tags = None,
    untag: options.Untags = None,
    sets: options.Sets = None,
    message: options.Message = None,
    anyway: options.Anyway = False,
) -> Outcome:
    """Change what is known of a customer: its owner, who works on its live deals, and managers may; of one that is
    nobody's everybody.

    opp customer edit C-9 --phone '+1 555 0100' --tag key
    """
    from oppcli.actions import customers, named_records
    from oppcli.cli.batch import each_act

    options.write_anyway(opp, message, asked=anyway)
    typed = options.typed(
        sets, name=name, phone=phone, email=email, website=website, address=address, tax_id=tax_id, industry=industry,
        region=region, tier=tier, quiet_until=quiet_until,
    )  # fmt: skip
    if not typed.pairs and owner is None and not tag and not untag:
        raise UsageError(say("nothing to change"), hint=command("customer", "edit", customer[0], "--set", "tier=A"))

    def one(act: "Act", text: str) -> Outcome:
        found = named_records.customer(act.door, text, ids_only=not opp.interactive)
        return customers.edit(
            act, found, typed, reading=opp.reading, owner=owner, tags=tag or (), untags=untag or (), note=message
        )

    return each_act(opp, customer, "customer", "customer edit", one)


@app.command()
@writes
def protect(
    opp: Context,
    customer: Refs,
    off: Annotated[bool, typer.Option("--off", help="no longer")] = False,
    message: options.Message = None,
) -> Outcome:
    """Keep a customer of yours from claims, and its deals from going back to the pool: so many and so many days as the
    policy says.

    opp customer protect C-9
    """
    from oppcli.actions import named_records, protecting
    from oppcli.cli.batch import each_act

    def one(act: "Act", text: str) -> Outcome:
        found = named_records.customer(act.door, text, ids_only=not opp.interactive)
        return protecting.protect(act, found, off=off, note=message)

    return each_act(opp, customer, "customer", "customer protect", one)


@app.command()
@writes
def erase(
    opp: Context,
    customer: Annotated[list[str], argument("CUSTOMER...", "C-9, or its whole name")],
    message: options.Message = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="do not ask for its name")] = False,
) -> Outcome:
    """Erase all that may tell of a person, in its records and in the journal, for good; -n lists it.

    opp customer erase C-9 -m "asked us to, 12 March"
    """
    from oppcli.actions import erasing
    from oppcli.cli.batch import once, one_by_one

    wanted = once(opp, customer, "customer", ids_only=False)
    gone: list[int] = []
    confirmed: dict[str, str] = {}
    """What was typed → the customer whose name was typed behind it."""
    if not opp.dry_run and not yes:
        with opp.read() as door:
            for name in wanted:  # nothing is erased before all were typed
                found = _named(door, name)
                _confirm(opp, door, found, message or "")
                confirmed[name] = ref("customer", found.id)

    def one(name: str) -> Outcome:
        with opp.act("customer erase") as act:
            found = _named(act.door, confirmed.get(name, name))
            done = erasing.erase(act, found, why=message or "")
        gone.append(found.id)
        for line in done.held:
            opp.say(say("note: {text}", text=line))
        return done.outcome

    outcome = one_by_one(opp, wanted, one)
    return outcome if opp.dry_run or not gone else outcome._replace(details=after_erasing(opp, gone))


def _named(door: "ReadDoor", text: str) -> "Customer":
    """The customer of this number or whole name. Refused for none."""
    from oppcli.actions import find

    found = find.customer(door, text)
    if found is None:
        raise NotFound(say("no such customer: {text}", text=text), hint=command("customer", "list"))
    return found


def _confirm(opp: Context, door: "ReadDoor", customer: "Customer", why: str) -> None:
    """Refuse to erase a customer to who does not type its name."""
    from oppcli.actions import erasing
    from oppcli.cli.places import require_typed

    look = opp.look(door)
    about = erasing.scope(look, customer)
    erasing.require_erasable(look, about, why)
    name, what = ref("customer", customer.id), listed((customer.name, about.counts))
    asked = say("This erases {name} for good: {what}. Type {word} to go on", name=name, what=what, word=customer.name)
    require_typed(opp, customer.name, asked, say("this erases {name} for good", name=name))


def after_erasing(opp: Context, customers: Collection[int], *files: Path) -> tuple[str, ...]:
    """Free the pages that still hold what was erased, and name the backups that do: those beside the database, and
    these files."""
    from oppcli.store import vacuum
    from oppcli.store.replacing import keeps

    lines = []
    try:
        vacuum(opp.db, wait_ms=opp.wait_ms)
    except Busy:
        lines.append(say("free pages of the file may still hold it: give the same command again when nobody reads"))
    known = {file.resolve(): file for file in (*backups(opp), *files)}
    kept = [file for file in known.values() if keeps(file, customers)]
    if kept:
        lines.append(say("these backups still hold it: {files}", files=listed(str(file) for file in kept)))
    return tuple(lines)


def backups(opp: Context) -> list[Path]:
    """Files beside the database that are copies of it, or are called like one (`oppcli.cli.places.beside`)."""
    from oppcli.cli.places import beside
    from oppcli.store import knowing, replacing

    example = beside(opp, "backup")
    stem = example.name.partition(".backup-")[0]
    with replacing.reading(opp.db) as door:
        identity = knowing.database_id(door)
    named = example.parent.glob(f"{stem}.*{example.suffix}") if example.parent.is_dir() else iter(())
    found = {*named, *replacing.copies(example.parent, identity)}
    return sorted(file for file in found if file.is_file() and file.name != f"{stem}{example.suffix}")
