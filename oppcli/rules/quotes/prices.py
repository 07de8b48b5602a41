"""The price list: which price is in force on a day, and what is wrong with one."""

from collections.abc import Iterable

from oppcli.errors import Reason
from oppcli.model.command import command
from oppcli.model.quotes import Line, Price, QuoteVersion
from oppcli.model.records import LIVE
from oppcli.model.said import say
from oppcli.rules.quotes import figures

NO_PRICE = "no_price"
"""By which programs know it."""


def of_day(prices: Iterable[Price], day: str) -> dict[tuple[str, str], Price]:
    """(sku, currency) → the one that counts on a day: of those that have begun and are not over the one that began
    last; nothing where there is none, which is never a price of 0. Each price is looked at once."""
    found: dict[tuple[str, str], Price] = {}
    for each in prices:
        if each.standing != LIVE or not covers(each, day):
            continue
        other = found.get((each.sku, each.currency))
        if other is None or (each.from_on, each.id) > (other.from_on, other.id):
            found[each.sku, each.currency] = each
    return found


def in_force(prices: Iterable[Price], sku: str, currency: str, day: str) -> Price | None:
    """The one of a thing that counts on a day; None where there is none."""
    return of_day((each for each in prices if (each.sku, each.currency) == (sku, currency)), day).get((sku, currency))


def skus(lines: Iterable[Line]) -> list[str]:
    """The things of the list in these lines, each once."""
    return sorted({line.sku for line in lines if line.sku})


def stale(version: QuoteVersion, prices: Iterable[Price], day: str) -> tuple[int, ...]:
    """Positions of lines whose list, floor or cost is another on that day, or that have no price then. `prices`: at
    least all of the things in its lines."""
    there = ((sku, each) for (sku, code), each in of_day(prices, day).items() if code == version.currency)
    return figures.stale(version.lines, {sku: (each.list, each.floor, each.cost) for sku, each in there})


def covers(price: Price, day: str) -> bool:
    """Whether it has begun by that day and is not over."""
    return price.from_on <= day and (price.to_on is None or price.to_on >= day)


def no_price(prices: Iterable[Price], line: Line, currency: str, day: str) -> Reason:
    """Why a line has no price that day: expired, not begun, in another currency only, or not on the list at all."""
    what = say("line {position} {sku}", position=line.position, sku=line.sku or "")
    known = [each for each in prices if each.sku == line.sku and each.standing == LIVE]
    ours = [each for each in known if each.currency == currency]
    fix = command("price", "set", line.sku or "", "--list", "…", "--currency", currency)
    if not known:
        return Reason(what, say("is on no price list"), command("price", "list"), NO_PRICE)
    if not ours:
        other = known[0].currency
        return Reason(
            what, say("has a price in {other} only, not in {currency}", other=other, currency=currency), fix, NO_PRICE
        )
    over = [each.to_on for each in ours if each.to_on is not None and each.to_on < day]
    if over:
        return Reason(what, say("has had no price since {day}", day=max(over)), fix, NO_PRICE)
    begins = min(each.from_on for each in ours)
    return Reason(what, say("has a price from {begins} on only, not on {day}", begins=begins, day=day), fix, NO_PRICE)


def problems(price: Price) -> tuple[Reason, ...]:
    """Everything that is wrong with a price."""
    found = [
        Reason(name, say("is below zero")) for name in ("list", "floor", "cost") if (getattr(price, name) or 0) < 0
    ]
    if price.to_on is not None and price.to_on < price.from_on:
        found.append(Reason("to", say("{to} is before {begins}", to=price.to_on, begins=price.from_on)))
    if price.floor is not None and price.floor > price.list:
        found.append(Reason("floor", say("is above the list price")))
    if price.tax is not None and not 0 <= price.tax <= 1_000_000:
        found.append(Reason("tax", say("is no rate from 0 to 100 %")))
    return tuple(found)
