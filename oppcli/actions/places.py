"""What is noted, promised or watched on: a deal, a customer, or a contact."""

from typing import Any

from oppcli.actions import find
from oppcli.actions.act import Act, Look
from oppcli.errors import NotFound, UsageError
from oppcli.model.command import BLANK, command
from oppcli.model.deals import Contact, Customer, Deal
from oppcli.model.refs import meant, ref
from oppcli.model.said import Word, listed, say
from oppcli.store import followed, queries
from oppcli.tuples import NamedTuple

NOUNS: dict[str, type] = {"deal": Deal, "customer": Customer, "contact": Contact}


class Place(NamedTuple):
    """Where something happened."""

    deal: Deal | None = None
    customer: Customer | None = None
    """Of what is on no deal."""
    contact: Contact | None = None
    """Who took part, where they were named."""
    led: str | None = None
    """The reference that was typed, where it leads to the deal."""
    others: tuple[int, ...] = ()
    """The live deals of a customer that has several."""

    @property
    def thing(self) -> tuple[str, int]:
        """(noun, number) of what it is."""
        found = {"deal": self.deal, "customer": self.customer, "contact": self.contact}
        return next((noun, thing.id) for noun, thing in found.items() if thing is not None)

    @property
    def name(self) -> str:
        """`D-142 上海精密 MES 二期`."""
        return f"{ref(*self.thing)} {called(self.deal or self.customer or self.contact)}"


def called(thing: Any) -> str:
    """What a deal, customer or contact is called."""
    return str(thing.title if isinstance(thing, Deal) else thing.name)


def place(act: Act, text: str, *, ids_only: bool) -> Place:
    """What a reference stands for; a customer or contact with exactly one live deal that is seen, for that deal.
    Refused for what is not there, for what was withdrawn, and for other nouns."""
    noun, thing = named(act, text, ids_only=ids_only)
    find.require_kept(noun, thing)
    if noun == "deal":
        return Place(deal=thing)
    contact = thing if noun == "contact" else None
    customer = thing if noun == "customer" else None
    if contact is not None and contact.customer_id is not None:
        customer = act.door.get(Customer, contact.customer_id)
    deals = live(act, contact, customer)
    if len(deals) == 1:
        return Place(deal=act.door.get(Deal, deals[0]), contact=contact, led=ref(noun, thing.id))
    return Place(customer=customer, contact=contact, others=tuple(deals))


def require_promising(place: Place) -> None:
    """Refuse (2) to plan something with a contact of no customer who has no live deal, or several: a promise is kept
    for a deal or a customer, and would be nowhere."""
    if place.deal is not None or place.customer is not None:
        return
    deals = listed(ref("deal", each) for each in place.others)
    raise UsageError(
        say("{place} is of no customer: say for which deal it is planned", place=place.name),
        hint=say("one of {words}", words=deals)
        if deals
        else command("contact", "edit", ref(*place.thing), "--set", f"customer={BLANK}"),
    )


def named(look: Look, text: str, *, ids_only: bool) -> tuple[str, Any]:
    """(noun, record) of a reference to a deal, customer or contact; words are those of a deal. Refused for others."""
    noun, key = meant(text) or ("deal", text)
    if noun in ("customer", "contact") and key.isdecimal():
        return noun, find.get(look.door, NOUNS[noun], int(key))
    if noun not in NOUNS:
        hint = say("say which by its id: D-142, C-9, P-4")
        raise NotFound(
            say("{name} is a {other}, not a {noun}", name=text, other=Word("noun", noun), noun=Word("noun", "deal")),
            hint=hint,
        )
    return "deal", find.deal(look.door, text, ids_only=ids_only)


def live(act: Act, contact: Contact | None, customer: Customer | None) -> list[int]:
    """The live deals that who acts sees: those a contact takes part in, else those of the customer."""
    found = followed.live_deals(act.door, contact=contact.id) if contact is not None else []
    if not found and customer is not None:
        found = followed.live_deals(act.door, customer=customer.id)
    return [number for number in found if queries.visible(act.door, "deal", number)]
