"""What a policy names of a deal besides its fields: each value as exports tell it, and how it came about."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from oppcli.actions import owing
from oppcli.actions.act import Look
from oppcli.actions.dotted import Dotted, dotted
from oppcli.actions.payments import described
from oppcli.actions.risk_now import scored
from oppcli.model import money
from oppcli.model.deals import Deal
from oppcli.model.facts import Fact, FactRule
from oppcli.model.payments import RECEIVED, Payment
from oppcli.model.policy import Policy
from oppcli.model.refs import ref
from oppcli.model.said import Word, listed, say
from oppcli.model.spaces import CREDIT_LEFT, CREDIT_LIMIT, CUSTOMER, FLAGS, PAYMENT, RISK, has_risk, known, space_of
from oppcli.rules import known as facts
from oppcli.rules import ledger, risk
from oppcli.rules.ledger import Ledger
from oppcli.rules.told_values import shown

Part = tuple[str, str, str]
"""What it is made of, what that is, and more of it."""


def names(policy: Policy) -> Mapping[str, str]:
    """Name → kind of all that is not of a quote; risk itself is a field."""
    return {name: kind for name, kind in known(policy).items() if not space_of(name)}


def values(look: Look, number: int) -> Mapping[str, str]:
    """By name, what it is of a deal now: `30000.00`, `true`; without what is missing."""
    policy, deal = look.policy, look.door.get(Deal, number)
    there = names(policy)
    found = dict(dotted(look).of(deal, policy, there.keys() - {FLAGS}))
    if has_risk(policy):
        found |= risk.told(scored(look, deal, policy))
    kinds = {**there, RISK: "int"}
    return {
        name: _plain(kinds[name], each, _code(name, deal, policy)) for name, each in found.items() if each is not None
    }


def _code(name: str, deal: Deal, policy: Policy) -> str:
    return deal.currency if name.startswith(f"{PAYMENT}.") else policy.currency


def _plain(kind: str, value: Any, currency: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if kind == "money":
        return money.plain(money.to_minor(value, currency), currency)
    return format(value.normalize() + 0, "f") if isinstance(value, Decimal) else str(value)


def parts(look: Look, number: int, name: str) -> list[Part]:
    """What a value is made of: of a score each rule, of a sum each deal, of a fact what was said."""
    deal, found = look.door.get(Deal, number), dotted(look)
    if name in (RISK, FLAGS):
        return list(_rules(look, deal))
    if name == CREDIT_LEFT:
        return list(_credit(look, deal, found))
    if name.startswith(f"{PAYMENT}."):
        return list(_paid(found, deal, name.partition(".")[2]))
    if deal.customer_id is None:
        return []
    short = name.partition(".")[2]
    if name.startswith(f"{CUSTOMER}.") and short in look.policy.facts:
        return list(_said(found, deal.customer_id, short, look.policy.facts[short]))
    return [(each, told, "") for each, told in found.by_deal(deal, name)]


def _paid(found: Dotted, deal: Deal, name: str) -> Iterator[Part]:
    """Of what was planned each instalment, of what came each receipt, of what is owed what is unpaid."""
    rows = found.ask(lambda door: door.find(Payment, deal_id=deal.id, voided_at=None))
    ledgers = found.ask(lambda door: owing.of_deal(door, deal.id, found.day))
    for each in sorted(rows, key=lambda row: (row.on or ledger.NEVER, row.id)):
        told = _adds(each, ledgers[each.currency], name, found.day)
        if told:
            yield ref("payment", each.id), told, described(each)


def _adds(payment: Payment, of: Ledger, name: str, day: str) -> str:
    """What an instalment or a receipt adds to a sum of its deal; "" for nothing."""
    late = ledger.days_late(payment.on, day)
    if name == "received" and payment.kind == RECEIVED and (payment.on or ledger.NEVER) <= day:
        return money.shown(payment.amount, payment.currency)
    if name == "received" or payment.kind == RECEIVED:
        return ""
    unpaid = payment.amount if name == "planned" else of.open[payment.id]
    if not unpaid or (not late and name in ("overdue", "late_days")):
        return ""
    return str(late) if name == "late_days" else money.shown(unpaid, payment.currency)


def _rules(look: Look, deal: Deal) -> Iterator[Part]:
    for part in scored(look, deal, look.policy).parts:
        state = "open" if part.true is None else "true" if part.true else "false"
        missing = say("{fields}: no value", fields=listed(part.empty)) if part.empty else ""
        told = say("{state}, {points} {points:point|points}", state=Word("truth", state), points=part.points)
        yield part.name or part.when, told, missing or (part.when if part.name else "")


def _credit(look: Look, deal: Deal, found: Dotted) -> Iterator[Part]:
    wanted = (CREDIT_LIMIT, f"{CUSTOMER}.receivable")
    of = found.of(deal, look.policy, wanted)
    for name in wanted:
        yield name, _shown(of[name], look.policy.currency), ""
    amount = None if deal.amount is None else money.to_major(deal.amount, deal.currency)
    told = say("in the receivable, for it has instalments") if found.planned(deal) else ""
    yield ref("deal", deal.id), _shown(amount, deal.currency), told


def _shown(value: Any, currency: str) -> str:
    return say("missing") if value is None else shown("money", value, currency)


def _said(found: Dotted, customer: int, name: str, rule: FactRule) -> Iterator[Part]:
    fact: Fact | None = found.said(customer).get(name)
    over = facts.over(fact, rule, found.day)
    if fact is None:
        yield name, say("missing"), over or ""
        return
    value = fact.value if fact.currency is None else shown("money", Decimal(fact.value), fact.currency)
    told = [say("as of {day}", day=fact.as_of), *([fact.source] if fact.source else []), *([over] if over else [])]
    yield ref("fact", fact.id), value, listed(told)
