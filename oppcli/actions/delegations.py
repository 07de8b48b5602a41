"""Delegations: begin one, end one. No seat moves: the delegator keeps it and may decide as well."""

from collections.abc import Sequence

from oppcli.actions import find
from oppcli.actions.act import Act
from oppcli.actions.outcome import Outcome
from oppcli.actions.telling import tell
from oppcli.errors import Conflict, NotAllowed, Refused, UsageError
from oppcli.model.command import BLANK, command
from oppcli.model.notices import Notice
from oppcli.model.noun import replace
from oppcli.model.people import Delegation, User
from oppcli.model.refs import ref
from oppcli.model.said import listed, say
from oppcli.rules import delegations
from oppcli.rules.approvals.planning import type_meant
from oppcli.rules.rights import relations
from oppcli.rules.verbs import verb
from oppcli.words.kinds import shown


def add(
    act: Act,
    *,
    frm: str,
    to: str | None,
    starts_at: int,
    ends_at: int,
    types: Sequence[str] = (),
    max_amount: int | None = None,
    reason: str | None = None,
) -> Outcome:
    """`to` may decide what waits on `frm` in [starts_at, ends_at); without `to` they are away, and nobody does. By the
    person themselves, or by an admin, who never gives it to themselves; refused with everything that is wrong."""
    door, policy = act.door, act.policy
    giver = find.person(act.people, frm, active=False)
    taker = find.person(act.people, to, active=False) if to is not None else None
    _require(act, "delegate add", (giver.login,), say("delegate for {login}", login=giver.login))
    if taker is not None and act.by != giver.login and act.by == taker.login:
        raise NotAllowed(
            say("{by} may not take what waits on {login}", by=act.by, login=giver.login),
            hint=say("{login} may give it, or an admin gives it to somebody else", login=giver.login),
        )
    new = Delegation(
        frm=giver.login,
        to=taker.login if taker is not None else None,
        starts_at=starts_at,
        ends_at=ends_at,
        types=tuple(dict.fromkeys(type_meant(policy, each) for each in types)),
        max_amount=max_amount,
        reason=reason,
        created_at=door.at,
        created_by=act.by,
    )
    known = door.find(Delegation, frm=giver.login)
    wrong = delegations.problems(new, act.people, policy.types, known, door.stamp.now)
    if wrong:
        raise Refused(say("the delegation cannot be made"), reasons=wrong)
    return _made(act, door.add(new, meta={"reason": reason} if reason else None), giver)


def _require(act: Act, name: str, own: tuple[str, ...], what: str) -> None:
    """Refuse a verb on the delegations of these people to anybody else but an admin."""
    mine = act.by in own
    if verb(name if mine else f"{name} other").allows(relations(act.me, act.people)):
        return
    raise NotAllowed(
        say("{by} may not {what}", by=act.by, what=what),
        hint=say("{who} or an admin may", who=listed(own)),
    )


def _made(act: Act, made: Delegation, giver: User) -> Outcome:
    """The person who may decide now is told, and the one whose authority it is where somebody else gave it."""
    name = ref("delegation", made.id)
    since, until = act.when(made.starts_at), act.when(made.ends_at)
    if made.to is None:
        said = say("{by} says that you are away from {since} to {until}", by=act.by, since=since, until=until)
        tell(act, [made.frm], Notice(to="", kind="delegated", text=said))
        done = say("{name}: {frm} is away from {since} to {until}", name=name, frm=made.frm, since=since, until=until)
        return Outcome(done=(done,), ids=(name,), undo=command("delegate", "end", name))
    said = say("{by} lets {to} decide in your place: {name}", by=act.by, to=made.to, name=name)
    tell(act, [made.frm], Notice(to="", kind="delegated", text=said))
    text = say("{name} lets you decide in their place: {name2}", name=giver.name, name2=name)
    tell(act, [made.to], Notice(to="", kind="delegated", text=text), myself=True)
    limits = say(", only {types}", types=listed(map(act.policy.named_type, made.types))) if made.types else ""
    if made.max_amount is not None:
        limits = say(
            "{limits}, up to {max_amount}",
            limits=limits,
            max_amount=shown("money", made.max_amount, act.policy.currency),
        )
    done = say(
        "{name}: {to} may decide for {frm} from {since} to {until}{limits}",
        name=name,
        to=made.to,
        frm=made.frm,
        since=since,
        until=until,
        limits=limits,
    )
    return Outcome(done=(done,), ids=(name,), undo=command("delegate", "end", name))


def end(act: Act, number: int, *, reason: str | None = None) -> Outcome:
    """The delegation ends now; one that has not begun never does. By either person, or by an admin with a reason.
    Refused for others, without one, and when it has ended."""
    before = find.get(act.door, Delegation, number)
    name = ref("delegation", before.id)
    own = (before.frm, *([before.to] if before.to else []))
    _require(act, "delegate end", own, say("end {name}", name=name))
    if delegations.state(before, act.now) == delegations.ENDED:
        raise Conflict(say("{name} has ended already", name=name), hint=command("delegate", "list", "--all"))
    if act.by not in own and not (reason or "").strip():
        raise UsageError(
            say("say why {name} ends: it is {frm}'s", name=name, frm=before.frm),
            hint=command("delegate", "end", name, "-m", BLANK),
        )
    meta = {"reason": reason} if reason else None
    act.door.save(before, replace(before, ends_at=max(act.now, before.starts_at)), action="end", meta=meta)
    return Outcome(done=(over(before),), ids=(name,))


def over(ended: Delegation) -> str:
    """What is said of a delegation that has ended."""
    name = ref("delegation", ended.id)
    if ended.to is None:
        return say("{name}: {frm} is no longer away", name=name, frm=ended.frm)
    return say("{name}: {to} no longer decides for {frm}", name=name, to=ended.to, frm=ended.frm)
