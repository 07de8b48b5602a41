"""Mails taken in: of whom one knows on the deal that it is about, an activity; else a proposal.

A mail that decides (a code in it) is to be asked for in `take`, before anything else is looked at.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from oppcli.actions import find, places
from oppcli.actions.act import NOTED, Act, Cause
from oppcli.actions.consequences import following
from oppcli.actions.outcome import Outcome
from oppcli.actions.places import Place
from oppcli.actions.proposing import propose
from oppcli.errors import NotFound
from oppcli.model.command import command
from oppcli.model.deals import Contact, Customer, Deal
from oppcli.model.duplicates import MAIL as SOURCE
from oppcli.model.follow import IN, MAIL, NOTE, OUT, Activity, Proposal, Task
from oppcli.model.noun import replace
from oppcli.model.people import SERVICE
from oppcli.model.records import WITHDRAWN
from oppcli.model.refs import ref
from oppcli.model.said import Said, Word, listed, say
from oppcli.store import addresses
from oppcli.words.normal import host, mail

if TYPE_CHECKING:
    from oppcli.files.mails import Mail, Person

_NAMED = re.compile(r"[\[【［]\s*(D-\d{1,15})\s*[\]】］]", re.IGNORECASE)
LONGEST_EVIDENCE = 300


def take(act: Act, taken: "Mail") -> Outcome:
    """The mail noted on its deal with all that follows, or proposed; once for each. Refused to who is no user."""
    act.require_anybody("mail", say("take mails"))
    known = _known(act, taken)
    if known is not None:
        return Outcome(done=(known,))
    ours = {mail(user.email): user.login for user in act.people.values() if user.email}
    writer = ours.get(mail(taken.sender.address))
    outside = [person for person in taken.receivers if mail(person.address) not in ours]
    people = outside if writer else [taken.sender]
    deal = _named(act, taken.subject)
    if taken.automatic or not (people or deal):
        why = say("a machine wrote it") if taken.automatic else say("it is among ourselves")
        return Outcome(done=(say("{subject}: left out, {why}", subject=taken.subject or "-", why=why),))
    where, contacts = _place(act, people)
    if deal is not None:
        where = Place(deal=deal)
    if where.deal is not None:
        who = writer or _who(act, taken, ours, where.deal)
        made = _activity(act, taken, who, direction=OUT if writer else IN, kind=MAIL if people else NOTE)
        return noted(act, made, where, contacts, taken.subject)
    return _proposed(act, taken, people[0], where, writer, ours)


def _known(act: Act, taken: "Mail") -> Said | None:
    """What is said of a mail that was taken before."""
    noted = act.door.find(Activity, message_id=taken.message_id)
    proposed = act.door.find(Proposal, cause=cause(taken.message_id))
    subject = taken.subject or "-"
    names = [ref("activity", each.id) for each in noted if each.standing != WITHDRAWN]
    names += [ref("proposal", each.id) for each in proposed]
    if noted and not names:
        again = command("restore", ref("activity", noted[0].id))
        return say("{subject}: it was taken back; {again}", subject=subject, again=again)
    return say("{subject}: taken before, {name}", subject=subject, name=names[0]) if names else None


def cause(message_id: str) -> str:
    """What the proposal of a mail is known by."""
    return f"{SOURCE}:{message_id}"


def _named(act: Act, subject: str) -> Deal | None:
    """The deal whose reference stands in the subject, if there is one that who takes the mail sees."""
    for text in _NAMED.findall(subject):
        try:
            found = find.deal(act.door, text.upper(), ids_only=True)
        except NotFound:
            continue
        if found.standing != WITHDRAWN:
            return found
    return None


def _place(act: Act, people: "Iterable[Person]") -> tuple[Place, tuple[int, ...]]:
    """(The only live deal of these people, else their customer if it is one; which of them are contacts)."""
    contacts, customers, deals = list[Contact](), dict[int, None](), dict[int, None]()
    for person in people:
        known = addresses.contacts(act.door, person.address)
        contacts += (act.door.get(Contact, key) for key, _ in known)
        customers |= dict.fromkeys(of for _, of in known if of is not None)
        customers |= dict.fromkeys(addresses.customers(act.door, person.address))
    for contact in contacts:
        of = act.door.get(Customer, contact.customer_id) if contact.customer_id else None
        deals |= dict.fromkeys(places.live(act, contact, of))
    for key in customers if not contacts else ():
        deals |= dict.fromkeys(places.live(act, None, act.door.get(Customer, key)))
    taking_part = tuple(dict.fromkeys(contact.id for contact in contacts))
    if len(deals) == 1:
        return Place(deal=act.door.get(Deal, next(iter(deals)))), taking_part
    customer = act.door.get(Customer, next(iter(customers))) if len(customers) == 1 else None
    return Place(customer=customer, others=tuple(sorted(deals))), taking_part


def _who(act: Act, taken: "Mail", ours: Mapping[str, str], deal: Deal) -> str:
    """Which of us was written to; else who takes the mail, for whom a service does it the deal's owner."""
    addressed = _addressed(taken, ours)
    if addressed is not None:
        return addressed
    return deal.owner if deal.owner and SERVICE in act.me.roles else act.by


def _addressed(taken: "Mail", ours: Mapping[str, str]) -> str | None:
    logins = (ours.get(mail(person.address)) for person in taken.receivers)
    return next((login for login in logins if login is not None), None)


def _activity(act: Act, taken: "Mail", who: str, *, direction: str, kind: str = MAIL) -> Activity:
    return Activity(
        kind=kind,
        text=_text(taken),
        at=act.now if taken.at is None else min(taken.at, act.now),
        who=who,
        direction=direction,
        recorded_at=act.now,
        channel=act.door.stamp.channel,
        message_id=taken.message_id,
        created_by=act.by,
    )


def _text(taken: "Mail") -> str:
    """Subject, text, names of what is attached."""
    files = " ".join(f"[{name}]" for name in taken.attached)
    return "\n".join(filter(None, (taken.subject, taken.text, files))) or "-"


def noted(act: Act, made: Activity, where: Place, contacts: tuple[int, ...], title: str) -> Outcome:
    """The activity of a mail kept where it belongs, and what follows done."""
    deal, customer = where.deal, where.customer
    made = replace(
        made, deal_id=deal.id if deal else None, customer_id=customer.id if customer else None, contacts=contacts
    )
    had = act.door.find(Activity, message_id=made.message_id)
    act.door.reserve(Activity, Task)
    kept: Activity = _again(act, had[0], made) if had else act.door.add(made)
    name, word = ref("activity", kept.id), Word("activity", kept.kind)
    done = say("{name} {kind} on {place}: {text}", name=name, kind=word, place=where.name, text=title or "-")
    return Outcome(done=(done,), ids=(name,), details=following(act, Cause(NOTED, deal, activity=kept)))


def _again(act: Act, had: Activity, made: Activity) -> Activity:
    """What was withdrawn with an acceptance that was taken back, as it is now."""
    again: Activity = act.door.save(had, replace(made, id=had.id, version=had.version), action="restore")
    return again


def _proposed(
    act: Act, taken: "Mail", person: "Person", where: Place, writer: str | None, ours: Mapping[str, str]
) -> Outcome:
    """A new lead, or with several live deals of a customer the mail on it, to be accepted."""
    at = datetime.fromtimestamp((taken.at or act.now) / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = {"text": _text(taken), "at": at, "who": writer or _addressed(taken, ours), "direction": writer and OUT}
    changes = {name: value for name, value in said.items() if value}
    customer = where.customer
    if not where.others:
        changes = _lead(act, taken, person, customer) | changes
    made = Proposal(
        noun="activity" if where.others else "deal",
        customer_id=customer.id if customer and where.others else None,
        changes=changes,
        source=SOURCE,
        evidence=f"{taken.sender.name} <{taken.sender.address}>: {taken.subject}".strip()[:LONGEST_EVIDENCE],
        cause=cause(taken.message_id),
    )
    kept = propose(act, made)
    assert kept is not None
    name = ref("proposal", kept.id)
    told = say("{proposal} proposes a new lead: {title}", proposal=name, title=changes.get("title", "-"))
    if where.others:
        deals = listed(ref("deal", each) for each in where.others[:5])
        told = say(
            "{proposal} proposes a mail: {title}; live deals there: {deals}",
            proposal=name,
            title=taken.subject or "-",
            deals=deals,
        )
    return Outcome(done=(told,), ids=(name,), next=(command("proposal", "show", name),))


def _lead(act: Act, taken: "Mail", person: "Person", customer: Customer | None) -> dict[str, str]:
    """The fields of a lead from a stranger, or from whom one knows without a live deal."""
    table = act.policy.duplicates
    public = table.public if table else ()
    called = host(person.address, public)
    if customer is None:
        there = addresses.of_host(act.door, person.address, public)
        called = ref("customer", there[0]) if len(there) == 1 else called
    else:
        called = ref("customer", customer.id)
    fields = {
        "title": taken.subject or person.name or person.address,
        "customer": called,
        "contact": person.name or person.address,
        "email": person.address,
    }
    return {name: value for name, value in fields.items() if value}
