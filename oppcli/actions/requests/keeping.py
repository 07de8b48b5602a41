"""What the rules of approvals answered, kept through a door (request, notices, entry) and told in a line."""

from collections.abc import Callable
from typing import Any, TypeVar

from oppcli.model.journal import SAID
from oppcli.model.noun import replace
from oppcli.model.records import LIVE
from oppcli.model.requests import CONTRACT, PENDING, QUOTE, RETURNED, Request
from oppcli.model.said import Word, coded, listed, say
from oppcli.rules import fields
from oppcli.rules.approvals import eligible, recording, telling, time
from oppcli.rules.approvals.eligible import called
from oppcli.rules.approvals.transition import Transition
from oppcli.rules.approvals.world import World
from oppcli.store.doors import WriteDoor

Paper = TypeVar("Paper")


def keep(door: WriteDoor, before: Request, done: Transition, world: World, verb: str) -> Request:
    """Store what a transition returned: the request, and notices to be delivered. Nothing where nothing happened."""
    if done.request == before and not done.notices:
        return before
    after = replace(
        done.request, wake_at=time.wake_at(done.request, world), blocked=eligible.blocked(done.request, world)
    )
    _name_the_principal(door, done)
    saved = door.save(before, after, action=verb, meta=told(done, world))
    if after.revision != before.revision:
        freeze(door, after)
    post(door, done)
    return saved


def begin(door: WriteDoor, done: Transition, world: World) -> Request:
    """Store a request that was just submitted, and its notices."""
    made = done.request
    ready = replace(made, channel=door.stamp.channel, wake_at=time.wake_at(made, world))
    saved = door.add(ready, action="submit", meta=told(done, world))
    freeze(door, saved)
    post(door, done)
    return saved


def _name_the_principal(door: WriteDoor, done: Transition) -> None:
    """A delegate's decision is entered as one for somebody, not in its details only."""
    actor = door.stamp.actor
    behalf = next((event.on_behalf_of for event in done.events if event.actor == actor and event.on_behalf_of), None)
    if behalf is not None and not door.entries:
        door.begin(replace(door.stamp, on_behalf_of=behalf))


def freeze(door: WriteDoor, request: Request) -> None:
    """What the approvers are shown of a quote, or a contract, stays as they saw it."""
    if request.facts.names(QUOTE):
        from oppcli.model.quotes import Quote
        from oppcli.rules.quotes import versions

        _freeze(door, Quote, versions.frozen, request.deal_id)
    if request.facts.names(CONTRACT):
        from oppcli.model.contracts import Contract
        from oppcli.rules import contracts

        _freeze(door, Contract, contracts.frozen, request.deal_id)


def _freeze(door: WriteDoor, kind: type[Paper], frozen: Callable[[Paper, int], Paper], deal: int) -> None:
    """The version in effect of the deal frozen; nothing where it was before, or there is none."""
    for paper in door.find(kind, id=deal, standing=LIVE):
        door.save(paper, frozen(paper, door.at), action="freeze")


def told(done: Transition, world: World) -> dict[str, Any]:
    """What the journal says beside old and new values: every event, the rules and the facts it happened under; of a
    reason that the program gave also what it was made of."""
    why = next((event.reason for event in done.events if event.reason), "")
    return {
        **({} if type(why) is str else _said(why)),
        "events": [event.told() for event in done.events],
        "revision": done.request.revision,
        "snapshot": recording.snapshot_hash(done.request, fields.personal(world.rules(done.request))),
        "policy": done.request.policy,
    }


def _said(why: str) -> dict[str, str]:
    from oppcli.model.kept import kept

    return {SAID: kept(why)}


def post(door: WriteDoor, done: Transition) -> None:
    """Put the notices into the outbox, in the transaction of the change they tell of."""
    if done.notices:
        door.add_many(done.notices, action="notice")


def state_line(before: Request, after: Request, world: World) -> str:
    """`R-31 quote: revision 2, starts again at 销售主管 (wang)`: what a change of the deal did to a request."""
    name = listed((called(after), after.named_type), " ")
    if after.state != before.state:
        moved = say("{name}: {was} → {now}", name=name, was=Word("state", before.state), now=Word("state", after.state))
        return say("{moved} ({reason})", moved=moved, reason=coded("end", after.reason)) if after.reason else moved
    if after.revision != before.revision:
        first = after.open_steps[0].name if after.open_steps else "-"
        return say(
            "{name}: revision {revision}, starts again at {first} ({holders})",
            name=name,
            revision=after.revision,
            first=first,
            holders=_holders(after),
        )
    return seats_line(after, world) if after.state == PENDING else ""


def seats_line(after: Request, world: World) -> str:
    """`R-31 quote: waits for zhou`; `R-31 quote: returned, chen may resubmit it`."""
    if after.state == RETURNED:
        who = listed(eligible.movers(after, world))
        name = listed((called(after), after.named_type), " ")
        if not who:
            return say("{request}: returned, and nobody is left to resubmit it", request=name)
        return say("{request}: returned, {who} may resubmit it", request=name, who=who)
    return say(
        "{after} {type}: waits for {holders}", after=called(after), type=after.named_type, holders=_holders(after)
    )


def followed_line(before: Request, after: Request, world: World) -> str:
    """`seats_line`, or `R-31 quote: 销售主管 due Thu 8 Oct 15:00 → Fri 9 Oct 15:00` where due times moved."""
    old = {step.position: step.due_at for step in before.open_steps}
    moved = [(step.name, old[step.position], step.due_at) for step in after.open_steps if step.position in old]
    due = [
        say("{name} due {a} → {b}", name=name, a=world.say(a), b=world.say(b))
        for name, a, b in moved
        if a and b and a != b
    ]
    if due and telling.seated(before) == telling.seated(after):
        return say("{name} {type}: {due}", name=called(after), type=after.named_type, due=listed(due, "; "))
    return listed((seats_line(after, world), *due), "; ")


def _holders(request: Request) -> str:
    return listed(telling.seated(request)) or say("nobody; an admin must transfer it")
