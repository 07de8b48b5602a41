"""A yes with terms: what is asked for, that it is met or waived, what it keeps the deal from (transitions 36, 37)."""

from collections.abc import Iterable

from oppcli.errors import Conflict, NotFound, Reason, UsageError
from oppcli.model.command import BLANK, Command, command
from oppcli.model.deals import LOST
from oppcli.model.noun import replace
from oppcli.model.policy import Policy
from oppcli.model.refs import ref
from oppcli.model.requests import APPROVED, MET, PENDING, WAIVED, Decision, Request, Term
from oppcli.model.said import Word, listed, say
from oppcli.rules import conditions, fields, pipeline
from oppcli.rules.approvals import telling
from oppcli.rules.approvals.authority import barred
from oppcli.rules.approvals.conditional import blocked_by, holds
from oppcli.rules.approvals.eligible import called, movers, parts
from oppcli.rules.approvals.situation import require_state
from oppcli.rules.approvals.transition import Event, Transition
from oppcli.rules.approvals.world import World
from oppcli.tuples import NamedTuple

SLUG = "term_open"


class Asked(NamedTuple):
    """What somebody asks for with a yes."""

    texts: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    """Conditions that are checked."""
    before: str | None = None
    """The stage that waits for it; by default the next whose gate asks for the type, else the next."""


NOTHING_ASKED = Asked()


def require_terms(request: Request, world: World, asked: Asked) -> None:
    """Refuse terms that say nothing, conditions that cannot be asked, and a stage that is not ahead."""
    if not (asked.texts or asked.tests):
        if asked.before is not None:
            raise UsageError(say("--before goes with --condition or --if"))
        return
    policy = world.rules(request)
    wrong = [Reason("--condition", say("is empty")) for text in asked.texts if not text.strip()]
    if asked.tests:
        from oppcli.rules.faults import faults

        known = fields.fields(policy)
        kinds = fields.field_kinds(policy)
        choices = {name: field.values for name, field in known.items() if field.values}
        for text in _tests(asked, policy):
            found = faults(text, kinds, choices, currency=policy.currency) if text.strip() else ()
            wrong += [Reason("--if", fault.message) for fault in found]
            wrong += [] if text.strip() and text.strip() != "always" else [Reason("--if", say("is empty"))]
    if wrong:
        raise UsageError(say("the terms of {request} cannot be used", request=called(request)), reasons=tuple(wrong))
    stage_before(request, world, asked.before)


def _tests(asked: Asked, policy: Policy) -> list[str]:
    """The conditions with fields by their names, whatever they were called."""
    if not asked.tests:
        return []
    from oppcli.rules.field_titles import by_name

    titles = fields.titles(fields.fields(policy))
    return [by_name(text.strip(), titles) for text in asked.tests]


def stage_before(request: Request, world: World, name: str | None) -> str:
    """The stage that waits: the one named, else the next whose gate asks for the type, else the next. Refused for one
    that the deal is in or behind, and for that of lost deals."""
    policy = world.policy
    here = policy.position(world.deal.stage)
    way = None if here is None else policy.stages[here].pipeline
    later = policy.stages[(-1 if here is None else here) + 1 :]
    ahead = [stage for stage in later if stage.kind != LOST and way in (None, stage.pipeline)]
    if name is not None:
        found = pipeline.stage_named(name, policy)
        if found not in ahead:
            told = say("{stage} is not ahead of {deal}", stage=found.name, deal=ref("deal", world.deal.id))
            raise UsageError(told, hint=say("the stages ahead are {names}", names=listed(s.name for s in ahead)))
        return found.name
    asking = [stage for stage in ahead if request.type in policy.gates.get(stage.name, ())]
    return (asking or ahead or list(policy.stages[-1:]))[0].name


def attached(request: Request, world: World, decision: Decision, asked: Asked) -> Transition:
    """The request with what its newest decision asks for."""
    if not (asked.texts or asked.tests):
        return Transition(request)
    stage = stage_before(request, world, asked.before)
    wanted = [(text.strip(), None) for text in asked.texts] + [
        (test, test) for test in _tests(asked, world.rules(request))
    ]
    first = len(request.terms) + 1
    made = tuple(
        Term(number=number, decision=decision.number, text=text, test=test, before=stage)
        for number, (text, test) in enumerate(wanted, first)
    )
    events = tuple(Event("term", decision.actor, reason=term.text, now=stage) for term in made)
    after = replace(request, terms=(*request.terms, *made))
    text = say(
        "{subject}: {who} agrees if {terms}, before {stage}",
        subject=telling.subject(request, world),
        who=decision.actor,
        terms=listed(term.text for term in made),
        stage=stage,
    )
    return Transition(after, telling.tell(after, world, telling.submitters(after, world), "term", text), events)


def met(
    request: Request,
    world: World,
    actor: str,
    number: int | None,
    *,
    why: str | None = None,
    file: str | None = None,
    waive: bool = False,
) -> Transition:
    """A term closed: met, by who asked for it, their step's people, or the submitter and owner, whose word is a claim
    and told to who asked; waived by the former and by admins without a part in the deal. Refused for others, for one
    that is closed, for a condition that does not hold, and to waive without a reason."""
    require_state(request, world, (PENDING, APPROVED))
    term = _the_one(request, number)
    _require_closer(request, world, actor, term, waive=waive)
    _require_closable(request, world, term, why, waive=waive)
    said = (why or "").strip() or None
    state = WAIVED if waive else MET
    closed = replace(term, state=state, closed_by=actor, closed_at=world.now, why=said, file=file)
    after = _with(request, closed)
    text = say(
        "{subject}: condition “{text}” {state} by {who}{why}",
        subject=telling.subject(request, world),
        text=term.text,
        state=Word("term", state),
        who=actor,
        why=say(" ({why})", why=said) if said else "",
    )
    told = (*setters(request, term), *telling.submitters(request, world))
    notices = telling.tell(after, world, (login for login in told if login != actor), "term", text)
    event = Event("waive" if waive else "met", actor, reason=said, was=term.text, now=str(term.number))
    return Transition(after, notices, (event,))


def _require_closer(request: Request, world: World, actor: str, term: Term, *, waive: bool) -> None:
    """Refuse who may neither say that it is met nor waive it."""
    people = setters(request, term)
    if waive:
        may = actor in people or (world.is_admin(actor) and actor not in parts(request, world))
    else:
        people = tuple(dict.fromkeys((*people, *movers(request, world))))
        may = actor in people
    if may and world.active(actor):
        return
    told = {"actor": actor, "n": term.number, "request": called(request)}
    raise barred(
        request,
        say("{actor} may not waive condition {n} of {request}", **told)
        if waive
        else say("{actor} may not say that condition {n} of {request} is met", **told),
        say("{who} may", who=listed(people)),
    )


def setters(request: Request, term: Term) -> tuple[str, ...]:
    """Who asked for it, and the people of their step."""
    made = next(decision for decision in request.decisions if decision.number == term.decision)
    steps = (s for s in request.steps if (s.revision, s.position) == (made.revision, made.step))
    people = [holder.login for step in steps for seat in step.seats for holder in seat.holders]
    return tuple(dict.fromkeys(login for login in (made.actor, made.on_behalf_of, *people) if login))


def _require_closable(request: Request, world: World, term: Term, why: str | None, *, waive: bool) -> None:
    show = command("request", "show", called(request))
    if not term.waits:
        told = say(
            "condition {n} of {request} is {state}",
            n=term.number,
            request=called(request),
            state=Word("term", term.state),
        )
        raise Conflict(told, hint=show, slug="wrong_state")
    if waive and not (why or "").strip():
        line = command("request", "met", called(request), str(term.number), "--waive", "-m", BLANK)
        raise UsageError(say("say why it is waived"), hint=line)
    if not waive and term.test is not None and not holds(term, request, world):
        raise Conflict(say("{test} does not hold now", test=term.test), hint=show, slug=SLUG)


def _the_one(request: Request, number: int | None) -> Term:
    found = [term for term in request.terms if number in (term.number, None) and (number or term.waits)]
    if len(found) == 1:
        return found[0]
    if not request.terms or (number is not None and not found):
        told = say("{request} has no condition {n}", request=called(request), n=number or 1)
        raise NotFound(told, hint=command("request", "show", called(request)))
    if not any(term.waits for term in request.terms):
        told = say("{request} has no open condition", request=called(request))
        raise Conflict(told, hint=command("request", "show", called(request)), slug="wrong_state")
    open_ones = tuple(
        Reason(str(term.number), term.text, command("request", "met", called(request), str(term.number)))
        for term in request.terms
        if term.waits
    )
    raise Conflict(say("say which condition of {request}", request=called(request)), reasons=open_ones)


def _with(request: Request, closed: Term) -> Request:
    return replace(request, terms=tuple(closed if term.number == closed.number else term for term in request.terms))


def move_reasons(world: World, into: str, requests: Iterable[Request] | None = None) -> tuple[Reason, ...]:
    """The terms that keep a deal out of a stage: their own is that one or lies before it."""
    target = world.policy.position(into)
    found = []
    for request in world.requests if requests is None else requests:
        for term in blocked_by(request, world):
            place = world.policy.position(term.before)
            if target is None or place is None or place <= target:
                found.append(_reason(term, request, world))
    return tuple(found)


def _reason(term: Term, request: Request, world: World) -> Reason:
    what = say("condition {n} of {request}", n=term.number, request=called(request))
    if term.test is None:
        detail = say("{text}, before {stage}", text=term.text, stage=term.before)
        return Reason(what, detail, _closing(request, term), SLUG)
    detail = say("{text} does not hold, before {stage}", text=term.text, stage=term.before)
    field = min(conditions.reads(conditions.unchecked(term.test)), default="")
    return Reason(what, detail, pipeline.mend(world.deal, field, world.policy), SLUG)


def _closing(request: Request, term: Term) -> Command:
    return command("request", "met", called(request), str(term.number))
