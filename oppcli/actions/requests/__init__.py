"""Requests for approval as verbs; here, what the verbs of other nouns owe to requests, in the same transaction.

The rules are imported where a request is concerned: a deal that nobody approves must not pay for them.
"""

from collections.abc import Iterable, Sequence

from oppcli.errors import Reason, Refused
from oppcli.model.deals import Deal, File
from oppcli.model.people import User
from oppcli.model.policy import Policy
from oppcli.model.refs import ref
from oppcli.model.requests import APPROVED, INVALIDATED, LIVE_STATES, Request
from oppcli.store import waiting
from oppcli.store.doors import ReadDoor, WriteDoor

SETTLED = (*LIVE_STATES, APPROVED)
"""States in which a change of the deal can do something to a request."""


def gate_reasons(
    door: ReadDoor, policy: Policy, deal: Deal, types: Iterable[str], now: int, *, tz: str | None = None
) -> tuple[Reason, ...]:
    """Which of these approvals the deal still lacks, how each stands, and the command that moves it on."""
    types = tuple(types)
    if not types:
        return ()
    from oppcli.actions.requests.surroundings import around
    from oppcli.rules.approvals import gates

    return gates.gate_reasons(around(door, policy, deal, now, tz=tz), types)


def flag_reasons(door: ReadDoor, policy: Policy, deal: Deal, now: int, *, tz: str | None = None) -> tuple[Reason, ...]:
    """Approvals of gates the deal has passed that no longer hold: it stays where it is and cannot move forward."""
    if not any(r.state in (APPROVED, INVALIDATED) for r in door.find(Request, deal_id=deal.id)):
        return ()
    from oppcli.actions.requests.surroundings import around
    from oppcli.rules.approvals import gates

    found = gates.flagged(around(door, policy, deal, now, tz=tz))
    return tuple(dict.fromkeys(reason for state in found for reason in state.reasons))


def deal_changed(door: WriteDoor, policy: Policy, before: Deal, after: Deal) -> tuple[str, ...]:
    """Requests follow a change of the deal's fields, owner or files: the next revision, a return, an approval that no
    longer holds. One line each. A file counts as just attached when `before` and `after` are the same deal."""
    found = [request for request in door.find(Request, deal_id=after.id) if request.state in SETTLED]
    if not found:
        return ()
    from oppcli.actions.requests.surroundings import around, keep, state_line
    from oppcli.rules.approvals import changing, handover

    now = around(door, policy, after, door.at, requests=found)
    was = around(door, policy, before, door.at, requests=found, files=_files_before(door, after, before == after))
    lines = []
    for request in found:
        touched = changing.touches(request, was, now)
        done = changing.deal_changed(request, now, door.stamp.actor, touched=touched)
        if before.owner != after.owner:
            done = done.then(handover.people_changed(done.request, now))
        saved = keep(door, request, done, now, "deal changed")
        if saved != request:
            lines.append(state_line(request, saved, now))
    return tuple(line for line in lines if line)


def _files_before(door: ReadDoor, deal: Deal, attached: bool) -> list[File]:
    """The deal's files as they were before this change; the newest is what was just attached."""
    files = door.find(File, deal_id=deal.id)
    return files[:-1] if attached else files


def deal_lost(door: WriteDoor, policy: Policy, deal: Deal) -> tuple[str, ...]:
    """Nothing waits for a lost deal: live requests are cancelled."""
    found = door.find(Request, deal_id=deal.id, state=LIVE_STATES)
    if not found:
        return ()
    from oppcli.actions.requests.surroundings import around, keep, state_line
    from oppcli.rules.approvals import life

    world = around(door, policy, deal, door.at, requests=found)
    pairs = [(r, keep(door, r, life.deal_lost(r, world), world, "deal lost")) for r in found]
    return tuple(state_line(before, after, world) for before, after in pairs)


def winning_reasons(
    door: ReadDoor, policy: Policy, deal: Deal, now: int, *, tz: str | None = None
) -> tuple[Reason, ...]:
    """The live requests that keep a deal from being won."""
    found = door.find(Request, deal_id=deal.id, state=LIVE_STATES)
    if not found:
        return ()
    from oppcli.actions.requests.surroundings import around
    from oppcli.rules.approvals import life

    return life.winning_objections(around(door, policy, deal, now, requests=found, tz=tz))


def deal_winning(door: WriteDoor, policy: Policy, deal: Deal) -> None:
    """Refuse to win a deal while something waits for approval, listing it."""
    reasons = winning_reasons(door, policy, deal, door.at)
    if reasons:
        raise Refused(f"{ref('deal', deal.id)} has live requests and cannot be won yet", reasons=reasons)


def people_changed(
    door: WriteDoor, policy: Policy, before: User, after: User, *, successor: str | None = None
) -> tuple[str, ...]:
    """Open seats follow somebody who left, came back, or lost or won a role. One line per request."""
    roles = set(before.roles) ^ set(after.roles)
    if before.active != after.active:
        roles = {*before.roles, *(role for role, logins in policy.roles.items() if after.login in logins)}
    elif not roles:
        return ()
    gone = after.login if before.active and not after.active else None
    return _follow(door, policy, waiting.concerned(door, after.login, roles), gone=gone, successor=successor)


def policy_applied(door: WriteDoor, policy: Policy, old: Policy | None) -> tuple[str, ...]:
    """Roles, the fallback and calendars are live: open seats and due times follow a policy that changed them."""
    live = ("roles", "fallback", "calendars")
    if old is None or all(getattr(old, name) == getattr(policy, name) for name in live):
        return ()
    return _follow(door, policy, waiting.pending(door), verb="policy applied")


def _follow(
    door: WriteDoor,
    policy: Policy,
    numbers: Sequence[int],
    *,
    verb: str = "people changed",
    gone: str | None = None,
    successor: str | None = None,
) -> tuple[str, ...]:
    """These requests with the people and calendars of now. One line each, with what moved."""
    if not numbers:
        return ()
    from oppcli.actions.requests.surroundings import around, followed_line, keep
    from oppcli.rules.approvals import handover, timing

    lines, world = [], None
    for number in sorted(numbers):
        request = door.get(Request, number)
        deal = door.get(Deal, request.deal_id)
        world = around(door, policy, deal, door.at, requests=(request,), files=(), like=world)
        done = handover.people_changed(request, world, gone=gone, successor=successor)
        saved = keep(door, request, done.then(timing.recompute(done.request, world)), world, verb)
        if saved != request:
            lines.append(followed_line(request, saved, world))
    return tuple(lines)
