"""Delegations: begin one, end one. No seat moves: the delegator keeps it and may decide as well."""

from collections.abc import Sequence
from dataclasses import replace

from oppcli.actions import find
from oppcli.actions.act import Act
from oppcli.actions.outcome import Outcome
from oppcli.errors import Conflict, NotAllowed, Refused
from oppcli.model.command import command
from oppcli.model.people import Delegation, User
from oppcli.model.refs import ref
from oppcli.model.requests import Notice
from oppcli.rules import delegations
from oppcli.words.kinds import shown
from oppcli.words.shown import show_instant


def add(
    act: Act,
    *,
    frm: str,
    to: str,
    starts_at: int,
    ends_at: int,
    types: Sequence[str] = (),
    max_amount: int | None = None,
    reason: str | None = None,
) -> Outcome:
    """`to` may decide what waits on `frm` in [starts_at, ends_at). By the person themselves or an admin; refused with
    everything that is wrong."""
    door, policy = act.door, act.policy
    giver, taker = (find.person(act.people, text, active=False) for text in (frm, to))
    if act.by != giver.login and not act.me.is_admin:
        raise NotAllowed(f"{act.by} may not delegate for {giver.login}", hint=f"{giver.login} or an admin may")
    new = Delegation(
        frm=giver.login,
        to=taker.login,
        starts_at=starts_at,
        ends_at=ends_at,
        types=tuple(dict.fromkeys(types)),
        max_amount=max_amount,
        reason=reason,
        created_at=door.at,
        created_by=act.by,
    )
    known = door.find(Delegation, frm=giver.login, to=taker.login)
    wrong = delegations.problems(new, act.people, policy.types, known, door.stamp.now)
    if wrong:
        raise Refused("the delegation cannot be made", reasons=wrong)
    return _made(act, door.add(new, meta={"reason": reason} if reason else None), giver)


def _made(act: Act, made: Delegation, giver: User) -> Outcome:
    """The person who may decide now is told."""
    name = ref("delegation", made.id)
    text = f"{giver.name} lets you decide in their place: {name}"
    act.door.add(Notice(to=made.to, kind="delegated", text=text, at=act.now))
    limits = f", only {', '.join(made.types)}" if made.types else ""
    if made.max_amount is not None:
        limits += f", up to {shown('money', made.max_amount, act.policy.currency)}"
    since, until = (show_instant(at, act.zone or "UTC", act.now) for at in (made.starts_at, made.ends_at))
    done = f"{name}: {made.to} may decide for {made.frm} from {since} to {until}{limits}"
    return Outcome(done=(done,), ids=(name,), undo=command("delegate", "end", name))


def end(act: Act, number: int) -> Outcome:
    """The delegation ends now; one that has not begun never does. By either person or an admin."""
    before = act.door.get(Delegation, number)
    name = ref("delegation", before.id)
    if act.by not in (before.frm, before.to) and not act.me.is_admin:
        raise NotAllowed(f"{act.by} may not end {name}", hint=f"{before.frm}, {before.to} or an admin may")
    if delegations.state(before, act.now) == delegations.ENDED:
        raise Conflict(f"{name} has ended already", hint=command("delegate", "list", "--all"))
    act.door.save(before, replace(before, ends_at=max(act.now, before.starts_at)), action="end")
    return Outcome(done=(f"{name}: {before.to} no longer decides for {before.frm}",), ids=(name,))
