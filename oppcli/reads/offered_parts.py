"""How a fact of a deal's quote or contract came about: its lines and rates of tax, the version it is of."""

from collections.abc import Iterator
from decimal import Decimal

from oppcli.model import money
from oppcli.model.contracts import Contract
from oppcli.model.quotes import Line, Quote, QuoteVersion
from oppcli.model.records import LIVE
from oppcli.model.refs import ref
from oppcli.model.said import Word, say
from oppcli.model.spaces import CONTRACT, KINDS, QUOTE, space_of
from oppcli.reads import contract_facts, quote_facts
from oppcli.reads.dotted import told
from oppcli.reads.quoted_lines import come_to
from oppcli.reads.table import Frame, Table
from oppcli.rules.quotes import figures
from oppcli.rules.quotes.figures import Figures
from oppcli.store.doors import ReadDoor
from oppcli.words import percents, unit_prices

Part = tuple[str, str | None, str | None]
COUNTED = ("below_floor", "unlisted", "costless")


def came_about(door: ReadDoor, deal: int, name: str, frame: Frame) -> Table:
    """What it is made of (part, what that is, more of it), and what it is now."""
    of_quote = space_of(name) == QUOTE
    known = (quote_facts if of_quote else contract_facts).values(door, deal, frame)
    parts = _of_quote(door, deal, name, frame) if of_quote else _of_contract(door, deal, name, known, frame)
    return told(deal, name, known.get(name), parts)


def _of_quote(door: ReadDoor, deal: int, name: str, frame: Frame) -> Iterator[Part]:
    quote = next(iter(door.find(Quote, id=deal, standing=LIVE)), None)
    version = quote.in_effect if quote is not None else None
    if quote is None or version is None:
        yield QUOTE, say("there is none"), None
        return
    short, found = name.partition(".")[2], come_to(version, frame)
    value = quote_facts.values(door, deal, frame).get(name)
    yield f"{ref('quote', quote.id)}.{version.number}", _shown(name, value, version.currency), None
    if short in ("net", "tax", "gross", "discount", "max_discount", "margin", "lines", *COUNTED):
        yield from _lines(version, found, short)
    if short in ("tax", "gross"):
        for each in found.taxes:
            base, due = (money.shown(amount, version.currency) for amount in (each.net, each.tax))
            yield say("Tax {rate}", rate=percents.shown(each.rate)), due, say("of {base}", base=base)


def _lines(version: QuoteVersion, found: Figures, short: str) -> Iterator[Part]:
    """The lines that a figure is made of, each with its part of it."""
    of = {each: getattr(found, each) for each in COUNTED}
    for line, amount in zip(version.lines, found.amounts, strict=True):
        if short in of and line.position not in of[short]:
            continue
        told = money.shown(amount, version.currency)
        yield say("line {position}", position=line.position), _value(line, short, told), line.item


def _value(line: Line, short: str, amount: str) -> str | None:
    if short in ("discount", "max_discount"):
        off = figures.line_discount(line)
        return None if off is None else percents.shown(off)
    if short == "margin":
        cost = None if line.cost is None else unit_prices.shown("unit_price", line.cost)
        if cost is None:
            return amount
        qty = unit_prices.shown("quantity", line.qty)
        return say("{amount}, at a cost of {qty} × {cost}", amount=amount, qty=qty, cost=cost)
    return amount


def _of_contract(door: ReadDoor, deal: int, name: str, known: dict[str, str], frame: Frame) -> Iterator[Part]:
    contract = next(iter(door.find(Contract, id=deal, standing=LIVE)), None)
    version = contract.in_effect if contract is not None else None
    if contract is None or version is None:
        yield CONTRACT, say("there is none"), None
        return
    called, short = f"{ref('contract', contract.id)}.{version.number}", name.partition(".")[2]
    if short == "difference":
        amount, gross = known.get("contract.amount"), quote_facts.values(door, deal, frame).get("quote.gross")
        yield "contract.amount", _shown(name, amount, version.currency), called
        yield "quote.gross", _shown(name, gross, version.currency), None
        return
    yield called, _shown(name, known.get(name), version.currency), version.file
    if short in ("clauses_open", "deviations"):
        for each in version.clauses:
            yield each.name, Word("clause", each.state), each.text


def _shown(name: str, plain: str | None, currency: str) -> str | None:
    """A fact as people read it, which exports tell plainly."""
    kind = KINDS[name]
    if plain is not None and kind == "money":
        return money.shown(money.to_minor(Decimal(plain), currency), currency)
    return plain if plain is None or kind != "percent" else f"{plain} %"
