"""Who may do which verb to a request (`rules.verbs`), and what must be said with it."""

from oppcli.errors import NotAllowed, NotFound, Reason, Unchosen, UsageError
from oppcli.model.command import BLANK, command
from oppcli.model.refs import ref
from oppcli.model.requests import APPROVE, Request
from oppcli.model.said import Word, listed, say
from oppcli.rules.approvals.authority import barred
from oppcli.rules.approvals.counting import votes
from oppcli.rules.approvals.eligible import called, movers, parts
from oppcli.rules.approvals.world import World
from oppcli.rules.rights import acting, relations
from oppcli.rules.verbs import PART, Verb, verb


def may(request: Request, world: World, actor: str, name: str) -> bool:
    """Whether `actor` may do a verb that goes by what one is to the request, the bars aside."""
    row = verb(f"request {name}")
    return row.allows(_held(request, world, actor)) or (row.last and actor in final_approvers(request))


def _held(request: Request, world: World, actor: str) -> str:
    """What somebody is to a request; whoever follows one who left is what they were."""
    if not world.active(actor):
        return ""
    owner = acting((world.deal.owner,), world.users)
    return relations(
        world.users[actor],
        world.users,
        owner=owner[0] if owner else None,
        collaborators=world.deal.collaborators,
        submitters=acting((request.submitted_by,), world.users),
    )


def require(request: Request, world: World, actor: str, name: str) -> None:
    """Refuse a verb to who may not do it, saying who may, and to who has a part in the deal where that bars it. The
    attempt is to be remembered."""
    row = verb(f"request {name}")
    if not may(request, world, actor, name):
        raise barred(
            request,
            say("{actor} may not {verb} {request}", actor=actor, verb=Word("verb", name), request=called(request)),
            say("{who} may", who=_who(request, world, row)),
        )
    why = parts(request, world).get(actor) if PART in row.bars else None
    if why is not None:
        raise barred(
            request,
            say("{actor} {why} and cannot {verb} it", actor=actor, why=why, verb=Word("verb", name)),
            say("{who} without a part in the deal may", who=_who(request, world, row)),
            "sod",
        )


def _who(request: Request, world: World, row: Verb) -> str:
    people = movers(request, world) if row.may & {"O", "S"} else ()
    people += tuple(giver for giver in final_approvers(request) if giver != request.submitted_by) if row.last else ()
    if people:
        return say("{people} or an admin", people=listed(people)) if "A" in row.may else listed(people)
    admins = sorted(login for login in world.users if world.is_admin(login))
    return say("an admin ({admins})", admins=listed(admins) or say("nobody yet"))


def require_known(login: str, world: World) -> None:
    """Refuse (3) somebody who is no user, with who may be meant."""
    if login not in world.users:
        from oppcli.words.names import nobody

        raise NotFound(nobody(login, world.users), hint=command("user", "list"))


def require_overriding(request: Request, world: World) -> None:
    """Refuse what admins do past the holders where the policy, then or now, does not let them."""
    if not (world.policy.override and world.rules(request).override):
        raise barred(request, say("the policy does not allow overrides"), command("policy", "show"))


def require_unrequired(request: Request, world: World) -> None:
    """Refuse to go past the holders of a type that requires a role, now or when it was submitted."""
    now = world.policy.types.get(request.type)
    roles = dict.fromkeys((*world.type_rule(request).require, *(now.require if now is not None else ())))
    if roles:
        from oppcli.model.calling import every_called

        told = {"type": request.named_type, "roles": every_called(roles, world.policy.role_titles)}
        raise barred(
            request,
            say("{type} requires {roles}: nobody goes past them, not even an admin", **told),
            command("request", "show", called(request)),
            "role_required",
        )


def require_submitter(world: World, actor: str) -> None:
    """The owner of the deal, or an admin. Refused for everybody else."""
    owner, deal = world.deal.owner, ref("deal", world.deal.id)
    held = relations(world.users[actor], world.users, owner=owner) if world.active(actor) else ""
    if verb("request submit").allows(held):
        return
    who = say("its owner {owner} or an admin may", owner=owner) if owner else say("nobody owns it; an admin may")
    raise NotAllowed(
        say("{actor} may not submit {deal}", actor=actor, deal=deal),
        hint=say(
            "{who}; to hand the deal over: {assign}",
            who=who,
            assign=command("deal", "assign", deal, "--to", "LOGIN", ready=False, another=True),
        ),
    )


def final_approvers(request: Request) -> tuple[str, ...]:
    """Who approved in the last group, in order."""
    last = max((step.group for step in request.plan), default=0)
    steps = {step.position for step in request.plan if step.group == last}
    return tuple(dict.fromkeys(v.actor for v in votes(request) if v.step in steps and v.verdict == APPROVE))


def require_code(request: Request, world: World, name: str, code: str | None) -> str | None:
    """The reason by its name, of those that the type lists; any text where it lists none. Refused for any other, and
    for none at all, naming them."""
    known, given = world.type_rule(request).reasons, (code or "").strip()
    if not known or given in known:
        return given or None
    if given:
        from oppcli.words.named import understood
        from oppcli.words.spelling import nearest

        meant = understood(given, known, lambda _: ())
        if meant is not None:
            return meant
        said = say("{code} is not one of {known}{near}", code=given, known=listed(known), near=nearest(given, known))
        raise UsageError(said, hint=command("request", name, called(request), "--reason", known[0]))
    refusal = Unchosen(
        say("{verb} needs one of the reasons of {type}", verb=Word("verb", name), type=request.named_type),
        hint=command("request", name, called(request), "--reason", known[0]),
        reasons=tuple(Reason(each, "", f"--reason {each}") for each in known),
    )
    refusal.param = "reason"
    raise refusal


SAYING = ("ask", "reply")
"""Verbs whose text is all that they bring, and explains nothing."""


def require_reason(request: Request, name: str, reason: str | None, *more: str) -> None:
    """Refuse a verb that must be explained and is not; `more` is what else its command needs."""
    if verb(f"request {name}").needs_reason and not (reason or "").strip():
        word = Word("verb", name)
        raise UsageError(
            say("{verb} needs a text", verb=word) if name in SAYING else say("{verb} needs a reason", verb=word),
            hint=command("request", name, called(request), *more, "-m", BLANK),
        )
