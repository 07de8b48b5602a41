"""The facts of a deal's quote among the fields of a deal: what each is, and what it is now."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from oppcli.model import money
from oppcli.model.fields import Field
from oppcli.model.policy import Policy
from oppcli.model.quotes import Quote
from oppcli.model.records import LIVE
from oppcli.model.said import Said, say
from oppcli.model.spaces import HIDDEN_WITH, KINDS, QUOTE, known, space_of
from oppcli.reads.hours import business_day
from oppcli.reads.quoted_lines import come_to, stale_lines
from oppcli.reads.table import Frame
from oppcli.rules.quotes.facts import facts
from oppcli.store.doors import ReadDoor
from oppcli.words.kinds import stored
from oppcli.words.numbers import shown

DEFINITIONS: Mapping[str, Said] = {
    QUOTE: say("what is offered, by its hash; in needs: in effect, with a line, no check that stops"),
    "quote.net": say("what the lines of the quote come to without tax"),
    "quote.tax": say("the tax of the quote, rounded once for each rate"),
    "quote.gross": say("what the quote comes to with tax"),
    "quote.discount": say("what is taken off the list prices of the whole quote, in per cent"),
    "quote.max_discount": say("the highest discount of a listed line, in per cent"),
    "quote.margin": say("what is left of the net total after costs, in per cent; missing while a cost is"),
    "quote.below_floor": say("how many lines are below their floor price"),
    "quote.unlisted": say("how many lines are on no price list"),
    "quote.costless": say("how many lines have no cost"),
    "quote.stale": say("how many lines have another list, floor or cost today"),
    "quote.lines": say("how many lines the quote has"),
    "quote.version": say("the number of the version in effect"),
    "quote.valid_until": say("the last day on which the quote holds"),
    "quote.sent": say("whether the version in effect was sent"),
    "quote.accepted": say("whether the customer has accepted it"),
}


def fields(policy: Policy) -> tuple[Field, ...]:
    """Each of a quote or a contract that the policy knows, as a field that nobody sets."""
    return tuple(Field(name, kind, editable=False, set_by="") for name, kind in known(policy).items() if space_of(name))


def values(door: ReadDoor, deal: int, frame: Frame) -> dict[str, str]:
    """What they are now, as exports tell a field; nothing of a deal without a quote, nor what who asks has not."""
    quote = next(iter(door.find(Quote, id=deal, standing=LIVE)), None)
    version = quote.in_effect if quote is not None else None
    if version is None or not version.lines:
        return {}
    stale = stale_lines(door, version, business_day(frame))
    found = facts(version, come_to(version, frame), len(stale))
    gone = {name for field in frame.hidden for name in HIDDEN_WITH.get(field, ())}
    if {"amount", "discount"} & set(frame.hidden):  # without them the others would be reckoned wrong
        gone |= {name for names in HIDDEN_WITH.values() for name in names}
    return {
        name: told(KINDS[name], value, version.currency)
        for name, value in found.items()
        if value is not None and name not in gone
    }


def told(kind: str, value: Any, currency: str) -> str:
    """A fact as exports tell a field."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if kind == "money":
        return money.plain(stored(kind, value, currency), currency)
    return shown(value) if isinstance(value, Decimal) else str(value)
