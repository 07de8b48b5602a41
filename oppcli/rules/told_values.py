"""What a word of a gate that was not met read, and what that is: `customer.overdue is CNY 30,000.00`."""

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any

from oppcli.model import money
from oppcli.model.policy import Policy
from oppcli.model.said import label, listed, say
from oppcli.model.spaces import CUSTOMER, FLAGS, RISK, named, read_by
from oppcli.rules import fields
from oppcli.rules.approvals.figures import by_policy

STALE = "stale_fact"
"""By which programs know that something was said, and says nothing any more."""
Stale = Callable[[str], str]
"""Of a fact of the customer, why what was said of it says nothing any more; "" where nothing was, or it still does. Of
risk, what nobody knows."""


def unseen(name: str, policy: Policy, hidden: Collection[str]) -> bool:
    """Whether it is not there for who does not have these fields: facts of the customer go with amounts."""
    fact = name.startswith(f"{CUSTOMER}.") and name.partition(".")[2] in policy.facts
    return name in hidden or (fact and "amount" in hidden)


def values(word: str, facts: Mapping[str, Any], policy: Policy, currency: str, stale: Stale) -> tuple[str, str]:
    """Every fact of payments, of the customer and of risk that it reads, with its value in the deal's `currency` or the
    policy's, nothing where it reads none; and by which programs know that one of them is too old."""
    names = sorted(read_by(word) & named(policy))
    why = {name: stale(name) for name in names if facts.get(name) is None}
    told = (_one(name, facts.get(name), policy, currency, why.get(name, "")) for name in names)
    over = any(each for name, each in why.items() if name not in (RISK, FLAGS))
    return listed(told), STALE if over else ""


def _one(name: str, value: Any, policy: Policy, currency: str, why: str) -> str:
    if value is None and why:
        return say("{name} is missing: {why}", name=label(name), why=why)
    if value is None:
        return say("{name} is missing", name=label(name))
    kind = fields.field_kinds(policy).get(name, "text")
    return say(
        "{name} is {value}",
        name=label(name),
        value=shown(kind, value, policy.currency if by_policy(name) else currency),
    )


def shown(kind: str, value: Any, currency: str) -> str:
    """A value as people read it: `CNY 30,000.00`, `12.5 %`."""
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, Decimal):
        if kind == "money":
            return money.shown(money.to_minor(value, currency), currency)
        plain = format(value.normalize() + 0, "f")
        return f"{plain} %" if kind == "percent" else plain
    return str(value) or "–"
