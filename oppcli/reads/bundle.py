"""All that there is of one deal, as plain objects: its records and the entries of the journal that tell of them."""

from collections.abc import Iterator
from typing import Any

from oppcli.model.deals import Deal
from oppcli.model.nouns import BY_WORD, NOUNS, class_of
from oppcli.reads.export_columns import JOURNAL
from oppcli.reads.exports import entries_of
from oppcli.store.doors import ReadDoor
from oppcli.store.objects import Object, whole
from oppcli.store.queries import belongings

OUTSIDE = ("notice", "delivery")
"""What tells people of it, and is no part of it."""


def records(door: ReadDoor, deal: Deal) -> dict[str, list[Object]]:
    """Noun → its records, by number: the deal, its customer and contacts, and what belongs to it, as who asks sees
    it."""
    wanted: dict[str, set[int]] = {"deal": {deal.id}}
    for word, key in belongings(door, deal.id):
        if word not in OUTSIDE and word in BY_WORD:
            wanted.setdefault(word, set()).add(int(key))
    if deal.customer_id is not None:
        wanted["customer"] = {deal.customer_id}
    wanted["contact"] = wanted.get("contact", set()) | {each.contact_id for each in deal.contacts}
    found: dict[str, list[Object]] = {}
    for noun in NOUNS:
        numbers = sorted(wanted.get(noun.word, ()))
        things: list[Any] = door.find(class_of(noun), id=numbers) if numbers else []
        if things:
            found[noun.plural] = [whole(noun, thing) for thing in sorted(things, key=lambda thing: thing.id)]
    return found


def entries(door: ReadDoor, found: dict[str, list[Object]]) -> Iterator[dict[str, Any]]:
    """The entries of the journal of all these records, in order."""
    words = {noun.plural: noun.word for noun in NOUNS}
    names = [column.name for column in JOURNAL]
    things = ((words[plural], thing["id"]) for plural, held in found.items() for thing in held)
    rows = [row for word, key in things for row in entries_of(door, word, key)]
    for row in sorted(rows, key=lambda row: int(str(row[0])[1:])):
        yield dict(zip(names, row, strict=True))
