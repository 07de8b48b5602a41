"""Cadences of customers without a live deal: the next contact is planned when the last deal ends, and given up when one
begins."""

from oppcli.actions.act import CLOSED, Act, Cause
from oppcli.actions.follow_ups import described, facts_of_customer, usual_title
from oppcli.actions.plans import opened
from oppcli.model.deals import Customer
from oppcli.model.follow import CANCELLED, FOLLOW, OPEN, Task
from oppcli.model.records import KEPT
from oppcli.model.refs import ref
from oppcli.model.relations import OF_CUSTOMER
from oppcli.model.said import say
from oppcli.rules import promising
from oppcli.store.followed import live_deals


def followed(act: Act, cause: Cause) -> tuple[str, ...]:
    """Plan the next contact with the customer of a deal that is closed, where it was the last one; give up what the
    cadence planned where it has a live one again. Nothing where people planned something themselves."""
    deal = cause.deal
    if deal is None or deal.customer_id is None:
        return ()
    found = act.door.find(Task, customer_id=deal.customer_id, deal_id=None, kind=FOLLOW, state=OPEN, standing=KEPT)
    if cause.what != CLOSED:
        for task in found:
            if task.origin == promising.CADENCE:
                act.door.save(task, promising.ended(task, CANCELLED, act.now, act.by), action="cancel")
        return ()
    if found or live_deals(act.door, customer=deal.customer_id):
        return ()
    customer = act.door.get(Customer, deal.customer_id)
    cadence = promising.cadence(act.policy.follow.cadences, OF_CUSTOMER, facts_of_customer(act, customer))
    due = promising.next_by(cadence, act.now, act.policy.hours())
    if due is None:
        return ()
    due = promising.not_before(due, customer.quiet_until, act.local)
    made = opened(act, usual_title(act), customer=customer.id, on=due.day, at=due.at, origin=promising.CADENCE)
    task = act.door.add(made)
    return (
        say(
            "next for {customer}: {step} ({task})",
            customer=f"{ref('customer', customer.id)} {customer.name}",
            step=described(act, task),
            task=ref("task", task.id),
        ),
    )
