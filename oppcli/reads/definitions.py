"""What the fields are, in a sentence each, and what one thing has in them."""

from collections.abc import Callable, Mapping
from typing import Any

from oppcli.model import money
from oppcli.model.fields import Field
from oppcli.model.nouns import BY_WORD, class_of
from oppcli.model.refs import ref, referred
from oppcli.model.said import Said, Word, listed, say
from oppcli.reads.table import Frame
from oppcli.store import queries
from oppcli.store.doors import ReadDoor
from oppcli.store.reading import absent
from oppcli.words.numbers import shown

_OF_DEALS: Mapping[str, Said] = {
    "title": say("what the deal is about, as people call it"),
    "amount": say("what the customer is to pay, in the currency of the deal"),
    "currency": say("the currency of the amount, three letters"),
    "discount": say("what is taken off the list price, in per cent"),
    "margin": say("what is left of the amount after costs, in per cent of it"),
    "payment_days": say("days from the invoice until the customer pays"),
    "probability": say("how likely it is won, in per cent; else that of its stage"),
    "probability_reason": say("why it is more or less likely than its stage says"),
    "category": say("how sure it is in the forecast; else that of its stage"),
    "source": say("where the lead came from"),
    "campaign": say("the campaign that brought it"),
    "product": say("what is to be sold"),
    "region": say("where the customer is served"),
    "tier": say("how much the customer matters"),
    "grade": say("how good the deal is"),
    "grade_reason": say("why it was graded by hand, beside the computed grade"),
    "score": say("how promising the lead is, as a number"),
    "expected_close": say("the day it is expected to be won or lost"),
    "next_step": say("what is to be done next"),
    "next_step_on": say("the day of the next step"),
    "competitor": say("who else makes an offer, or won it"),
    "customer": say("who buys"),
    "owner": say("who answers for the deal"),
    "stage": say("where it is in the pipeline"),
    "budget": say("whether the customer has the money"),
    "authority": say("whether the one who decides is known and talked to"),
    "need": say("whether the customer needs it"),
    "timeline": say("whether there is a time by which it has to be there"),
    "close_reason": say("why it was lost, a reason of the policy"),
    "close_detail": say("why it was lost, in words"),
}
_OF_ALL: Mapping[str, Said] = {
    "id": say("its number, given once and never again"),
    "version": say("how often it was changed, from 1"),
    "standing": say("live, archived, withdrawn because it should not be there, or merged into another"),
    "created_at": say("when it came to be"),
    "updated_at": say("when it was changed last"),
    "external_id": say("its id in the program it came from"),
    "system": say("the program it came from; empty where it was made here"),
    "extra": say("the values of the fields of the team's own"),
    "search_key": say("what it is found by, folded"),
}


_NEVER = frozenset(("salt",))
"""What seals the journal: it is told to nobody."""


def definition(word: str, field: Field) -> Said:
    """One sentence. Where nobody wrote one, it says whose field it is."""
    told = _OF_DEALS.get(field.name) if word == "deal" else None
    if told is None and word == "deal" and field.name.partition(".")[0] == "quote":
        from oppcli.reads.quote_facts import DEFINITIONS

        told = DEFINITIONS.get(field.name)
    if told is None and word == "deal" and field.name.partition(".")[0] == "contract":
        from oppcli.reads import contract_facts

        told = contract_facts.DEFINITIONS.get(field.name)
    if told is None and word == "deal" and "." in field.name:
        from oppcli.reads.dotted import definition as of_dotted

        told = of_dotted(field.name)
    told = told or _OF_ALL.get(field.name)
    if told is not None:
        return told
    if field.name.endswith("_evidence"):
        return say("what shows it: {field}", field=Word("label", field.name.removesuffix("_evidence")))
    if field.own:
        return say("a field of the team's own, from [fields] of the policy")
    about = referred(field.name)
    if about is not None:
        return say("which {other} it belongs to", other=Word("noun", about.word))
    noun = Word("noun", word)
    if field.kind == "instant":
        return say("{field}: an instant in the life of the {noun}", field=Word("label", field.name), noun=noun)
    return say("{field} of the {noun}", field=Word("label", field.name), noun=noun)


def values(door: ReadDoor, word: str, key: str, kinds: Mapping[str, str], frame: Frame) -> dict[str, str]:
    """Field (`kinds`: of which kind) → what this thing has there, as exports tell it; without what is empty, whole
    objects, and fields that who asks does not have. Refused for what is not there and
    for what they do not see, alike."""
    thing: Any = _thing(door, word, key, frame.actor)
    found = {name: getattr(thing, name) for name in kinds if hasattr(thing, name) and name not in _NEVER}
    if word in ("customer", "contact"):
        found |= dict(thing.extra)
    if word == "deal":
        found |= dict(thing.extra) | {"customer": _customer(door, thing.customer_id)}
    told = {
        name: _told(name, kinds.get(name, ""), each, found, frame.show)
        for name, each in found.items()
        if name not in frame.hidden
    }
    return {name: text for name, text in told.items() if text}


def _thing(door: ReadDoor, word: str, key: str, me: str) -> Any:
    """A saved view that is somebody's own is there for them alone."""
    noun = BY_WORD[word]
    number: int | str = int(key) if noun.prefix and key.isdecimal() else key
    if word == "stage":
        number = door.value("SELECT id FROM stage WHERE name = :name", name=key) or 0
    there = queries.visible(door, word, number) if number else False
    thing: Any = door.get(class_of(noun), number) if there else None
    if thing is None or (word == "view" and not thing.shared and thing.owner != me):
        raise absent(door, word, key)
    return thing


def _customer(door: ReadDoor, number: int | None) -> str:
    return str(door.value("SELECT name FROM customer WHERE id = :id", id=number) or "")


def _told(name: str, kind: str, value: Any, thing: Mapping[str, Any], show: Callable[[int], str]) -> str:
    if value is None or value == "" or kind == "object":
        return ""
    if isinstance(value, list | tuple):
        return listed(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if kind == "instant" and isinstance(value, int):
        from oppcli.words.shown import timed

        return timed(value, show)
    return _counted(name, kind, value, str(thing.get("currency") or ""))


def _counted(name: str, kind: str, value: Any, currency: str) -> str:
    from decimal import Decimal

    if kind == "money" and isinstance(value, int):
        return str(money.plain(value, currency))
    if kind == "percent" and isinstance(value, int):
        return shown(Decimal(value) / 10_000)
    about = referred(name)
    return ref(about.word, value) if about and about.prefix else str(value)
