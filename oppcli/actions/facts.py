"""What conditions about relations read of deals and customers: their fields, and how they have been dealt with."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from oppcli.actions.act import Look
from oppcli.model.deals import DECIDERS, Customer, Deal
from oppcli.model.fields import Field
from oppcli.model.policy import Policy
from oppcli.rules import fields, filling, idling, record_fields, relation_facts
from oppcli.store import deal_facts

Facts = Mapping[str, Any]


def of_deal(look: Look, deal: Deal, read: Collection[str]) -> Facts:
    """What conditions that read these names read of a deal, be it stored or not yet."""
    return of_deals(look, [deal], read)[deal.id]


def of_deals(look: Look, deals: Sequence[Deal], read: Collection[str]) -> dict[int, Facts]:
    """By deal, what conditions that read these names read of it. What is not read is not looked up."""
    policy = look.policy
    known = fields.fields(policy)
    among = {name: known[name] for name in read if name in known}
    names = _customers(look, deals) if "customer" in read else {}
    dealings = _dealings(look, deals, read)
    weights = filling.weights(policy.sheets, known, "deal") if "completeness" in read else None
    beside = _beside(look, deals, read)
    found: dict[int, Facts] = {}
    for deal in deals:
        customer = names.get(deal.customer_id or 0)
        plain = fields.facts(deal, policy, customer=customer, probability=_probability(deal, policy), among=among)
        found[deal.id] = {
            **(plain if deal.currency == policy.currency else _converted(look, deal, plain)),
            **beside.get(deal.id, {}),
            **_stage(deal, policy),
            **dealings.get(deal.id, {}),
            **_complete(deal, known, weights),
        }
    return found


def _beside(look: Look, deals: Sequence[Deal], read: Collection[str]) -> Mapping[int, Facts]:
    """What they read of payments and customers; risk is a score itself, and not read here."""
    wanted = frozenset(name for name in read if name.startswith(("payment.", "customer.")))
    if not wanted:
        return {}
    from oppcli.actions.dotted import dotted

    policy = look.policy
    found = {deal.id: dotted(look).of(deal, policy, wanted) for deal in deals}
    other = [deal for deal in deals if deal.currency != policy.currency]
    return {**found, **{deal.id: _converted(look, deal, found[deal.id]) for deal in other}}


def _converted(look: Look, deal: Deal, plain: Facts) -> Facts:
    """What is money in the policy's currency, by the rate of today; unknown without one."""
    from oppcli.actions.rates import decimal
    from oppcli.rules.approvals.world import converted

    return converted(plain, look.policy, deal.currency, decimal(look, deal.currency))


def _dealings(look: Look, deals: Sequence[Deal], read: Collection[str]) -> Mapping[int, Facts]:
    """How the deals have been dealt with, where that is read."""
    if not relation_facts.OF_DEALS.keys() & set(read) - {"kind", "completeness"}:
        return {}
    stored = [deal.id for deal in deals if deal.id]
    found = deal_facts.of_deals(look.door, stored, idling.touching(look.policy), look.now) if stored else {}
    return {**found, **{deal.id: _new(look, deal) for deal in deals if not deal.id}}


def _new(look: Look, deal: Deal) -> Facts:
    """Of a deal that is just being entered: nobody was in touch about it."""
    roles = [each.role.casefold() for each in deal.contacts if each.role]
    return {
        "touches_30d": 0,
        "idle_days": 0,
        "days_in_stage": 0,
        "contacts": len(deal.contacts),
        "deciders": sum(role in DECIDERS for role in roles),
        "customer_won_deals": deal_facts.won_deals(look.door, deal.customer_id) if deal.customer_id else 0,
    }


def _customers(look: Look, deals: Sequence[Deal]) -> dict[int, str]:
    wanted = sorted({deal.customer_id for deal in deals if deal.customer_id is not None})
    return {each.id: each.name for each in look.door.find(Customer, id=wanted)} if wanted else {}


def _probability(deal: Deal, policy: Policy) -> int | None:
    stage = policy.stage(deal.stage)
    return None if stage is None else stage.probability


def _stage(deal: Deal, policy: Policy) -> Facts:
    stage = policy.stage(deal.stage)
    return {"stage": deal.stage, "owner": deal.owner, "kind": stage.kind if stage is not None else None}


def _complete(deal: Deal, known: Mapping[str, Field], weights: Mapping[str, int] | None) -> Facts:
    """How complete it is, by these weights of its fields; nothing without, for nobody reads it."""
    if weights is None:
        return {}
    values = {name: fields.stored(deal, known[name]) for name in weights if name in known}
    share = filling.filling(weights, values).share
    return {"completeness": None if share is None else share * 100}


def of_customer(look: Look, customer: Customer, read: Collection[str]) -> Facts:
    """What conditions that read these names read of a customer."""
    return of_customers(look, [customer], read)[0][customer.id]


def of_customers(look: Look, customers: Sequence[Customer], read: Collection[str]) -> tuple[dict[int, Facts], int]:
    """By customer, what conditions that read these names read of it; and how many of their won deals are in other
    currencies from which no rate leads to the policy's, so that their money is left out."""
    policy = look.policy
    known = fields.of_team("customer", policy)
    among = {name: field for name, field in known.items() if name in read}
    dealings: Mapping[int, Facts] = {}
    left_out = 0
    if relation_facts.OF_CUSTOMERS.keys() & set(read):
        ids, kinds = [each.id for each in customers], idling.touching(policy)
        from oppcli.actions.rates import converter

        by = converter(look)
        dealings = deal_facts.of_customers(look.door, ids, kinds, look.now, policy.currency, by.minor)
        left_out = sum(by.without.values())
    found: dict[int, Facts] = {
        each.id: {**record_fields.of_record(each, among, policy), **dealings.get(each.id, {})} for each in customers
    }
    return found, left_out
