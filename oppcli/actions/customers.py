"""Customers: added and edited."""

from collections.abc import Collection

from oppcli.actions import find, typed_records, values
from oppcli.actions.act import Act
from oppcli.actions.deals import owner_typed
from oppcli.actions.outcome import Outcome
from oppcli.actions.values import tagged
from oppcli.model.deals import Customer
from oppcli.model.noun import replace
from oppcli.model.refs import ref
from oppcli.model.said import listed, say
from oppcli.rules import rights
from oppcli.store import dealings
from oppcli.words.kinds import Reading


def add(
    act: Act, typed: values.Typed, *, reading: Reading, owner: str | None, tags: Collection[str], note: str | None
) -> Outcome:
    """A new customer, owned by `owner` or by whoever adds it; what a service adds nobody owns yet. Refused with
    everything that is wrong or missing (2)."""
    act.require("customer add", say("add customers"))
    login = owner_typed(act, owner) if owner else typed_records.owner_of_new(act)
    made = Customer(name="", key="", owner=login, created_at=act.now, created_by=act.by)
    made = replace(made, tags=tagged(act, (), tags, ())) if tags else made
    filled, reasons = typed_records.changed(act, "customer", made, typed, reading)
    values.refuse(say("the customer"), say("added"), reasons, new=True)
    kept = act.door.add(filled, meta={"reason": note} if note else None)
    name = ref("customer", kept.id)
    described = listed([kept.name, say("owner {owner}", owner=kept.owner or "-")])
    return Outcome(done=(say("{name} added: {described}", name=name, described=described),), ids=(name,))


def require(act: Act, verb: str, customer: Customer) -> None:
    """Refuse who may not do this to a customer, saying who may."""
    beside = dealings.of_customer(act.door, customer.id)
    name = ref("customer", customer.id)
    rights.require_of_customer(verb, name, act.me, act.people, owner=customer.owner, beside=beside)


def edit(
    act: Act,
    customer: Customer,
    typed: values.Typed,
    *,
    reading: Reading,
    owner: str | None = None,
    tags: Collection[str] = (),
    untags: Collection[str] = (),
    note: str | None = None,
) -> Outcome:
    """The customer with the typed values; one that becomes nobody's is protected no longer. Refused to who may not, for
    what was withdrawn, and with every value that cannot be kept."""
    find.require_kept("customer", customer)
    require(act, "customer edit", customer)
    after, reasons = typed_records.changed(act, "customer", customer, typed, reading)
    name = ref("customer", customer.id)
    values.refuse(name, say("changed"), reasons)
    if owner is not None:
        require(act, "customer assign", customer)
        after = _owned(after, owner_typed(act, owner))
    if tags or untags:
        after = replace(after, tags=tagged(act, customer.tags, tags, untags))
    if after == customer:
        return Outcome(done=(say("{name}: nothing to change", name=name),), ids=(name,))
    saved = act.door.save(customer, after, meta={"reason": note} if note else None)
    lines = typed_records.differences(act, "customer", customer, saved)
    done = say("{name} {title}: {lines}", name=name, title=saved.name, lines=lines)
    freed = customer.protected_until is not None and saved.protected_until is None
    said = (say("{name} {title} is no longer protected", name=name, title=saved.name),) if freed else ()
    if saved.quiet_until != customer.quiet_until:
        from oppcli.actions import left_in_peace

        said = (*said, *left_in_peace.still_planned(act, saved))
    return Outcome(done=(done,), ids=(name,), details=said)


def _owned(customer: Customer, owner: str | None) -> Customer:
    """The customer in other hands, with what protects it; in nobody's nobody protects it."""
    return replace(customer, owner=owner, protected_until=None if owner is None else customer.protected_until)
