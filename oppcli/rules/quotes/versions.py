"""How the versions of a quote follow one another: opened, edited, put into effect, shown, sent, accepted."""

import json
from datetime import date, timedelta
from typing import Any

from oppcli.errors import Conflict, Reason, Refused
from oppcli.model.command import command
from oppcli.model.deals import Deal
from oppcli.model.digest import sha256
from oppcli.model.noun import replace
from oppcli.model.quotes import ACCEPTED, APPROVED, DRAFT, IN_EFFECT, OVER, REPLACED, SENT, Line, Quote, QuoteVersion
from oppcli.model.quoting import GROSS, Quoting
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.rules import papers
from oppcli.rules.quotes.checks import expired
from oppcli.rules.quotes.figures import Figures, rebate

LARGEST = 1_000_000
"""Ten-thousandths: 100 %."""
LEAST_MARGIN = -10 * LARGEST
FIGURES = ("amount", "discount", "margin")
"""What the version in effect writes to its deal."""


def content(version: QuoteVersion) -> str:
    """SHA-256 of all that it says: its lines with list, floor and cost, validity, terms. Not its number: the same said
    again is the same."""
    told: dict[str, Any] = {name: getattr(version, name) for name in ("currency", "valid_until", "terms")}
    told["lines"] = [[getattr(line, name) for name in Line.__annotations__] for line in version.lines]
    return sha256(json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode())


def hashed(version: QuoteVersion) -> QuoteVersion:
    """With the hash of what it says."""
    return replace(version, hash=content(version))


def valid_until(opened_on: str, days: int) -> str:
    """The last day of so many from the day it was opened."""
    return (date.fromisoformat(opened_on) + timedelta(days=days)).isoformat()


def to_edit(quote: Quote | None) -> QuoteVersion | None:
    """The version that an edit is about: the draft, else the one in effect."""
    return None if quote is None else quote.draft or quote.in_effect


def following(
    quote: Quote | None, source: QuoteVersion | None, today: str, at: int, by: str, **told: Any
) -> QuoteVersion:
    """The next version, opened today with the lines and terms of `source`, valid for as long as that; it is a draft
    unless it is the first. `told` says what stands in it in their place."""
    number = 1 if quote is None or not quote.versions else quote.versions[-1].number + 1
    given: dict[str, Any] = {"lines": (), "terms": None}
    if source is not None:
        given = {"lines": source.lines, "terms": source.terms, "valid_until": _as_long(source, today)}
    first = quote is None or quote.in_effect is None
    given |= {"used_at": at if first else None}
    return QuoteVersion(number=number, opened_on=today, opened_at=at, opened_by=by, **given | told)


def _as_long(source: QuoteVersion, today: str) -> str | None:
    if source.valid_until is None:
        return None
    days = (date.fromisoformat(source.valid_until) - date.fromisoformat(source.opened_on)).days
    return valid_until(today, max(days, 0))


def with_version(quote: Quote, version: QuoteVersion) -> Quote:
    """The quote with this version in its place, or behind the others."""
    kept = tuple(each for each in quote.versions if each.number != version.number)
    return replace(quote, versions=tuple(sorted((*kept, hashed(version)), key=lambda each: each.number)))


def used(quote: Quote, at: int) -> Quote:
    """The draft in effect. Refused where there is none, and one without a line."""
    draft, name = quote.draft, ref("quote", quote.id)
    deal = ref("deal", quote.deal_id)
    if draft is None:
        raise Conflict(say("{quote} has no draft", quote=name), hint=command("quote", "revise", deal))
    if not draft.lines:
        raise Refused(
            say("{version} cannot be used yet", version=papers.called(quote, draft)),
            reasons=(Reason("lines", say("it has none"), command("quote", "line", deal, "--sku", "…", "--qty", "1")),),
        )
    return with_version(quote, replace(draft, used_at=at))


def frozen(quote: Quote, at: int) -> Quote:
    """With the version in effect frozen: somebody is shown it."""
    version = quote.in_effect
    if version is None or version.frozen_at is not None:
        return quote
    return with_version(quote, replace(version, frozen_at=at))


def require_offer(quote: Quote | None, deal: Deal) -> tuple[Quote, QuoteVersion]:
    """The quote and its version in effect. Refused where there is none, or it has no line."""
    name = ref("deal", deal.id)
    version = None if quote is None else quote.in_effect
    if quote is None or version is None or not version.lines:
        raise Refused(
            say("{deal} has no quote yet", deal=name),
            reasons=(Reason("quote", say("no line"), command("quote", "line", name, "--sku", "…", "--qty", "1")),),
        )
    return quote, version


def state(quote: Quote, version: QuoteVersion, today: str, *, approved: bool = False) -> str:
    """draft, in_effect, approved, sent, accepted, expired, replaced: what is accepted never expires."""
    if version.used_at is None:
        return DRAFT
    if version != quote.in_effect:
        return REPLACED
    if version.accepted_on is not None:
        return ACCEPTED
    if expired(version, today):
        return OVER
    return SENT if version.sent else APPROVED if approved else IN_EFFECT


def written(deal: Deal, version: QuoteVersion, found: Figures, quoting: Quoting) -> Deal:
    """The deal with what the version in effect comes to; nothing of one without a line."""
    if not version.lines:
        return replace(deal, amount=None, discount=None, margin=None)
    discount = None if found.discount is None else min(max(found.discount, 0), LARGEST)
    margin = None if found.margin is None else max(found.margin, LEAST_MARGIN)
    amount = found.gross if quoting.amount == GROSS else found.net
    return replace(deal, amount=amount, discount=discount, margin=margin)


def problems(line: Line) -> tuple[Reason, ...]:
    """Everything that is wrong with a line as it was typed."""
    what = say("line {position}", position=line.position)
    found = []
    if not line.item.strip():
        found.append(say("says neither an item nor a sku"))
    if rebate(line):
        rules = (line.sku is None, line.qty == 1_000_000, line.cost is None, line.discount is None)
        if not all(rules):
            found.append(say("a price below zero is a rebate: without sku, discount and cost, its quantity 1"))
    elif line.qty <= 0:
        found.append(say("its quantity is not above zero"))
    if line.price is None and line.discount is None:
        found.append(say("has neither a price nor a discount"))
    if line.price is not None and line.discount is not None:
        found.append(say("has a price and a discount: one of them"))
    if line.discount is not None and (line.list is None or not 0 <= line.discount <= LARGEST):
        fault = say("a discount is off a list price") if line.list is None else say("a discount is from 0 to 100 %")
        found.append(fault)
    if line.cost is not None and line.cost < 0:
        found.append(say("its cost is below zero"))
    if not 0 <= line.tax <= LARGEST:
        found.append(say("its rate of tax is not from 0 to 100 %"))
    return tuple(Reason(what, text) for text in found)
