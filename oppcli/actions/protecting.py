"""Customers that somebody keeps from claims for a while: so many, for so many days."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from oppcli.actions.act import Act, Look
from oppcli.actions.customers import require
from oppcli.actions.find import require_kept
from oppcli.actions.outcome import Outcome
from oppcli.actions.telling import tell
from oppcli.errors import Conflict, PolicyError, Reason
from oppcli.model.command import command
from oppcli.model.deals import Customer
from oppcli.model.notices import Notice
from oppcli.model.noun import replace
from oppcli.model.refs import ref
from oppcli.model.relations import Protection
from oppcli.model.said import say
from oppcli.store import lingering
from oppcli.words import zones

VERB = "customer protect"


def protect(act: Act, customer: Customer, *, off: bool = False, note: str | None = None) -> Outcome:
    """Nobody else claims it or its deals, and none of them goes back to the pool, for as many days as the policy says;
    `off` ends that. Refused (8) where the policy protects none, (5) for what is nobody's, is protected already, or is
    one more than somebody may protect, with the day on which the first of those ends."""
    rule = act.policy.assign.protect if act.policy.assign else None
    if rule is None:
        raise PolicyError(say("the policy protects no customers"), hint=command("help", "policy"))
    name = ref("customer", customer.id)
    require_kept("customer", customer)
    if customer.owner is None:
        raise Conflict(say("{name} is nobody's", name=name), hint=command("claim", name))
    require(act, VERB, customer)
    if off:
        return _ended(act, customer, note)
    _require_one_more(act, customer, rule)
    zone = act.policy.hours().timezone
    until = zones.midnight(zones.today(act.now, zone) + timedelta(days=rule.days), zone)
    meta = {"reason": note} if note else None
    saved = act.door.save(customer, replace(customer, protected_until=until), action="protect", meta=meta)
    done = say("{name} {title} is protected until {when}", name=name, title=saved.name, when=act.when(until))
    return Outcome(done=(done,), ids=(name,))


def _ended(act: Act, customer: Customer, note: str | None) -> Outcome:
    name = ref("customer", customer.id)
    if customer.protected_until is None:
        return Outcome(done=(say("{name} is not protected", name=name),), ids=(name,))
    meta = {"reason": note} if note else None
    act.door.save(customer, replace(customer, protected_until=None), action="protect", meta=meta)
    return Outcome(done=(say("{name} {title} is no longer protected", name=name, title=customer.name),), ids=(name,))


def _require_one_more(act: Act, customer: Customer, rule: Protection) -> None:
    name, owner = ref("customer", customer.id), customer.owner or ""
    if customer.protected_until is not None and customer.protected_until > act.now:
        raise Conflict(say("{name} is protected until {when}", name=name, when=act.when(customer.protected_until)))
    held = lingering.protected(act.door, owner, act.now)
    if len(held) >= rule.max:
        first, number = held[0]
        raise Conflict(
            say("{owner} protects {n} of {most} customers", owner=owner, n=len(held), most=rule.max),
            reasons=(Reason(ref("customer", number), say("until {when}", when=act.when(first))),),
            hint=command("customer", "protect", ref("customer", number), "--off"),
        )


def due(look: Look) -> list[int]:
    """Customers whose protection is over."""
    return lingering.unprotected(look.door, look.now)


def woken(act: Act, numbers: Iterable[int]) -> Iterator[str]:
    """They are free to be claimed, and who protected them hears of it."""
    for customer in act.door.find(Customer, id=list(numbers)):
        if customer.protected_until is None or customer.protected_until > act.now:
            continue
        act.door.save(customer, replace(customer, protected_until=None), action="tick")
        name = ref("customer", customer.id)
        said = say("{name} {title} is no longer protected", name=name, title=customer.name)
        if customer.owner is not None:
            tell(
                act, [customer.owner], Notice(to="", kind="protection", customer_id=customer.id, text=said), myself=True
            )
        yield said
