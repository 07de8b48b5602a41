"""What is known of a customer by its facts: the one that counts of each name, whether it still does, what it says."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from oppcli.model.facts import UNTIL, Fact, FactRule
from oppcli.model.money import to_major, to_minor
from oppcli.model.said import say
from oppcli.rules.owed import Convert


def newest(facts: Iterable[Fact]) -> dict[str, Fact]:
    """By name, the fact that counts: of the newest day, of one day what came last."""
    return {each.name: each for each in sorted(facts, key=lambda each: (each.as_of, each.id))}


def over(fact: Fact | None, rule: FactRule, day: str) -> str | None:
    """Why it says nothing on a day (ISO): there is none, it is too old, its last day is over; None while it counts."""
    return say("nobody said it") if fact is None else over_since(fact.value, fact.as_of, rule, day)


def over_since(value: str | None, as_of: str, rule: FactRule, day: str) -> str | None:
    """The same of a value that was said of a day."""
    if rule.type == UNTIL and value is not None and value < day:
        return say("its last day was {day}", day=value)
    if rule.fresh_days is not None and as_of < _least(rule.fresh_days, day):
        return say("it is of {day}, and good for {n} {n:day|days}", day=as_of, n=rule.fresh_days)
    return None


def _least(days: int, day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=days)).isoformat()


def value(fact: Fact, rule: FactRule, convert: Convert, currency: str) -> Any:
    """As conditions compare it; money in this currency, None where no rate leads there."""
    if rule.kind == "money":
        return _money(fact, convert, currency)
    if rule.kind in ("number", "int", "percent"):
        return Decimal(fact.value)
    if rule.kind == "bool":
        return fact.value == "true"
    return date.fromisoformat(fact.value) if rule.kind == "date" else fact.value


def _money(fact: Fact, convert: Convert, currency: str) -> Decimal | None:
    code = fact.currency or currency
    minor = to_minor(Decimal(fact.value), code)
    counted = minor if code == currency else convert(minor, code)
    return None if counted is None else to_major(counted, currency)


def values(
    facts: Mapping[str, Fact], rules: Mapping[str, FactRule], day: str, convert: Convert, currency: str
) -> dict[str, Any]:
    """By name, what the facts of a policy say on a day; None of what is missing, over or hidden."""
    seen = {name: fact for name, fact in facts.items() if fact.value is not None}
    return {
        name: None if over(seen.get(name), rule, day) else value(facts[name], rule, convert, currency)
        for name, rule in rules.items()
    }


def credit_left(
    limit: Decimal | None, receivable: Decimal | None, amount: Decimal | None, planned: bool
) -> Decimal | None:
    """The limit − what is outstanding − the amount of this deal, which is in that once it has instalments. Missing
    where one of these is."""
    if limit is None or receivable is None or (amount is None and not planned):
        return None
    return limit - receivable - (Decimal(0) if planned or amount is None else amount)
