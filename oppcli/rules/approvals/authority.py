"""Who may decide an open step now, and every reason why somebody may not."""

from oppcli.errors import Conflict, NotAllowed, NotFound, OppError, Reason
from oppcli.model.command import command
from oppcli.model.requests import APPROVE, APPROVED, OPEN, PENDING, REJECTED, Decision, Request, Seat, Step
from oppcli.model.said import listed, say
from oppcli.rules.approvals.counting import counts, voters, votes
from oppcli.rules.approvals.eligible import called, excluded, hats, parts
from oppcli.rules.approvals.situation import described, difference, handing_over, next_command, standing
from oppcli.rules.approvals.world import World
from oppcli.tuples import NamedTuple


class Chance(NamedTuple):
    """A seat somebody may fill now, and for whom (None: in their own right)."""

    step: Step
    seat: Seat
    on_behalf_of: str | None


class Objection(NamedTuple):
    """One reason why somebody may not decide, with the error it is refused by."""

    error: type[OppError]
    what: str
    detail: str
    hint: str | None = None
    slug: str = ""


def chances(request: Request, world: World, login: str) -> tuple[Chance, ...]:
    """The seats `login` may fill now, one per open step at most; an own seat before one held for somebody else.

    The holders must be those of now (`seating.settle`)."""
    if request.state != PENDING or not world.active(login):
        return ()
    found = (_chance(request, world, login, step) for step in request.open_steps)
    return tuple(chance for chance in found if chance)


def _chance(request: Request, world: World, login: str, step: Step) -> Chance | None:
    if login in excluded(request, world, step) or login in voters(request, step):
        return None
    open_seats = (seat for seat in step.seats if seat.state == OPEN)
    found = [(hat, seat) for seat in open_seats for hat in hats(login, seat.holders, request, world)]
    found.sort(key=lambda pair: (pair[0] is not None, pair[1].number))
    return Chance(step, found[0][1], found[0][0]) if found else None


def objections(
    request: Request, world: World, login: str, *, step: str | None = None, revision: int | None = None
) -> tuple[Objection, ...]:
    """Everything that keeps `login` from deciding now, in the order it is checked; empty when they may.

    `revision` is the one they have seen. `request` as stored; its holders must be those of now."""
    found = [*_state(request, world), *_person(world, login)]
    if found:
        return tuple(found)
    if step is not None and step not in [other.name for other in request.open_steps]:
        names = listed(other.name for other in request.open_steps)
        return (
            Objection(
                Conflict,
                step,
                say("is not an open step of {request}; open: {names}", request=called(request), names=names),
            ),
        )
    asked = [other for other in request.open_steps if step in (None, other.name)]
    if not any(chance.step in asked for chance in chances(request, world, login)):
        found += _own(request, world, login, asked) or _seat(request, world, login, asked)
    if revision is not None and revision != request.revision:
        found.append(_moved_on(request, revision))
    return tuple(found)


def refuse(request: Request, found: tuple[Objection, ...]) -> OppError:
    """The error of the first objection, with all of them as reasons where there are several.

    An attempt on a seat that is not theirs is to be remembered in the journal."""
    first = found[0]
    reasons = tuple(Reason(item.what, item.detail, slug=item.slug) for item in found) if len(found) > 1 else ()
    error = first.error(listed((first.what, first.detail), " "), hint=first.hint, reasons=reasons, slug=first.slug)
    if isinstance(error, NotAllowed) and request.id:
        error.attempt = ("request", str(request.id))
    return error


def barred(request: Request, message: str, hint: str | None = None, slug: str = "") -> NotAllowed:
    """A refusal that the journal remembers: somebody tried what is not theirs to do."""
    error = NotAllowed(message, hint=hint, slug=slug)
    if request.id:
        error.attempt = ("request", str(request.id))
    return error


def _person(world: World, login: str) -> list[Objection]:
    if login not in world.users:
        return [Objection(NotFound, login, say("is not a user"), command("user", "add", login))]
    return (
        [] if world.active(login) else [Objection(NotAllowed, login, say("was deactivated"), command("user", "list"))]
    )


def _state(request: Request, world: World) -> list[Objection]:
    if request.state == PENDING:
        return []
    slug = "already_decided" if request.state in (APPROVED, REJECTED) else "wrong_state"
    return [Objection(Conflict, called(request), standing(request, world), next_command(request, world), slug)]


def _own(request: Request, world: World, login: str, asked: list[Step]) -> list[Objection]:
    """Conflicts of the person: own request, own change, a decision elsewhere, an earlier vote in the step."""
    hint = handing_over(request, world, login)
    why = dict.fromkeys(bar for step in asked if (bar := excluded(request, world, step).get(login)))
    slug = "own_request" if login in parts(request, world, edited=False) else "sod"
    if world.type_rule(request).require:
        from oppcli.rules.approvals.guaranteeing import strangers

        slug = "role_required" if any(login in strangers(step, request, world) for step in asked) else slug
    found = [
        Objection(NotAllowed, login, say("{reason} and cannot decide it", reason=reason), hint, slug) for reason in why
    ]
    return found + [_voted(request, world, login, step) for step in asked if login in voters(request, step)]


def _voted(request: Request, world: World, login: str, step: Step) -> Objection:
    """One person, one vote; whoever they stand in for needs somebody else."""
    lent = [
        frm for seat in step.seats if seat.state == OPEN for frm in hats(login, seat.holders, request, world) if frm
    ]
    agreed = any(vote.actor == login and vote.verdict == APPROVE for vote in votes(request, step))
    hint: str | None = command("request", "withdraw", called(request)) if agreed else None
    hint = say("{who}'s seat needs somebody else", who=listed(lent)) if lent else hint
    what = say("has a vote in {name} already: one person, one vote", name=step.name)
    return Objection(Conflict, login, what, hint, "needs_other" if lent else "already_decided")


def _seat(request: Request, world: World, login: str, asked: list[Step]) -> list[Objection]:
    """Not their seat; or it was, until somebody else decided first or they lost it."""
    first = next((d for d in reversed(request.decisions) if _took_seat_of(request, d, login, world)), None)
    if first is not None:
        what = described(request, first, world)
        return [
            Objection(
                Conflict,
                what,
                say(
                    "before {login}; {request} {standing}",
                    login=login,
                    request=called(request),
                    standing=standing(request, world),
                ),
                slug="already_decided",
            )
        ]
    names = listed((step.name for step in asked), " or ")
    return [
        Objection(
            NotAllowed,
            login,
            say("does not hold a seat in {names} of {request}", names=names, request=called(request)),
            handing_over(request, world, login),
            "not_holder",
        )
    ]


def _took_seat_of(request: Request, decision: Decision, login: str, world: World) -> bool:
    """Whether somebody else's counting decision filled a seat `login` could have filled."""
    if not counts(request, decision) or decision.actor == login:
        return False
    step = next(s for s in request.plan if s.position == decision.step)
    seat = next(s for s in step.seats if s.number == decision.seat)
    return bool(hats(login, seat.holders, request, world))


def _moved_on(request: Request, seen: int) -> Objection:
    detail = say(
        "is at revision {revision}, not {seen}: {difference}",
        revision=request.revision,
        seen=seen,
        difference=difference(request, seen),
    )
    return Objection(Conflict, called(request), detail, command("request", "show", called(request)), "moved_on")
