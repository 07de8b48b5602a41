"""What points to a record points to another: its deals, contacts, activities, tasks, files, who watches it."""

from collections.abc import Iterable, Mapping
from typing import Any

from oppcli.actions.act import Act
from oppcli.actions.promises import ENDED
from oppcli.model import reasons
from oppcli.model.deals import Contact, Deal, File, Participant
from oppcli.model.facts import Fact
from oppcli.model.follow import CANCELLED, FOLLOW, OPEN, Activity, Proposal, Task, Watch
from oppcli.model.notices import Notice
from oppcli.model.noun import replace
from oppcli.model.nouns import BY_CLASS
from oppcli.model.payments import Payment
from oppcli.model.records import WITHDRAWN
from oppcli.model.requests import LIVE_STATES, Request
from oppcli.rules.promising import ended

ONE_BY_ONE = 50
"""More than these are written in one go."""
POINTING: Mapping[str, tuple[tuple[type, str], ...]] = {
    "customer": (
        (Deal, "customer_id"),
        (Contact, "customer_id"),
        (Activity, "customer_id"),
        (Task, "customer_id"),
        (Payment, "customer_id"),
        (Fact, "customer_id"),
        (Proposal, "customer_id"),
    ),
    "contact": (),
    "deal": (
        (File, "deal_id"),
        (Activity, "deal_id"),
        (Task, "deal_id"),
        (Payment, "deal_id"),
        (Proposal, "deal_id"),
        (Deal, "renewal_of"),
        (Deal, "origin"),
        (Request, "deal_id"),
    ),
}


def repoint(act: Act, noun: str, old: int, new: int, meta: Mapping[str, Any]) -> dict[str, int]:
    """Everything that points to `old` points to `new`; returns how many of each noun. Approved and ended requests stay
    where they are, and tasks that belong to the deal's own course end."""
    told: dict[str, int] = {}
    for kind, field in POINTING[noun]:
        found: list[Any] = act.door.find(kind, **{field: old})
        if kind is Request:
            found = [each for each in found if each.state in LIVE_STATES]
        if kind is Task and noun == "deal":
            found = _without_ended(act, found, new, meta)
        _save(act, [(each, replace(each, **{field: new})) for each in found], meta)
        told[BY_CLASS[kind.__name__].word] = len(found)
    if noun == "contact":
        told |= _of_contact(act, old, new, meta)
    _watches(act, noun, old, new, meta)
    _unread(act, noun, old, new, meta)
    return told


def _save(act: Act, pairs: Iterable[tuple[Any, Any]], meta: Mapping[str, Any]) -> None:
    some = list(pairs)
    if len(some) > ONE_BY_ONE:
        act.door.save_many(some, action="merge", meta=meta)
        return
    for before, after in some:
        act.door.save(before, after, action="merge", meta=meta)


def _unread(act: Act, noun: str, old: int, new: int, meta: Mapping[str, Any]) -> None:
    """What somebody has still to read is about the survivor: with the other it would be seen nowhere any more."""
    if noun != "contact":
        field = f"{noun}_id"
        found = act.door.find(Notice, **{field: old}, read_at=None)
        _save(act, [(each, replace(each, **{field: new})) for each in found], meta)


def _without_ended(act: Act, tasks: Iterable[Task], new: int, meta: Mapping[str, Any]) -> list[Task]:
    """The tasks that go on with the survivor, a next step where it has none; the others are cancelled."""
    planned = any(task.standing != WITHDRAWN for task in act.door.find(Task, deal_id=new, kind=FOLLOW, state=OPEN))
    kept = []
    for task in tasks:
        if task.kind not in ENDED or (task.kind == FOLLOW and not planned):
            kept.append(task)
        elif task.state == OPEN:
            over = ended(task, CANCELLED, act.now, act.by, why=reasons.MERGED.filled(into=meta["into"]))
            act.door.save(task, over, action="merge", meta=meta)
    return kept


def _of_contact(act: Act, old: int, new: int, meta: Mapping[str, Any]) -> dict[str, int]:
    """The deals and activities that a contact has part in."""
    from oppcli.store.alike import with_contact

    deals, activities = with_contact(act.door, old)
    pairs: list[tuple[Any, Any]] = []
    for deal in act.door.find(Deal, id=deals) if deals else ():
        pairs.append((deal, replace(deal, contacts=_renamed(deal.contacts, old, new))))
    for activity in act.door.find(Activity, id=activities) if activities else ():
        numbers = dict.fromkeys(new if each == old else each for each in activity.contacts)
        pairs.append((activity, replace(activity, contacts=tuple(numbers))))
    for before, after in pairs:
        act.door.save(before, after, action="merge", meta=meta)
    return {"deal": len(deals), "activity": len(activities)}


def _renamed(contacts: tuple[Participant, ...], old: int, new: int) -> tuple[Participant, ...]:
    """The same people; who is there twice then is there once, as what the survivor was there as."""
    there = {each.contact_id for each in contacts}
    if new in there:
        return tuple(each for each in contacts if each.contact_id != old)
    return tuple(replace(each, contact_id=new) if each.contact_id == old else each for each in contacts)


def _watches(act: Act, noun: str, old: int, new: int, meta: Mapping[str, Any]) -> None:
    watching = {watch.login for watch in act.door.find(Watch, noun=noun, key=new) if watch.standing != WITHDRAWN}
    for watch in act.door.find(Watch, noun=noun, key=old):
        if watch.standing == WITHDRAWN:
            continue
        after = replace(watch, standing=WITHDRAWN) if watch.login in watching else replace(watch, key=new)
        act.door.save(watch, after, action="merge", meta=meta)
