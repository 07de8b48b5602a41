"""Contacts: added and edited."""

from collections.abc import Collection

from oppcli.actions import find, typed_records, values
from oppcli.actions.act import Act
from oppcli.actions.outcome import Outcome
from oppcli.actions.values import tagged
from oppcli.model.deals import Contact, Customer
from oppcli.model.noun import replace
from oppcli.model.refs import ref
from oppcli.model.said import listed, say
from oppcli.rules import rights
from oppcli.store import dealings
from oppcli.words.kinds import Reading


def add(act: Act, typed: values.Typed, *, reading: Reading, tags: Collection[str], note: str | None) -> Outcome:
    """A new contact. Refused with everything that is wrong or missing (2)."""
    act.require("contact add", say("add contacts"))
    made = Contact(name="", key="", created_at=act.now, created_by=act.by)
    made = replace(made, tags=tagged(act, (), tags, ())) if tags else made
    filled, reasons = typed_records.changed(act, "contact", made, typed, reading)
    values.refuse(say("the contact"), say("added"), reasons, new=True)
    kept = act.door.add(filled, meta={"reason": note} if note else None)
    name = ref("contact", kept.id)
    described = listed(part for part in (kept.name, kept.title or "", _customer(act, kept)) if part)
    return Outcome(done=(say("{name} added: {described}", name=name, described=described),), ids=(name,))


def _customer(act: Act, contact: Contact) -> str:
    """The name of the customer, or nothing."""
    return act.door.get(Customer, contact.customer_id).name if contact.customer_id else ""


def require(act: Act, verb: str, contact: Contact) -> None:
    """Refuse who may not do this to a contact, which is its customer's owner's, saying who may."""
    beside = dealings.of_contact(act.door, contact.id, contact.customer_id)
    owner = act.door.get(Customer, contact.customer_id).owner if contact.customer_id else None
    rights.require_of_customer(verb, ref("contact", contact.id), act.me, act.people, owner=owner, beside=beside)


def edit(
    act: Act,
    contact: Contact,
    typed: values.Typed,
    *,
    reading: Reading,
    tags: Collection[str] = (),
    untags: Collection[str] = (),
    note: str | None = None,
) -> Outcome:
    """The contact with the typed values. Refused to who may not, for what was withdrawn, and with every value that
    cannot be kept."""
    find.require_kept("contact", contact)
    require(act, "contact edit", contact)
    after, reasons = typed_records.changed(act, "contact", contact, typed, reading)
    name = ref("contact", contact.id)
    values.refuse(name, say("changed"), reasons)
    if tags or untags:
        after = replace(after, tags=tagged(act, contact.tags, tags, untags))
    if after == contact:
        return Outcome(done=(say("{name}: nothing to change", name=name),), ids=(name,))
    saved = act.door.save(contact, after, meta={"reason": note} if note else None)
    lines = typed_records.differences(act, "contact", contact, saved)
    return Outcome(done=(say("{name} {title}: {lines}", name=name, title=saved.name, lines=lines),), ids=(name,))
