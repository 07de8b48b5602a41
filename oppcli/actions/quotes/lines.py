"""Lines of a quote, as they are typed or stand in a file: priced by the list, and put into the version that is open."""

from collections.abc import Mapping, Sequence
from typing import Any

from oppcli.actions.act import Act
from oppcli.actions.offers import quote_of, quoting
from oppcli.actions.outcome import Outcome
from oppcli.actions.quotes import EDIT, blank, kept, numbered, outcome, require
from oppcli.errors import NotFound, Reason, Refused, UsageError
from oppcli.model.command import command
from oppcli.model.deals import Deal
from oppcli.model.noun import replace
from oppcli.model.quotes import ONE, Line, Price, Quote, QuoteVersion
from oppcli.model.records import LIVE
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.rules.quotes import versions
from oppcli.rules.quotes.figures import rebate
from oppcli.rules.quotes.prices import NO_PRICE, no_price, of_day
from oppcli.rules.scopes import require_fields

Typed = Mapping[str, Any]
"""Field of a line → its stored value, of what was said."""
COLUMNS = ("sku", "item", "qty", "unit", "price", "discount", "tax", "cost", "note")
"""What may be said of a line."""
SECRETS = ("cost",)
"""What nobody says who does not see margins."""
MOST = 5_000
"""Lines of a version."""


def set_lines(act: Act, deal: Deal, rows: Sequence[Typed], *, note: str | None = None) -> Outcome:
    """These lines in place of all there are. Refused (4) for costs to who does not see margins, and with everything
    that is wrong with any of them."""
    _require_seen(act, rows)
    return replaced(act, deal, rows, note=note)


def replaced(act: Act, deal: Deal, rows: Sequence[Typed], *, note: str | None = None) -> Outcome:
    """The same with lines that were kept before, whose costs nobody types."""
    require(act, EDIT, deal, note)
    before = quote_of(act, deal.id)
    version = opened(act, deal, before)
    return _kept(act, deal, before, replace(version, lines=priced(act, version, rows)), note)


def set_line(act: Act, deal: Deal, position: int | None, typed: Typed, *, note: str | None = None) -> Outcome:
    """One line changed, or a new one behind the others where no position is named. Refused like all of them."""
    _require_seen(act, (typed,))
    require(act, EDIT, deal, note)
    before = quote_of(act, deal.id)
    version = opened(act, deal, before)
    rows: list[Typed] = [said(line) for line in version.lines]
    if position is None:
        rows.append(typed)
    else:
        place = _place(deal, version, position)
        rows[place] = _changed(rows[place], typed)
    return _kept(act, deal, before, replace(version, lines=priced(act, version, rows)), note)


def drop_line(act: Act, deal: Deal, position: int, *, note: str | None = None) -> Outcome:
    """The version without this line; those behind it move up."""
    require(act, EDIT, deal, note)
    before = quote_of(act, deal.id)
    version = opened(act, deal, before)
    rows = [said(line) for line in version.lines]
    del rows[_place(deal, version, position)]
    return _kept(act, deal, before, replace(version, lines=priced(act, version, rows)), note)


def _require_seen(act: Act, rows: Sequence[Typed]) -> None:
    if any(row.get(name) is not None for row in rows for name in SECRETS):
        require_fields(act.door.sight, ("margin",))


def _place(deal: Deal, version: QuoteVersion, position: int) -> int:
    if not 1 <= position <= len(version.lines):
        raise NotFound(
            say("there is no line {position}", position=position), hint=command("quote", "show", ref("deal", deal.id))
        )
    return position - 1


def _changed(row: Typed, typed: Typed) -> dict[str, Any]:
    """A line with what was said of it: of price and discount the one that was said last counts, and another thing has
    its own name, unit and tax."""
    kept_ = dict(row)
    if "sku" in typed and typed["sku"] != row.get("sku"):
        kept_ = {name: value for name, value in kept_.items() if name in ("qty", "price", "discount", "note")}
    if "price" in typed and typed["price"] is not None:
        kept_.pop("discount", None)
    if "discount" in typed and typed["discount"] is not None:
        kept_.pop("price", None)
    return {**kept_, **typed}


def opened(act: Act, deal: Deal, quote: Quote | None) -> QuoteVersion:
    """The version that is edited: the draft, else the one in effect while nobody was shown it, else the next."""
    version = versions.to_edit(quote)
    if version is not None and version.frozen_at is None:
        return version
    return following(act, deal, quote, version)


def following(act: Act, deal: Deal, quote: Quote | None, source: QuoteVersion | None) -> QuoteVersion:
    """The next version, opened today with the lines of another at the prices of today."""
    today = act.business_day.isoformat()
    known = quote or numbered(act, deal)
    days = quoting(act.policy).valid_days
    made = versions.following(known, source, today, act.now, act.by, currency=deal.currency)
    if quote is None:
        made = replace(made, used_at=act.now)
    return made if source is not None else replace(made, valid_until=versions.valid_until(today, days))


def _kept(act: Act, deal: Deal, before: Quote | None, version: QuoteVersion, note: str | None) -> Outcome:
    quote = versions.with_version(before or _begun(act, deal), version)
    saved, deal, follows = kept(act, deal, before, quote, note=note)
    return outcome(act, deal, saved, next(each for each in saved.versions if each.number == version.number), follows)


def begun_like(act: Act, deal: Deal, source: QuoteVersion, note: str | None) -> Outcome:
    """The first version of a deal without a quote, with the lines and terms of another's, at the prices of today."""
    fresh = replace(opened(act, deal, None), terms=source.terms)
    return _kept(act, deal, None, replace(fresh, lines=priced(act, fresh, [said(line) for line in source.lines])), note)


def _begun(act: Act, deal: Deal) -> Quote:
    """A quote that begins, behind the versions of one that was withdrawn."""
    gone = numbered(act, deal)
    return blank(deal) if gone is None else replace(gone, standing=LIVE)


def said(line: Line) -> dict[str, Any]:
    """What was said of a line that is there already: what the list says is looked up again."""
    told = {name: getattr(line, name) for name in COLUMNS if getattr(line, name) is not None}
    if line.sku is not None:
        told.pop("cost", None)
        told["carried"] = told.pop("tax")
    return told


def priced(act: Act, version: QuoteVersion, rows: Sequence[Typed]) -> tuple[Line, ...]:
    """The lines with list, floor, cost and tax of the day on which their version was opened. Refused with everything
    that is wrong: a line that cannot be (2), or has no price (7)."""
    if len(rows) > MOST:
        raise UsageError(say("a quote has at most {most:,} lines", most=MOST))
    skus = sorted({row["sku"] for row in rows if row.get("sku")})
    known = act.door.find(Price, sku=skus, standing=LIVE) if skus else []
    in_force = of_day(known, version.opened_on)
    usual = next(iter(quoting(act.policy).taxes), 0)
    found, wrong, unpriced = [], list[Reason](), list[Reason]()
    for position, row in enumerate(rows, 1):
        price = in_force.get((row["sku"], version.currency)) if row.get("sku") else None
        line = _line(position, row, price, usual)
        if row.get("sku") and price is None:
            unpriced.append(no_price(known, line, version.currency, version.opened_on))
            continue
        wrong += [*versions.problems(line), *_hidden_behind(line, row, price)]
        found.append(line)
    if wrong:
        raise UsageError(say("{n} {n:value|values} of lines cannot be kept", n=len(wrong)), reasons=(*wrong, *unpriced))
    if unpriced:
        raise Refused(
            say("{n} {n:line has|lines have} no price", n=len(unpriced)), reasons=tuple(unpriced), slug=NO_PRICE
        )
    return tuple(found)


def _line(position: int, row: Typed, price: Price | None, usual: int) -> Line:
    """A line as it was said; of a thing on the list with what that says."""
    given = {name: row[name] for name in COLUMNS if row.get(name) is not None}
    given.setdefault("qty", ONE)
    if price is None:
        blank: dict[str, Any] = {"item": "", "tax": usual}
        return Line(position=position, **blank | given)
    listed = {"list": price.list, "floor": price.floor, "cost": price.cost}
    tax = price.tax if price.tax is not None else given.get("tax", row.get("carried", usual))
    told = {"item": price.name, "unit": price.unit} | given | listed | {"tax": tax}
    if told.get("price") is None and told.get("discount") is None:
        told["discount"] = 0
    return Line(position=position, **told)


def _hidden_behind(line: Line, row: Typed, price: Price | None) -> list[Reason]:
    """What was said of a listed line and stands on the list otherwise: one chooses price or discount only."""
    if price is None or rebate(line):
        return []
    what = say("line {position}", position=line.position)
    found = []
    if row.get("cost") is not None and row["cost"] != price.cost:
        fix = command("price", "set", price.sku, "--cost", "…")
        found.append(Reason(what, say("{sku}: its cost is that of the price list", sku=price.sku), fix))
    if row.get("tax") is not None and price.tax is not None and row["tax"] != price.tax:
        fix = command("price", "set", price.sku, "--tax", "…")
        found.append(Reason(what, say("{sku}: its tax is that of the price list", sku=price.sku), fix))
    return found
