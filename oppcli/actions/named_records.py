"""Which customer or contact a reference on the command line stands for, or words where a deal may be meant, too: an id,
a name, its beginning. Never a guess."""

from collections.abc import Iterator

from oppcli.actions import find
from oppcli.errors import Ambiguous, NotFound, Reason
from oppcli.model.command import command
from oppcli.model.deals import Contact, Customer
from oppcli.model.records import COUNTED
from oppcli.model.refs import number, ref
from oppcli.model.said import Said, Word, say
from oppcli.store import dealings, queries
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple
from oppcli.words.names import key

MOST = 10
"""Things of a name that are listed."""


class Named(NamedTuple):
    """A customer or a contact, and what tells it from others."""

    noun: str
    number: int
    told: Said | str


def customer(door: ReadDoor, text: str, *, ids_only: bool = False) -> Customer:
    """The customer `C-9`, `9`, or of this name, else whose name alone begins so or holds it. Refused for none, for
    several with their refs, and with `ids_only` (a write without a terminal) for a name."""
    known = _number(door, "customer", text, ids_only=ids_only)
    return find.get(door, Customer, find.known_customer(door, text) if known is None else known)


def contact(door: ReadDoor, text: str, *, ids_only: bool = False) -> Contact:
    """The contact `P-4`, `4`, or of this name, else whose name alone begins so or holds it. Refused likewise."""
    known = _number(door, "contact", text, ids_only=ids_only)
    if known is not None:
        return find.get(door, Contact, known)
    listing = command("contact", "list")
    find.of_another_noun("contact", text, listing)
    named = dealings.contacts_named(door, key(text)) if text.strip() else []
    found = [each for each in named if queries.visible(door, "contact", each[0])]
    if not found:
        raise NotFound(find.no_such("contact", text, door), hint=listing)
    if len(found) > 1:
        shown = tuple(Reason(ref("contact", id), find.told_apart(name, whose)) for id, name, whose in found[:MOST])
        said = say("{text} could be several contacts", text=text)
        raise Ambiguous(said, reasons=shown, hint=say("say which by its id")).for_(text)
    return find.get(door, Contact, found[0][0])


def contact_at(door: ReadDoor, customer: int | None, text: str, *, ids_only: bool = False) -> Contact:
    """The same where the customer is known: a whole name that one contact of it has alone is no guess, and is taken
    with `ids_only`, too. Refused as `contact` is, naming how one is added where it has none of that name."""
    if not ids_only or customer is None or number("contact", text) is not None:
        return contact(door, text, ids_only=ids_only)
    found = [
        each
        for each in door.find(Contact, customer_id=customer, key=key(text), standing=COUNTED)
        if queries.visible(door, "contact", each.id)
    ]
    if len(found) == 1:
        return found[0]
    if found:
        return contact(door, text)
    find.of_another_noun("contact", text, command("contact", "list"))
    added = command("contact", "add", text, "--customer", ref("customer", customer))
    raise NotFound(say("{customer} has no contact {text}", customer=ref("customer", customer), text=text), hint=added)


def _number(door: ReadDoor, noun: str, text: str, *, ids_only: bool) -> int | None:
    """The number that was typed; None for a name. Refused for a name where only ids are taken."""
    from oppcli.words.text import bare

    text = bare(text)
    known = number(noun, text)
    if known is not None or not ids_only:
        return known
    listing = command(noun, "list")
    find.of_another_noun(noun, text, listing)
    raise NotFound(
        say("no such {noun}: {text}", noun=Word("noun", noun), text=text),
        hint=say("a write without a terminal takes ids only: {list}", list=listing),
    )


def thing(door: ReadDoor, text: str) -> tuple[str, int]:
    """(noun, number) of the deal that words stand for, as ever; where there is none, of the only customer or contact of
    this name, else whose name begins so or holds it. Refused (3) where nothing is called so, and (5) with the list of
    them where several are."""
    try:
        return "deal", find.deal(door, text).id
    except (NotFound, Ambiguous) as refused:
        others = list(_others(door, text)) if text.strip() else []
        if not others:
            raise
        if len(others) == 1 and isinstance(refused, NotFound):
            return others[0].noun, others[0].number
        shown = (*(Reason(ref(each.noun, each.number), each.told) for each in others), *refused.reasons)[:MOST]
        said = say("{text} could be several things", text=text)
        raise Ambiguous(said, reasons=shown, hint=say("say which by its id")).for_(text) from None


def _others(door: ReadDoor, text: str) -> Iterator[Named]:
    """The customers and contacts of a name that who asks sees; of those of exactly this name alone, where there are
    any."""
    folded = key(text)
    found = [(Named("customer", id, name), name) for id, name in _customers(door, text, folded)]
    for id, name, whose in dealings.contacts_named(door, folded):
        found.append((Named("contact", id, find.told_apart(name, whose)), name))
    seen = [(each, name) for each, name in found if queries.visible(door, each.noun, each.number)]
    exact = [each for each, name in seen if key(name) == folded]
    yield from exact or (each for each, _ in seen)


def _customers(door: ReadDoor, text: str, folded: str) -> list[tuple[int, str]]:
    """(number, name) of the customers of a name; of the name of a merged one, what stands for it."""
    found = queries.customers_named(door, folded)
    if any(key(name) == folded for _, name in found):
        return [each for each in found if key(each[1]) == folded]
    try:
        merged = find.customer(door, text)
    except Ambiguous:
        return found
    return [(merged.id, text)] if merged is not None else found
