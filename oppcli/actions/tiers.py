"""Tiers of customers by the rules of the policy; a new deal takes that of its customer."""

from collections.abc import Iterator, Sequence

from oppcli.actions import facts, waking
from oppcli.actions.act import CAPTURED, CLOSED, REOPENED, Act, Cause
from oppcli.actions.waking import Kind
from oppcli.model.deals import Customer
from oppcli.model.noun import replace
from oppcli.model.records import LIVE
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.rules import conditions, segments

TIER = "tier"
"""The action."""


def followed(act: Act, cause: Cause) -> tuple[str, ...]:
    """The tier of the customer, as it is by a deal that was closed or reopened; that of a new deal, which is its
    customer's."""
    deal = cause.deal
    if deal is None or deal.customer_id is None:
        return ()
    if cause.what in (CLOSED, REOPENED):
        return tuple(again(act, [deal.customer_id]))
    if cause.what == CAPTURED and deal.tier is None:
        tier = act.door.get(Customer, deal.customer_id).tier
        if tier is not None:
            act.door.save(deal, replace(deal, tier=tier), action=TIER)
            return (say("{deal}: tier {tier}, as its customer", deal=ref("deal", deal.id), tier=tier),)
    return ()


def daily_tiers() -> Kind:
    """Once a day and for each policy all customers; else those that came since."""
    return Kind("customer", lambda look: waking.due_daily(look, waking.CUSTOMERS), _wake, table="tier")


def _wake(act: Act, numbers: Sequence[int]) -> Iterator[str]:
    yield from again(act, [number for number in numbers if number])
    waking.done_daily(act, waking.CUSTOMERS, numbers)


def again(act: Act, numbers: Sequence[int]) -> Iterator[str]:
    """The tiers of these customers anew; a line for each that changed, and one for won deals whose money is in other
    currencies."""
    customers = act.door.find(Customer, id=list(numbers), standing=LIVE) if numbers else []
    if not customers:
        return
    tiers = act.policy.tiers
    read = frozenset[str]().union(*(conditions.reads(rule.when) for rule in tiers))
    found, foreign = facts.of_customers(act, customers, read)
    for customer in customers:
        tier = segments.tier(tiers, found[customer.id])
        if tier != customer.tier:
            act.door.save(customer, replace(customer, tier=tier), action=TIER)
            old, new = customer.tier or "-", tier or "-"
            name = ref("customer", customer.id)
            yield say("{name} {title}: tier {old} → {new}", name=name, title=customer.name, old=old, new=new)
    if foreign and "won_amount_365" in read:
        yield say("note: {n} won {n:deal|deals} in currencies without a rate left out of won_amount_365", n=foreign)
