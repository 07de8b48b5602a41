"""A role that nobody goes past: which steps guarantee that somebody of it says yes, and whether somebody did."""

from collections.abc import Mapping

from oppcli.errors import NotAllowed
from oppcli.model.approver import role_in
from oppcli.model.calling import role_called
from oppcli.model.refs import ref
from oppcli.model.requests import APPROVE, OPEN, Request, Step
from oppcli.model.said import listed, say
from oppcli.rules.approvals.counting import votes
from oppcli.rules.approvals.world import World
from oppcli.rules.guarantees import ANY, guarantees


def guaranteed(step: Step, request: Request, world: World) -> tuple[str, ...]:
    """The roles that a step guarantees, of those that its type requires."""
    required = world.type_rule(request).require
    if not required:
        return ()
    listed, found = world.rules(request).roles, []
    for role in filter(None, map(role_in, required)):
        if guarantees(step.rule, step.who, step.must, role, listed.get(role, ()).__contains__):
            found.append(role)
    return tuple(found)


def strangers(step: Step, request: Request, world: World) -> Mapping[str, str]:
    """Who cannot decide a step of one seat that is for a required role: all who do not carry it, and why. By whatever
    way they would come, as fallback, by a transfer, an escalation, for somebody else, added."""
    if step.rule != ANY:
        return {}
    out: dict[str, str] = {}
    for role in guaranteed(step, request, world):
        called = role_called(role, world.rules(request).role_titles)
        why = say("does not carry the role {role}, which {step} must have", role=called, step=step.name)
        out |= dict.fromkeys(world.users.keys() - {*world.members(role)}, why)
    return out


def require_role(before: Request, after: Request, world: World, actor: str) -> None:
    """Refuse (4) a yes with which a step could pass without somebody of a role that it guarantees: nobody of it has
    agreed, and no seat that is open still is for one."""
    if not world.type_rule(before).require:
        return
    for step in before.open_steps:
        made = [vote for vote in votes(after, step) if vote.verdict == APPROVE]
        if not any(vote.actor == actor for vote in made):
            continue
        for role in guaranteed(step, before, world):
            members = {*world.members(role)}
            later = next((each for each in after.open_steps if each.position == step.position), None)
            waiting = {
                holder.login
                for seat in (later.seats if later is not None else ())
                if seat.state == OPEN
                for holder in seat.holders
            }
            if not members & ({vote.actor for vote in made} | waiting):
                called = role_called(role, world.rules(before).role_titles)
                told = {"step": step.name, "request": ref("request", before.id), "role": called}
                error = NotAllowed(
                    say("{step} of {request} passes only with a yes of the role {role}", **told),
                    hint=say("somebody of {role} has to hold a seat", role=called),
                    slug="role_required",
                )
                error.attempt = ("request", str(before.id))
                raise error


def require_holder(step: Step, request: Request, world: World, login: str) -> None:
    """Refuse (4) somebody for a seat of a required role who does not carry it."""
    found = strangers(step, request, world)
    why = found.get(login)
    if why is not None:
        may = [each for role in guaranteed(step, request, world) for each in world.members(role) if each not in found]
        hint = say("{who} may", who=listed(dict.fromkeys(may)) or say("nobody"))
        raise NotAllowed(say("{login} {why}", login=login, why=why), hint=hint, slug="role_required")
