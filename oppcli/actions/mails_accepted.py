"""A mail that was proposed and is accepted: a lead with its contact, and the mail noted on it; or the mail noted."""

from oppcli.actions import contacts, deals, find, places, typed_records, values
from oppcli.actions.act import Act
from oppcli.actions.mails import cause, noted
from oppcli.actions.notes import happened_at
from oppcli.actions.outcome import Outcome
from oppcli.actions.places import Place
from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.deals import Deal, Participant
from oppcli.model.duplicates import MAIL as WAY
from oppcli.model.follow import DIRECTIONS, IN, MAIL, Activity, Proposal
from oppcli.model.noun import replace
from oppcli.model.refs import number, ref
from oppcli.model.said import listed, say
from oppcli.store import addresses
from oppcli.words.kinds import Reading
from oppcli.words.named import understood

Made = tuple[Outcome, dict[str, int | None]]


def accepted(
    act: Act, proposal: Proposal, typed: dict[str, str], reading: Reading, note: str | None, on: str | None
) -> Made:
    """What is done, and what the proposal is about then. Refused (2) for a mail that would be nowhere, and for an
    instant, a direction or somebody typed for it that there is not."""
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
    text, at, who = typed.pop("text", ""), typed.pop("at", ""), typed.pop("who", "")
    direction = typed.pop("direction", "")
    if not text.strip():
        return None
    return Activity(
        kind=MAIL,
        text=text,
        at=_at(act, at, as_sent=at == proposal.changes.get("at")),
        who=find.person(act.people, who, active=who != proposal.changes.get("who")).login if who else act.by,
        direction=_direction(direction) if direction else IN,
        recorded_at=act.now,
        channel=WAY,
        message_id=(proposal.cause or "").removeprefix(cause("")),
        created_by=act.by,
    )


def _at(act: Act, text: str, *, as_sent: bool) -> int:
    """When it happened: what was typed, for a mail that says so itself no later than now. Refused (2) for what is no
    instant, and for one that is typed and is not yet."""
    if not text:
        return act.now
    from oppcli.words.instants import parse_instant

    at = parse_instant(text, now_ms=act.now, tz=act.local, calendar=act.calendar, past=True)
    return min(at, act.now) if as_sent else happened_at(act, at)


def _direction(text: str) -> str:
    """Who went to whom, by its code or the word for it. Refused (2) for anything else."""
    from oppcli.speech import titles

    found = understood(text, DIRECTIONS, titles.told("direction"))
    if found is None:
        raise UsageError(say("--set direction={value}: one of {words}", value=text, words=listed(DIRECTIONS)))
    return found


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
