"""What the rules of approvals are given, read through a door: the world of one deal; and how their answer is kept."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from oppcli.actions.act import Look
from oppcli.model.deals import Customer, Deal, File
from oppcli.model.noun import replace
from oppcli.model.policy import Policy
from oppcli.model.records import LIVE
from oppcli.model.requests import IMPORT, PENDING, RETURNED, Request
from oppcli.model.said import Word, listed, say
from oppcli.rules import fields
from oppcli.rules.approvals import eligible, recording, telling, time
from oppcli.rules.approvals.eligible import called
from oppcli.rules.approvals.transition import Transition
from oppcli.rules.approvals.world import Later, LaterByName, World
from oppcli.store.doors import ReadDoor, WriteDoor


def around(
    look: Look,
    deal: Deal,
    *,
    requests: Iterable[Request] | None = None,
    files: Iterable[File] | None = None,
    like: World | None = None,
) -> World:
    """The world of one deal now. `requests` are those already read (all of the deal's by default). `like` is the world
    of another deal in the same transaction: its people and old rules are not read again."""
    door, policy, now = look.door, look.policy, look.now
    known = tuple(door.find(Request, deal_id=deal.id) if requests is None else requests)
    return World(
        now=now,
        deal=deal,
        policy=policy,
        users=like.users if like else look.people,
        frozen=frozen(door, policy, known, like.frozen if like else {}),
        delegations=like.delegations if like else Later(lambda: look.delegations),
        files=LaterByName(lambda: by_kind(door.find(File, deal_id=deal.id, standing=LIVE) if files is None else files)),
        requests=known,
        customer=_name(door, deal.customer_id) if deal.customer_id else None,
        merged=_merged(door, deal.customer_id),
        say=like.say if like else saying(policy, now, look.zone),
        done=lambda: done(look, deal),
        brought=lambda request: brought(door, request),
        by=look.basis,
    )


def done(look: Look, deal: Deal) -> frozenset[str]:
    """The words of gates that hold by what was done on a deal: its tasks and activities."""
    from oppcli.model.follow import TOUCHING, Activity, Task
    from oppcli.rules import gate_words

    touching = look.policy.follow.touch if look.policy.follow else TOUCHING
    return gate_words.done(look.door.find(Task, deal_id=deal.id), look.door.find(Activity, deal_id=deal.id), touching)


def brought(door: ReadDoor, request: Request) -> tuple[str, int] | None:
    """Who imported a request last, and when."""
    from oppcli.model.journal import Entry

    told = door.find(Entry, noun="request", noun_id=str(request.id), channel=IMPORT)
    return (told[-1].actor, told[-1].at) if told else None


def by_kind(files: Iterable[File]) -> Mapping[str, tuple[str, ...]]:
    """Kind → fingerprints."""
    kinds: dict[str, tuple[str, ...]] = {}
    for file in files:
        kinds[file.kind] = (*kinds.get(file.kind, ()), file.sha256)
    return kinds


def _name(door: ReadDoor, customer: int) -> Callable[[], str]:
    return lambda: door.get(Customer, customer).name


def _merged(door: ReadDoor, customer: int | None) -> Callable[[], list[str]]:
    """The names of the customers that this one stands for, those of a chain of merges too."""

    def names() -> list[str]:
        found: dict[int, str] = {}
        into = [customer] if customer else []
        while into:
            gone = [each for each in door.find(Customer, merged_into=into) if each.id not in found]
            found |= {each.id: each.name for each in gone}
            into = [each.id for each in gone]
        return list(found.values())

    return names


def frozen(
    door: ReadDoor, policy: Policy, requests: Iterable[Request], known: Mapping[str, Policy]
) -> Mapping[str, Policy]:
    """The rules that these requests were submitted under, by hash; `known` are those read before."""
    found = {**known, policy.hash: policy}
    older = {request.policy for request in requests} - found.keys()
    if not older:
        return found
    from oppcli.policy import read
    from oppcli.store.queries import policy_text

    return found | {hash: read(policy_text(door, hash)) for hash in sorted(older)}


def saying(policy: Policy, now: int, zone: str) -> Any:
    """How instants are told: `Mon 9 Mar 18:00`; without a zone in that of the policy's calendar."""
    zone = zone or policy.calendars[policy.calendar].timezone

    def say(at: int) -> str:
        from oppcli.words.shown import show_instant

        return show_instant(at, zone, now)

    return say


def keep(door: WriteDoor, before: Request, done: Transition, world: World, verb: str) -> Request:
    """Store what a transition returned: the request, and notices to be delivered. Nothing where nothing happened."""
    if done.request == before and not done.notices:
        return before
    after = replace(
        done.request, wake_at=time.wake_at(done.request, world), blocked=eligible.blocked(done.request, world)
    )
    _name_the_principal(door, done)
    saved = door.save(before, after, action=verb, meta=told(done, world))
    post(door, done)
    return saved


def _name_the_principal(door: WriteDoor, done: Transition) -> None:
    """A delegate's decision is entered as one for somebody, not in its details only."""
    actor = door.stamp.actor
    behalf = next((event.on_behalf_of for event in done.events if event.actor == actor and event.on_behalf_of), None)
    if behalf is not None and not door.entries:
        door.begin(replace(door.stamp, on_behalf_of=behalf))


def told(done: Transition, world: World) -> dict[str, Any]:
    """What the journal says beside old and new values: every event, the rules and the facts it happened under."""
    return {
        "events": [event.told() for event in done.events],
        "revision": done.request.revision,
        "snapshot": recording.snapshot_hash(done.request, fields.personal(world.rules(done.request))),
        "policy": done.request.policy,
    }


def post(door: WriteDoor, done: Transition) -> None:
    """Put the notices into the outbox, in the transaction of the change they tell of."""
    if done.notices:
        door.add_many(done.notices, action="notice")


def state_line(before: Request, after: Request, world: World) -> str:
    """`R-31 quote: revision 2, starts again at 销售主管 (wang)`: what a change of the deal did to a request."""
    name = listed((called(after), after.named_type), " ")
    if after.state != before.state:
        moved = say("{name}: {was} → {now}", name=name, was=Word("state", before.state), now=Word("state", after.state))
        return say("{moved} ({reason})", moved=moved, reason=Word("end", after.reason)) if after.reason else moved
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
