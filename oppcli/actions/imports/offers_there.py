"""Prices, quotes and contracts of another database: the price list by what begins when, the others with their deal."""

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from oppcli.actions.imports import people_there
from oppcli.actions.imports.people_there import Lined
from oppcli.model.contracts import Contract, ContractVersion
from oppcli.model.noun import replace
from oppcli.model.nouns import BY_CLASS
from oppcli.model.quotes import Price, Quote, QuoteVersion
from oppcli.model.records import ANY, KEPT
from oppcli.model.said import Word
from oppcli.rules.quotes.versions import hashed


class Into(people_there.Into, Protocol):
    """What takes everything in, as far as it is needed here."""

    relations: people_there.Relations


def price(into: Into, things: Lined) -> None:
    """The prices that are kept there, by thing, currency and first day."""
    door = into.act.door
    known = door.find(Price, sku=sorted({each.sku for _, each in things}), standing=KEPT)
    here = {(each.sku, each.currency, each.from_on): each for each in known}
    for _, each in things:
        fresh = replace(each, id=0, version=1, created_by=into.login(each.created_by))
        if each.standing not in KEPT:
            into.behind[Word("plural", "prices")] += 1
        elif (found := here.get((each.sku, each.currency, each.from_on))) is not None:
            into.compare(found, fresh, ("created_by", "created_at", "external_id", "system"))
        else:
            door.add(fresh)
            into.made += 1


def quote(into: Into, things: Lined) -> None:
    """The quotes of the deals that came; of a deal that has one here it stays behind where it is another."""
    _papers(into, Quote, things, partial(_version, into))


def contract(into: Into, things: Lined) -> None:
    """The contracts of the deals that came, in the same way."""
    _papers(into, Contract, things, partial(_agreed, into))


def _papers(into: Into, kind: type[Any], things: Lined, version: Callable[[Any], Any]) -> None:
    """What goes by the number of its deal, each `version` of it by the people that are here."""
    door = into.act.door
    numbers = [into.deals[each.deal_id] for _, each in things if each.deal_id in into.deals]
    here = {each.id: each for each in door.find(kind, id=numbers, standing=ANY)} if numbers else {}
    for _, each in things:
        deal = into.deals.get(each.deal_id)
        if deal is None or each.standing not in KEPT:
            into.behind[Word("plural", BY_CLASS[kind.__name__].plural)] += 1
            continue
        fresh = replace(each, id=deal, deal_id=deal, version=1, versions=tuple(map(version, each.versions)))
        if deal in here:
            into.compare(here[deal], fresh, ())
        else:
            door.add(fresh)
            into.made += 1


def _agreed(into: Into, version: ContractVersion) -> ContractVersion:
    """A version of a contract by the people that are here."""
    clauses = tuple(replace(each, answered_by=into.login(each.answered_by)) for each in version.clauses)
    people = {"opened_by": into.login(version.opened_by), "signed_by": into.login(version.signed_by)}
    return replace(version, clauses=clauses, **people)


def _version(into: Into, version: QuoteVersion) -> QuoteVersion:
    """A version by the people and contacts that are here."""
    sent = tuple(
        {
            **{name: value for name, value in told.items() if name != "to"},
            "by": into.login(told.get("by")),
            **({"to": into.relations.contacts[told["to"]]} if told.get("to") in into.relations.contacts else {}),
        }
        for told in version.sent
    )
    people = {"opened_by": into.login(version.opened_by), "accepted_by": into.login(version.accepted_by)}
    return hashed(replace(version, sent=sent, **people))
