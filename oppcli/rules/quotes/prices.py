"""The price list: which price is in force on a day, and what is wrong with one."""

from collections.abc import Iterable

from oppcli.errors import Reason
from oppcli.model.command import command
from oppcli.model.quotes import Line, Price
from oppcli.model.records import LIVE
from oppcli.model.said import say

NO_PRICE = "no_price"
"""By which programs know it."""


def in_force(prices: Iterable[Price], sku: str, currency: str, day: str) -> Price | None:
    """The one that counts on a day: of those that have begun and are not over the one that began last; None where there
    is none, which is never a price of 0."""
    there = [
        each
        for each in prices
        if (each.sku, each.currency, each.standing) == (sku, currency, LIVE) and covers(each, day)
    ]
    return max(there, key=lambda each: (each.from_on, each.id), default=None)


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
