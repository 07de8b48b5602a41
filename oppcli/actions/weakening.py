"""Who may drop what a policy requires: somebody of the role itself, or an admin who says so, and that is told."""

from oppcli.actions.act import Act
from oppcli.actions.telling import tell
from oppcli.errors import NotAllowed, UsageError
from oppcli.model.approver import role_in
from oppcli.model.calling import role_called
from oppcli.model.command import command
from oppcli.model.notices import Notice
from oppcli.model.policy import Policy
from oppcli.model.said import listed, say
from oppcli.rules.approvals.world import members


def dropped(old: Policy | None, new: Policy) -> tuple[tuple[str, str], ...]:
    """(type, role) of every line that the old policy requires and the new one does not. That a step still keeps what is
    required is checked with the policy (P060)."""
    if old is None:
        return ()
    return tuple(
        (name, role)
        for name, rule in old.types.items()
        for line in rule.require
        if (role := role_in(line)) and line not in (new.types[name].require if name in new.types else ())
    )


def require(act: Act, old: Policy | None, new: Policy, *, weaken: bool, note: str | None) -> tuple[str, ...]:
    """Refuse (4) to drop what is required to who is not of the role, but an admin with --weaken and a reason (2). What
    is said of it, and to whom."""
    found = dropped(old, new)
    if not found or old is None:
        return ()
    apart = [(name, role) for name, role in found if act.by not in members(role, old, act.people)]
    if apart and not weaken:
        asked = ((name, role_called(role, old.role_titles)) for name, role in apart)
        lines = listed(say("{type} requires {role}", type=name, role=role) for name, role in asked)
        raise NotAllowed(
            say("{login} may not drop what the policy requires: {lines}", login=act.by, lines=lines),
            hint=say(
                "an admin of the role applies it, or for a reason that the role is told: {command}",
                command=command("policy", "apply", "FILE", "--weaken", "-m", "…", ready=False),
            ),
            slug="role_required",
        )
    if apart and not (note or "").strip():
        raise UsageError(say("--weaken needs a reason"), hint=say("add -m REASON"))
    told = []
    for name, role in apart:
        called = role_called(role, old.role_titles)
        text = say("{login} dropped {role} from {type}: {why}", login=act.by, role=called, type=name, why=note or "")
        people = tell(act, members(role, old, act.people), Notice(to="", kind="weakened", text=text))
        said = {"type": name, "role": called, "people": listed(people)}
        told.append(say("{type} no longer requires {role}; told {people}", **said))
    return tuple(told)
