"""The price list: prices set by hand, each from one day on."""

from collections.abc import Mapping
from typing import Any

from oppcli.actions.act import Act
from oppcli.actions.outcome import Outcome
from oppcli.errors import Lacking, Reason, UsageError
from oppcli.model.command import command
from oppcli.model.fields import LONGEST_KEY
from oppcli.model.noun import replace
from oppcli.model.quotes import Price
from oppcli.model.records import KEPT
from oppcli.model.refs import ref
from oppcli.model.said import listed, say
from oppcli.rules.quotes.prices import in_force, problems
from oppcli.words import percents, unit_prices

VERB = "price set"
CARRIED, WORTH = ("name", "unit", "tax"), ("list", "floor", "cost")
"""What the next price of a thing has from the one before, where it is not said: what it is called, and how it is
taxed; what it is worth only where another list price is not said."""


def set_price(act: Act, sku: str, given: Mapping[str, Any], *, currency: str, from_on: str) -> Outcome:
    """The price of a thing from a day on: `given` are its values, of which what is not there stays as it was. One that
    begins on the same day is changed. Refused (4) to who may not, and with everything that is wrong with it."""
    act.require(VERB, say("set prices"))
    saved, told = kept(act, sku, given, currency=currency, from_on=from_on)
    return Outcome(done=(told,), ids=(ref("price", saved.id),))


def kept(act: Act, sku: str, given: Mapping[str, Any], *, currency: str, from_on: str) -> tuple[Price, str]:
    """The price stored, and what is said of it."""
    sku = sku.strip()
    known = [] if not sku else act.door.find(Price, sku=sku, currency=currency, standing=KEPT)
    same = next((each for each in known if each.from_on == from_on), None)
    before = same or in_force(known, sku, currency, from_on)
    after = _next(act, sku, given, currency, from_on, before, same)
    _refuse(after)
    if same is None:
        saved = act.door.add(after)
        return saved, say("{price} added: {what}", price=ref("price", saved.id), what=described(saved))
    if after == same:
        return same, say("{price}: nothing to change", price=ref("price", same.id))
    saved = act.door.save(same, after)
    return saved, say("{price} changed: {what}", price=ref("price", saved.id), what=described(saved))


def _next(
    act: Act, sku: str, given: Mapping[str, Any], currency: str, from_on: str, before: Price | None, same: Price | None
) -> Price:
    """The price as it would be. Refused (2) without a list price."""
    if same is not None:
        return replace(same, **given)
    names = (*CARRIED, *WORTH) if given and given.get("list") is None else CARRIED
    told = {name: getattr(before, name) for name in names} if before is not None else {"name": sku}
    told |= {name: value for name, value in given.items() if value is not None}
    if told.get("list") is None:
        fix = command("price", "set", sku, "--list", "…")
        raise Lacking(say("{sku} needs a list price", sku=sku), reasons=(Reason("list", say("required")),), hint=fix)
    return Price(sku=sku, currency=currency, from_on=from_on, created_at=act.now, created_by=act.by, **told)


def _refuse(price: Price) -> None:
    """Refuse (2) with everything that is wrong with a price."""
    found = list(problems(price))
    for name in ("sku", "name"):
        text = getattr(price, name)
        if not text.strip():
            found.append(Reason(name, say("is empty")))
        elif len(text) > LONGEST_KEY:
            found.append(Reason(name, say("has more than {n} characters", n=LONGEST_KEY)))
    if price.list is None:
        found.append(Reason("list", say("required")))
    if found:
        raise UsageError(say("{sku}: the price cannot be kept", sku=price.sku), reasons=tuple(found))


def described(price: Price) -> str:
    """`P-100 Spindle, CNY 68,000.00 / set from 2026-01-01, 13 % tax`."""
    amount = say(
        "{currency} {list}", currency=price.currency, list=unit_prices.shown("unit_price", price.list, price.currency)
    )
    each = say("{amount} / {unit}", amount=amount, unit=price.unit) if price.unit else amount
    name = price.sku if price.name == price.sku else f"{price.sku} {price.name}"
    parts = [name, say("{price} from {day}", price=each, day=price.from_on)]
    if price.to_on is not None:
        parts.append(say("until {day}", day=price.to_on))
    if price.tax is not None:
        parts.append(say("{rate} tax", rate=percents.shown(price.tax)))
    return listed(parts)
