"""The lines of a quote that the approvers of a request were shown, as data and as rows of its card."""

from collections.abc import Collection
from decimal import Decimal, localcontext
from typing import Any

from oppcli.model import money
from oppcli.model.quotes import PRICE_UNIT, QTY_UNIT, Line, Quote
from oppcli.model.quoting import GROSS, ORDINARY, Quoting
from oppcli.model.records import LIVE
from oppcli.model.requests import QUOTE, Request
from oppcli.model.said import say
from oppcli.rules.papers import called
from oppcli.rules.quotes import figures
from oppcli.rules.quotes.figures import EXACT, HUNDRED, PERCENT
from oppcli.rules.quotes.secrets import gone
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple
from oppcli.words import percents
from oppcli.words.unit_prices import decimal_of

COLUMNS = ("position", "sku", "item", "qty", "unit", "price", "discount", "amount", "floor", "margin")


class Shown(NamedTuple):
    """What approvers read of a quote."""

    version: str
    """`Q-142.1`."""
    currency: str
    lines: tuple[dict[str, Any], ...]
    """By column, in units and per cents; without what who reads may not see."""


def shown(door: ReadDoor, request: Request, quoting: Quoting | None, hidden: Collection[str]) -> Shown | None:
    """The version that the request names, else the one in effect; None where it names nothing of a quote. `door` sees
    what there is, `hidden` are the fields of deals that who reads does not have."""
    if not request.facts.names(QUOTE):
        return None
    quote = next(iter(door.find(Quote, id=request.deal_id, standing=LIVE)), None)
    if quote is None:
        return None
    named = request.facts.snapshot.get(QUOTE)
    version = next((each for each in reversed(quote.versions) if each.hash == named), quote.in_effect)
    if version is None:
        return None
    found = figures.figures(version.lines, version.currency, (quoting or ORDINARY).prices)
    secret = gone(hidden)
    lines = []
    for line, amount in zip(version.lines, found.amounts, strict=True):
        told = _line(line, amount, version.currency, gross=(quoting or ORDINARY).prices == GROSS)
        lines.append({name: told[name] for name in COLUMNS if name not in secret})
    return Shown(called(quote, version), version.currency, tuple(lines))


def _line(line: Line, amount: int, currency: str, *, gross: bool) -> dict[str, Any]:
    off = figures.line_discount(line)
    margin = line_margin(line, gross=gross)
    price = round(figures.unit_price(line) * PRICE_UNIT)
    return {
        "position": line.position,
        "sku": line.sku,
        "item": line.item,
        "qty": str(decimal_of("quantity", line.qty)),
        "unit": line.unit,
        "price": str(decimal_of("unit_price", price, currency)),
        "discount": None if off is None else off / 10_000,
        "amount": money.plain(amount, currency),
        "floor": None if line.floor is None else str(decimal_of("unit_price", line.floor, currency)),
        "margin": None if margin is None else margin / 10_000,
    }


def line_margin(line: Line, *, gross: bool) -> int | None:
    """Of one line as of a whole quote; None of a rebate, without a cost, and where nothing is left."""
    if figures.rebate(line) or line.cost is None:
        return None
    with localcontext(EXACT):
        net = figures.unit_price(line) * line.qty / QTY_UNIT
        if gross:
            net = net * HUNDRED / (HUNDRED + Decimal(line.tax) / PERCENT)
        cost = line.cost / PRICE_UNIT * line.qty / QTY_UNIT
        return int(((net - cost) / net * HUNDRED).quantize(figures.RATIO) * PERCENT) if net > 0 else None


def rows(found: Shown) -> tuple[tuple[str, ...], ...]:
    """As a card has them: `1  Spindle  12 set  57,800.00  15 %  floor 57,000.00  margin 29.0657 %  693,600.00`."""
    return tuple(_row(line, found.currency) for line in found.lines)


def _row(line: dict[str, Any], currency: str) -> tuple[str, ...]:
    def amount(name: str) -> str:
        value = line.get(name)
        return "" if value is None else f"{Decimal(value):,f}"

    def per_cent(name: str) -> str:
        value = line.get(name)
        return "" if value is None else percents.shown(round(value * 10_000))

    item = f"{line['sku']} {line['item']}" if line["sku"] and line["sku"] != line["item"] else line["item"]
    many = f"{line['qty']} {line['unit']}" if line["unit"] else line["qty"]
    floor, margin = amount("floor"), per_cent("margin")
    told = (
        *(str(line["position"]), item, many, amount("price"), per_cent("discount")),
        say("floor {amount}", amount=floor) if floor else "",
        say("margin {percent}", percent=margin) if margin else "",
        amount("amount"),
    )
    return tuple(told)
