"""What words stand for where a deal, a customer or a contact may be meant: the only one that is called so."""

from collections.abc import Iterator

from oppcli.actions import find
from oppcli.errors import Ambiguous, NotFound, Reason
from oppcli.model.refs import ref
from oppcli.model.said import Said, say
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
    found = [(Named("customer", number, name), name) for number, name in _customers(door, text, folded)]
    for number, name, whose in dealings.contacts_named(door, folded):
        found.append((Named("contact", number, find.told_apart(name, whose)), name))
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
