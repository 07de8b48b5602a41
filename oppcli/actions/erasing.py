"""Erase a customer: all that may tell of a person, in the records that concern it and in their entries, for good."""

from collections.abc import Sequence
from typing import Any, TypeVar

from oppcli.actions.act import Act, Look
from oppcli.actions.outcome import Outcome
from oppcli.errors import Reason, Refused, UsageError
from oppcli.model.command import BLANK, command
from oppcli.model.contracts import Contract
from oppcli.model.deals import Contact, Customer, Deal, File
from oppcli.model.deliveries import Delivery
from oppcli.model.facts import Fact
from oppcli.model.fields import TYPED
from oppcli.model.follow import Activity, Proposal, Task
from oppcli.model.notices import VIEW, Notice
from oppcli.model.payments import Payment
from oppcli.model.records import ERASED
from oppcli.model.refs import ref
from oppcli.model.requests import Request
from oppcli.model.said import Word, listed, say
from oppcli.rules.erasing import erased, own_fields
from oppcli.rules.fields import of_team
from oppcli.store import erasing
from oppcli.store.doors import ReadDoor
from oppcli.store.erasing import Erasure, Held, TakenOut
from oppcli.store.seals import ERASE
from oppcli.tuples import NamedTuple

SHOWN = 20
Told = TypeVar("Told")


class Scope(NamedTuple):
    """A customer and all records that concern it."""

    customer: Customer
    deals: Sequence[Deal]
    files: Sequence[File]
    contacts: Sequence[Contact]
    activities: Sequence[Activity]
    tasks: Sequence[Task]
    proposals: Sequence[Proposal]
    payments: Sequence[Payment]
    facts: Sequence[Fact]
    contracts: Sequence[Contract]
    requests: Sequence[Request]
    notices: Sequence[Notice]
    letters: Sequence[Delivery]

    @property
    def records(self) -> tuple[Any, ...]:
        told = (*self.contacts, *self.activities, *self.tasks, *self.proposals, *self.payments, *self.facts)
        papers = (*self.files, *self.contracts)
        return (self.customer, *self.deals, *papers, *told, *self.requests, *self.notices, *self.letters)

    @property
    def things(self) -> dict[str, list[str]]:
        """As the journal names them."""
        named = {"deal": self.deals, "file": self.files, "request": self.requests, "notice": self.notices}
        named |= {"customer": [self.customer], "delivery": self.letters}
        named |= {"contact": self.contacts, "activity": self.activities, "task": self.tasks, "proposal": self.proposals}
        named |= {"payment": self.payments, "fact": self.facts, "contract": self.contracts}
        return {noun: [str(each.id) for each in found] for noun, found in named.items() if found}  # type: ignore[attr-defined]

    @property
    def counts(self) -> str:
        """`2 deals, 1 file, 3 requests, 12 notices, 2 letters`."""
        told = (
            (say("{n:,} {n:deal|deals}", n=len(self.deals)), self.deals),
            (say("{n:,} {n:file|files}", n=len(self.files)), self.files),
            (say("{n:,} {n:contact|contacts}", n=len(self.contacts)), self.contacts),
            (say("{n:,} {n:activity|activities}", n=len(self.activities)), self.activities),
            (say("{n:,} {n:task|tasks}", n=len(self.tasks)), self.tasks),
            (say("{n:,} {n:proposal|proposals}", n=len(self.proposals)), self.proposals),
            (say("{n:,} {n:payment|payments}", n=len(self.payments)), self.payments),
            (say("{n:,} {n:fact|facts}", n=len(self.facts)), self.facts),
            (say("{n:,} {n:contract|contracts}", n=len(self.contracts)), self.contracts),
            (say("{n:,} {n:request|requests}", n=len(self.requests)), self.requests),
            (say("{n:,} {n:notice|notices}", n=len(self.notices)), self.notices),
            (say("{n:,} {n:letter|letters}", n=len(self.letters)), self.letters),
        )
        return listed(text for text, found in told if found)


class Erased(NamedTuple):
    """What was done, and one line for each thing that holds an erased text still."""

    outcome: Outcome
    held: tuple[str, ...] = ()


def scope(look: Look, customer: Customer) -> Scope:
    """All that concerns a customer now, whatever its standing."""
    door = look.door
    deals = door.find(Deal, customer_id=customer.id)
    keys = [deal.id for deal in deals]
    files = door.find(File, deal_id=keys) if keys else []
    requests = door.find(Request, deal_id=keys) if keys else []
    notices = [*(door.find(Notice, deal_id=keys) if keys else ()), *door.find(Notice, customer_id=customer.id)]
    contacts = door.find(Contact, customer_id=customer.id)
    notices += _tables_with(door, [customer.name, *(each.title for each in deals), *(each.name for each in contacts)])
    letters = erasing.letters_with(door, [notice.id for notice in notices])
    told = (_told(door, Activity, customer.id, keys), _told(door, Task, customer.id, keys))
    called = {customer.name, ref("customer", customer.id)}
    new = [each for each in door.find(Proposal, noun="deal", deal_id=None) if each.changes.get("customer") in called]
    proposed = [*_told(door, Proposal, customer.id, keys), *new]
    sent = door.find(Delivery, id=letters) if letters else []
    paid = _told(door, Payment, customer.id, keys)
    known = door.find(Fact, customer_id=customer.id)
    agreed = door.find(Contract, deal_id=keys) if keys else []
    return Scope(customer, deals, files, contacts, *told, proposed, paid, known, agreed, requests, notices, sent)


def _tables_with(door: ReadDoor, words: Sequence[str]) -> list[Notice]:
    """Letters of views that went out with any of these in a table."""
    from html import escape

    told = [escape(word) for word in words if word]
    return [each for each in door.find(Notice, kind=VIEW) if each.page and any(word in each.page for word in told)]


def _told(door: ReadDoor, noun: type[Told], customer: int, deals: Sequence[int]) -> list[Told]:
    """What was noted or promised of the customer, and of its deals."""
    found = door.find(noun, customer_id=customer)
    known = {each.id for each in found}  # type: ignore[attr-defined]
    return [*found, *(each for each in (door.find(noun, deal_id=list(deals)) if deals else []) if each.id not in known)]  # type: ignore[attr-defined]


def require_erasable(look: Look, found: Scope, why: str) -> None:
    """Refuse to erase for anybody but an admin, without a reason, and while requests are live: before anything is asked
    of who types it."""
    name = ref("customer", found.customer.id)
    look.require("customer erase", say("erase a customer"))
    _require_settled(found, name)
    if not why.strip():
        raise UsageError(say("say why it is erased"), hint=command("customer", "erase", name, "-m", BLANK))


def erase(act: Act, customer: Customer, *, why: str, again: bool = False) -> Erased:
    """Everything personal of a customer, for good; decisions stay with their reasons. Refused to anybody but an admin,
    without a reason, and while requests are live; `again`, after a restore, nothing is asked."""
    name = ref("customer", customer.id)
    found = scope(act, customer)
    if not again:
        require_erasable(act, found, why)
    taken = erasing.take_out(act.door, found.things)
    changed = _blanked(act, found, why, taken)
    if not changed and not taken.entries:
        return Erased(Outcome(done=(say("{name} was erased already", name=name),), ids=(name,)), _left(taken, ()))
    values = taken.values | {found.customer.name} - {ERASED}
    held = tuple(erasing.holding(act.door, found.things, values))
    what = listed((found.counts, say("{n:,} {n:entry|entries} of the journal", n=taken.entries)))
    done = say("{name} erased: {what}", name=name, what=what)
    return Erased(Outcome(done=(done,), ids=(name,)), _left(taken, held))


def _require_settled(found: Scope, name: str) -> None:
    """Refuse while somebody has still to decide something about it."""
    live = tuple(
        Reason(
            ref("request", each.id),
            say(
                "{type} of {deal}, {state}",
                type=each.named_type,
                deal=ref("deal", each.deal_id),
                state=Word("state", each.state),
            ),
            command("request", "cancel", ref("request", each.id), "-m", BLANK),
        )
        for each in found.requests
        if each.live
    )
    if live:
        raise Refused(say("{name} has live requests and cannot be erased yet", name=name), reasons=live)


def _blanked(act: Act, found: Scope, why: str, taken: TakenOut) -> int:
    """Store every record without what is personal; the customer's entry vouches for what became of old ones. How many
    changed."""
    own = own_fields(field for noun in TYPED for field in of_team(noun, act.policy).values())
    changed = 0
    for before in found.records[1:]:
        after = erased(before, own)
        changed += after != before
        act.door.erase(before, after, {"erases": found.customer.id})
    meta: dict[str, Any] = {"reason": why, **({"vouches": taken.vouches} if taken.vouches else {})}
    after = erased(found.customer, own)
    if after != found.customer:
        act.door.erase(found.customer, after, meta)
        return changed + 1
    if changed or taken.entries:
        act.door.note(ERASE, "customer", str(found.customer.id), meta)
    return changed


def _left(taken: TakenOut, held: Sequence[Held]) -> tuple[str, ...]:
    """What still holds something that was erased elsewhere."""
    lines = [_held(each) for each in dict.fromkeys(held)]
    lines += [
        say("{entry} keeps a field that was not personal when it was written", entry=ref("entry", seq))
        for seq in taken.kept
    ]
    more = [say("and {n:,} more", n=len(lines) - SHOWN)] if len(lines) > SHOWN else []
    return (*lines[:SHOWN], *more)


def _held(held: Held) -> str:
    name = ref(held.noun, held.key)
    if held.decision is not None:
        told = {"request": name, "number": held.decision, "actor": held.actor}
        return say("{request}: decision {number} of {actor} holds an erased text in its reason", **told)
    return say("{name} holds an erased text in what was said or shown", name=name)


def erase_again(act: Act, erasures: Sequence[Erasure]) -> tuple[str, ...]:
    """What was erased in the database that a backup took the place of, erased once more; one line each. A number that
    is another customer here is left alone."""
    lines: list[str] = []
    for each in erasures:
        if erasing.first_hash(act.door, each.customer) != each.first:
            continue
        customer = act.door.get(Customer, each.customer)
        if customer.name != ERASED:
            lines += erase(act, customer, why=each.reason, again=True).outcome.done
    return tuple(lines)
