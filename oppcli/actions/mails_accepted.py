"""A mail that was proposed and is accepted: a lead with its contact, and the mail noted on it; or the mail noted."""

from datetime import datetime

from oppcli.actions import contacts, deals, places, typed_records, values
from oppcli.actions.act import Act
from oppcli.actions.mails import cause, noted
from oppcli.actions.outcome import Outcome
from oppcli.actions.places import Place
from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.deals import Deal, Participant
from oppcli.model.duplicates import MAIL as WAY
from oppcli.model.follow import IN, MAIL, Activity, Proposal
from oppcli.model.noun import replace
from oppcli.model.refs import number, ref
from oppcli.model.said import say
from oppcli.store import addresses
from oppcli.words.kinds import Reading

Made = tuple[Outcome, dict[str, int | None]]


def accepted(
    act: Act, proposal: Proposal, typed: dict[str, str], reading: Reading, note: str | None, on: str | None
) -> Made:
    """What is done, and what the proposal is about then. Refused (2) for a mail that would be nowhere."""
    act.way = WAY
    mail = _mail(act, proposal, typed)
    if proposal.noun == "activity":
        return _on(act, proposal, mail, on)
    person = _contact(act, typed)
    given = values.Typed(tuple(typed.items()))
    taking_part = tuple(Participant(contact_id=key) for key in person)
    made = deals.capture(
        act, given, owner=None, reading=reading, note=note, copied=lambda lead: replace(lead, contacts=taking_part)
    )
    deal = number("deal", made.ids[0])
    if mail is None or deal is None:
        return made, {"deal_id": deal}
    told = noted(act, mail, Place(deal=act.door.get(Deal, deal)), person, proposal.changes.get("title", ""))
    details = (*made.details, *told.done, *told.details)
    return made._replace(details=details, ids=(*made.ids, *told.ids)), {"deal_id": deal}


def _mail(act: Act, proposal: Proposal, typed: dict[str, str]) -> Activity | None:
    """What is noted of it, taken out of what is typed; nothing where its text is left out."""
    text, at, who = typed.pop("text", None), typed.pop("at", None), typed.pop("who", act.by)
    direction = typed.pop("direction", IN)
    if text is None:
        return None
    return Activity(
        kind=MAIL,
        text=text,
        at=min(act.now, int(datetime.fromisoformat(at).timestamp() * 1000)) if at else act.now,
        who=who if who in act.people else act.by,
        direction=direction,
        recorded_at=act.now,
        channel=WAY,
        message_id=(proposal.cause or "").removeprefix(cause("")),
        created_by=act.by,
    )


def _on(act: Act, proposal: Proposal, mail: Activity | None, on: str | None) -> Made:
    there = on or (ref("customer", proposal.customer_id) if proposal.customer_id else None)
    if mail is None or there is None:
        name = ref("proposal", proposal.id)
        raise UsageError(
            say("say what the mail is about: --for D-12"),
            hint=command("proposal", "accept", name, "--for", "D-12", ready=False),
        )
    where = places.place(act, there, ids_only=True)
    contact = (where.contact.id,) if where.contact else ()
    title = mail.text.partition("\n")[0]
    return noted(act, mail, where, contact, title), {"deal_id": where.deal.id if where.deal else None}


def _contact(act: Act, typed: dict[str, str]) -> tuple[int, ...]:
    """The number of the contact that is named, made where nobody has the address; the customer is made before."""
    name, address = typed.pop("contact", None), typed.pop("email", None)
    customer = values.customer_id(act, typed.get("customer", ""), typed_records.owner_of_new(act))
    of = ref("customer", customer) if customer is not None else ""
    if of:
        typed["customer"] = of
    if not (name or address):
        return ()
    known = addresses.contacts(act.door, address) if address else []
    if known:
        return (known[0][0],)
    said = {"name": name or address or "", "email": address or "", "customer": of}
    given = values.Typed(tuple((field, value) for field, value in said.items() if value))
    made = contacts.add(act, given, reading=Reading(), tags=(), note=None)
    return tuple(filter(None, (number("contact", made.ids[0]),)))
