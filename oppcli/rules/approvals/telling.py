"""What people are told: one sentence each, written with the change and delivered later."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from oppcli.model import money
from oppcli.model.command import BLANK, command
from oppcli.model.journal import SYSTEM, UNTYPED
from oppcli.model.noun import replace
from oppcli.model.people import ADMIN
from oppcli.model.refs import ref
from oppcli.model.requests import OPEN, RETURNED, Request, Step
from oppcli.model.said import Word, coded, listed, say
from oppcli.rules.approvals.eligible import called, delegates, excluded, movers, named
from oppcli.rules.approvals.transition import Event, Transition
from oppcli.rules.approvals.world import World

if TYPE_CHECKING:
    from oppcli.model.notices import Notice


def tell(
    request: Request,
    world: World,
    people: Iterable[str | None],
    kind: str,
    text: str,
    step: Step | None = None,
) -> "tuple[Notice, ...]":
    """One notice for each active person, none twice. The letter will say when `step` is due."""
    from oppcli.model.notices import Notice

    made = Notice(
        to="",
        kind=kind,
        request_id=request.id or None,
        deal_id=request.deal_id,
        text=text,
        step=None if step is None else step.name,
        at=world.now,
    )
    return tuple(
        replace(made, to=login) for login in dict.fromkeys(people) if login is not None and world.active(login)
    )


def subject(request: Request, world: World) -> str:
    """`R-31, quote for D-142 上海精密仪器, CNY 800,000.00`."""
    amount: str = ""
    if request.amount is not None:
        amount = say(", {amount}", amount=money.shown(request.amount, request.currency))
    return say(
        "{request}, {type} for {deal} {title}{amount}",
        request=called(request),
        type=request.named_type,
        deal=ref("deal", request.deal_id),
        title=world.deal.title,
        amount=amount,
    )


def waiting(
    request: Request, step: Step, logins: Iterable[str], world: World, *, kind: str = "opened"
) -> "tuple[Notice, ...]":
    """To those who may fill a seat, and to their delegates of now who may decide it as well."""
    text = say("{subject}: {name} waits for your decision", subject=subject(request, world), name=step.name)
    if request.revision > 1:
        from oppcli.rules.approvals.figures import changes

        text = say("{text}; changed: {what}", text=text, what=listed(changes(request, world), "; "))
    for answer in request.answers[-1:]:
        if answer["at"] == world.now:
            text = say("{text}; {who} answers: {answer}", text=text, who=answer["by"], answer=answer["text"])
    found = [(login, delegates(login, request, world)) for login in logins]
    barred = excluded(request, world, step) if any(others for _, others in found) else ()
    people = [each for login, others in found for each in (login, *(to for to in others if to not in barred))]
    return tell(request, world, people, kind, text, step)


def moved(request: Request, step: Step, giver: str | None, to: str, world: World, *, by: str) -> "tuple[Notice, ...]":
    """To whose seat an admin gave away."""
    text = say(
        "{subject}: {by} gave your seat in {name} to {to}",
        subject=subject(request, world),
        by=by,
        name=step.name,
        to=to,
    )
    return tell(request, world, (giver,), "handed", text)


def blocked(request: Request, step: Step, world: World) -> "tuple[Notice, ...]":
    """To the admins: nobody may fill a seat."""
    fix = command("request", "transfer", called(request), "--to", "LOGIN", "-m", BLANK)
    return tell(
        request,
        world,
        admins(world),
        "blocked",
        say("{subject}: nobody can decide {name}; {fix}", subject=subject(request, world), name=step.name, fix=fix),
    )


def handed_on(request: Request, world: World, people: Collection[str]) -> "tuple[Notice, ...]":
    """To those who may send a returned request on from now on; to the admins where nobody is left who may."""
    line = command("request", "resubmit", called(request))
    if people:
        text = say("{what}: returned, and yours to resubmit now: {line}", what=subject(request, world), line=line)
        return tell(request, world, people, RETURNED, text)
    if movers(request, world):
        return ()
    text = say("{what}: returned, and nobody is left to resubmit it: {line}", what=subject(request, world), line=line)
    return tell(request, world, admins(world), "blocked", text)


def admins(world: World) -> list[str]:
    return [login for login, user in sorted(world.users.items()) if ADMIN in user.roles]


def holding(step: Step) -> tuple[str, ...]:
    """Everybody who holds an open seat of the step, in order."""
    return tuple(dict.fromkeys(h.login for seat in step.seats if seat.state == OPEN for h in seat.holders))


def seated(request: Request) -> tuple[str, ...]:
    """Everybody who holds an open seat of an open step, in order."""
    return tuple(dict.fromkeys(login for step in request.open_steps for login in holding(step)))


def asked(request: Request) -> tuple[str, ...]:
    """Everybody who holds an open seat or has decided something in the current revision."""
    decided = (d.actor for d in request.decisions if d.revision == request.revision)
    return tuple(dict.fromkeys((*seated(request), *decided)))


def concerned(request: Request, world: World) -> tuple[str | None, ...]:
    """Everybody to whom it matters how a request ends: who submitted it or owns the deal, and whoever was asked."""
    return (*submitters(request, world), *asked(request))


def turned(
    before: Request, after: Request, world: World, people: Iterable[str | None], *, by: str, reason: str | None
) -> Transition:
    """The request in another state: these people are told, but who caused it, and the trail says so."""
    told = ended(after, world, people, after.state, by=by, why=reason or "")
    return Transition(after, told, (Event("request", by, reason=reason, was=before.state, now=after.state),))


def ended(
    request: Request, world: World, people: Iterable[str | None], kind: str, *, by: str, why: str = ""
) -> "tuple[Notice, ...]":
    """That a request took a turn, to everybody concerned but the one who caused it."""
    text = say(
        "{subject}: {kind} by {by}{why}",
        subject=subject(request, world),
        kind=Word("past", kind),
        by=_known(by, world),
        why=say(" ({why})", why=coded("end", why)) if why else "",
    )
    return tell(request, world, (login for login in people if login != by), kind, text)


def _known(login: str, world: World) -> str:
    """Who acts, with how the program knew: `wang (claimed)`; the login alone where nobody typed it."""
    if not world.by or world.by in UNTYPED:
        return Word("actor", login) if login == SYSTEM else login
    from oppcli.rules.bases import vouched

    return vouched(login, world.by)


def submitters(request: Request, world: World) -> tuple[str | None, ...]:
    """Submitter and owner."""
    return (request.submitted_by, request.owner, world.deal.owner)


def copied(request: Request, world: World, terms: Iterable[str], text: str) -> "tuple[Notice, ...]":
    """抄送: people who read along and have no vote."""
    logins = [holder.login for holder in named(terms, request, world, without=(), how="policy")]
    return tell(request, world, logins, "cc", say("{subject}: {text}", subject=subject(request, world), text=text))
