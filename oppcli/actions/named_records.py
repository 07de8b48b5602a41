"""Which customer or contact a reference on the command line stands for: an id, a name, its beginning. Never a guess."""

from oppcli.actions import find
from oppcli.errors import Ambiguous, NotFound, Reason
from oppcli.model.command import command
from oppcli.model.deals import Contact, Customer
from oppcli.model.refs import number, ref
from oppcli.model.said import Word, say
from oppcli.store import dealings, queries
from oppcli.store.doors import ReadDoor
from oppcli.words.names import key


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
        shown = tuple(Reason(ref("contact", id), find.told_apart(name, whose)) for id, name, whose in found[:10])
        said = say("{text} could be several contacts", text=text)
        raise Ambiguous(said, reasons=shown, hint=say("say which by its id")).for_(text)
    return find.get(door, Contact, found[0][0])


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
