"""People for a step: who is in conflict, whom `who` names today, and for whom somebody may act."""

from collections.abc import Collection, Iterable

from oppcli.model import money
from oppcli.model.approver import CHOSEN, FIELD, ROLE, USER, Approver, approver, role, role_in
from oppcli.model.people import Delegation
from oppcli.model.policy import COMMENT, StepRule
from oppcli.model.refs import ref
from oppcli.model.requests import PENDING, REDONE, RETURNED, Holder, Request, Step
from oppcli.model.said import say
from oppcli.rules.approvals.counting import votes
from oppcli.rules.approvals.world import World
from oppcli.rules.rights import acting, superiors


def called(request: Request) -> str:
    """`R-31`, or what a request is called before it has a number."""
    return ref("request", request.id) if request.id else say("the {type} request", type=request.named_type)


def excluded(request: Request, world: World, step: Step | None = None) -> dict[str, str]:
    """Who must not decide, and why: who has a part in the deal, where the policy does not let them; services; and for a
    step those who decided in one it must be distinct from. Admins are no exception."""
    sod = world.rules(request).sod
    found = parts(request, world, own=not sod.submitter_may_approve, edited=not sod.editor_may_approve)
    found |= dict.fromkeys(world.services, say("is a service"))
    if step is not None:
        found = _aside(request, step) | _distinct(request, world, step) | found
        if world.type_rule(request).require:
            from oppcli.rules.approvals.guaranteeing import strangers

            found = {**strangers(step, request, world), **found}
    return found


def _aside(request: Request, step: Step) -> dict[str, str]:
    """Who recused themselves from a step that is asked again: they are not asked in its copy."""
    before = (each for each in request.steps if each.state == REDONE and each.revision == step.revision)
    why = say("stood aside from {name}", name=step.name)
    return {who: why for each in before if each.name == step.name for seat in each.seats for who in seat.aside}


def parts(request: Request, world: World, *, own: bool = True, edited: bool = True) -> dict[str, str]:
    """Who has a part in the deal of a request, and which: its submitter, owner and collaborators (`own`), and who
    changed what this revision shows (`edited`)."""
    found: dict[str, str] = {}
    if edited and request.revisions:
        why = say(
            "changed what revision {revision} of {request} shows", revision=request.revision, request=called(request)
        )
        found |= dict.fromkeys(request.facts.editors, why)
    if own:
        deal = ref("deal", request.deal_id)
        found |= dict.fromkeys(world.deal.collaborators, say("works on {deal}", deal=deal))
        found |= dict.fromkeys(owners(request, world), say("owns {deal}", deal=deal))
        found[request.submitted_by] = say("submitted {request}", request=called(request))
    return found


def rule_of(request: Request, world: World, step: Step) -> StepRule | None:
    """The frozen rule of a step, of an added one that of the step it was added to."""
    wanted = step.like or step.name
    return next((rule for rule in world.type_rule(request).steps if rule.name == wanted), None)


def brings(request: Request, world: World, step: Step) -> tuple[str, ...]:
    """What whoever agrees in this step has to bring: `comment`, `file:KIND`, fields."""
    rule = rule_of(request, world, step)
    return () if rule is None else rule.approve_needs


def wants_comment(request: Request, world: World, step: Step) -> bool:
    """Whether whoever agrees in this step has to say why."""
    return COMMENT in brings(request, world, step)


def owners(request: Request, world: World) -> tuple[str, ...]:
    """Who owned the deal when it was submitted, and who owns it now."""
    return tuple(login for login in dict.fromkeys((request.owner, world.deal.owner)) if login)


def movers(request: Request, world: World) -> tuple[str, ...]:
    """Who may send a returned request on: its submitter and the deal's owner, or who follows them where they left."""
    return acting((request.submitted_by, world.deal.owner), world.users)


def blocked(request: Request, world: World) -> bool:
    """Whether nobody but an admin can move the request on."""
    if request.state == RETURNED:
        return not movers(request, world)
    return request.state == PENDING and any(seat.blocked for step in request.open_steps for seat in step.seats)


def _distinct(request: Request, world: World, step: Step) -> dict[str, str]:
    apart = {name for group in world.rules(request).sod.distinct if step.name in group for name in group}
    others = {other.position: other.name for other in request.plan if other.name in apart - {step.name}}
    return {
        vote.actor: say(
            "decided {other}, which must be somebody else than {name}", other=others[vote.step], name=step.name
        )
        for vote in votes(request)
        if vote.step in others
    }


def named(
    terms: Iterable[str], request: Request, world: World, *, without: Collection[str], how: str
) -> tuple[Holder, ...]:
    """The people the terms stand for today, none twice, nobody in `without`."""
    found: dict[str, Holder] = {}
    for term in terms:
        for login in _logins(approver(term), request.submitted_by, world, without):
            found.setdefault(login, Holder(login=login, how=how, via=term))
    return tuple(found.values())


def asked(
    step: Step, request: Request, world: World, *, without: Collection[str], terms: Iterable[str] | None = None
) -> tuple[Holder, ...]:
    """The people whom a step asks today (`terms`: some of what it names), who is chosen of a role and who stands in a
    field among them. A role of which nobody is chosen is asked whole."""
    found: dict[str, Holder] = {}
    for text in step.who if terms is None else terms:
        term = approver(text)
        if term.kind == CHOSEN:
            people = may_be_chosen(step, request, world, term) or world.members(term.name)
            held = (Holder(login=p, how="policy", via=role(term.name)) for p in people if p not in without)
        elif term.kind == FIELD:
            held = (Holder(login=p, how="policy", via=text) for p in in_field(term.name, request, world, without))
        else:
            held = (holder for holder in named((text,), request, world, without=without, how="policy"))
        for holder in held:
            found.setdefault(holder.login, holder)
    return tuple(found.values())


def may_be_chosen(step: Step, request: Request, world: World, of: Approver | None = None) -> tuple[str, ...]:
    """Who was chosen for a step and is still in the role."""
    wanted = request.chosen.get(step.like or step.name, ())
    terms = [term for term in map(approver, step.who) if term.kind == CHOSEN and of in (None, term)]
    return tuple(login for login in wanted if any(login in world.members(term.name) for term in terms))


def in_field(name: str, request: Request, world: World, without: Collection[str]) -> tuple[str, ...]:
    """Who stands in a field of the deal, where that is somebody who may decide."""
    login = str(world.raw_facts(world.rules(request)).get(name) or "").strip()
    return (login,) if world.active(login) and login not in without else ()


def _logins(term: Approver, below: str, world: World, without: Collection[str]) -> tuple[str, ...]:
    if term.kind == ROLE:
        return tuple(login for login in world.members(term.name) if login not in without)
    if term.kind == USER:
        return (term.name,) if world.active(term.name) and term.name not in without else ()
    return climb(below, term.above, world, without)


def climb(login: str, start: int, world: World, without: Collection[str]) -> tuple[str, ...]:
    """The superior `start` levels above the direct one; from there on upwards the first who is free to decide."""
    line = superiors(login, world.users)
    free = (above for above in line[start:] if world.active(above) and above not in without)
    return tuple(free)[:1]


def still_named(holder: Holder, world: World) -> bool:
    """Whether what gave a holder the seat still holds: a role may have been lost; everything else lasts."""
    role = role_in(holder.via)
    return role is None or holder.how not in LENT or holder.login in world.members(role)


LENT = ("policy", "fallback", "stand_in")
"""Ways of holding a seat that end with the role; a transfer, a succession, an escalation do not."""


def hats(login: str, holders: Iterable[Holder], request: Request, world: World) -> tuple[str | None, ...]:
    """For whom `login` may fill the seat: None is their own right, else those who delegated to them."""
    logins = [holder.login for holder in holders]
    if login in logins:
        return (None,)
    return tuple(frm for frm in logins if delegated(frm, login, request, world))


def delegated(frm: str, to: str, request: Request, world: World) -> bool:
    return any(item.frm == frm and item.to == to and in_force(item, request, world) for item in world.delegations)


def in_force(item: Delegation, request: Request, world: World) -> bool:
    """Whether a delegation covers this request now. The window is [start, end); an unknown amount is above any cap."""
    if not item.starts_at <= world.now < item.ends_at or (item.types and request.type not in item.types):
        return False
    if item.max_amount is None:
        return True
    amount = amount_in_policy_currency(request, world)
    return amount is not None and amount <= item.max_amount


def amount_in_policy_currency(request: Request, world: World) -> int | None:
    """Minor units; None where it is unknown or there is no rate."""
    own, theirs = world.policy.currency, request.currency
    if request.amount is None or theirs == own:
        return request.amount
    if world.rate is None:
        return None
    from oppcli.rules import exchange

    return money.to_minor(exchange.rounded(money.to_major(request.amount, theirs) * world.rate, own), own)


def delegates(login: str, request: Request, world: World) -> tuple[str, ...]:
    """Who may act for a holder now."""
    found = (item.to for item in world.delegations if item.to and item.frm == login and in_force(item, request, world))
    return tuple(to for to in dict.fromkeys(found) if world.active(to))
