"""What approvers want to know before they decide: ask and reply (transitions 33 and 34). No clock stops for it."""

from oppcli.errors import Conflict, OppError, Reason, UsageError
from oppcli.model.command import BLANK, command
from oppcli.model.noun import replace
from oppcli.model.requests import LIVE_STATES, Question, Request
from oppcli.model.said import listed, say
from oppcli.rules.approvals import telling
from oppcli.rules.approvals.authority import barred, chances, objections, refuse
from oppcli.rules.approvals.eligible import called, movers
from oppcli.rules.approvals.permitted import require_known, require_reason
from oppcli.rules.approvals.seating import settle
from oppcli.rules.approvals.situation import require_state
from oppcli.rules.approvals.transition import Event, Transition
from oppcli.rules.approvals.world import World
from oppcli.rules.rights import acting


def ask(
    request: Request, world: World, actor: str, text: str, *, to: str | None = None, step: str | None = None
) -> Transition:
    """A question of somebody who may decide now, to the submitter or to `to`. Refused like a decision, without a text,
    and for whom nobody can ask: unknown, inactive, or oneself."""
    live = settle(request, world)
    found = objections(live.request, world, actor, step=step)
    if found:
        raise refuse(live.request, found)
    chance = next(c for c in chances(live.request, world, actor) if step in (None, c.step.name))
    asked = to or _submitter(request, world)
    _require_askable(request, world, actor, asked)
    require_reason(request, "ask", text)
    made = Question(
        number=len(request.questions) + 1,
        step=chance.step.position,
        by=actor,
        to=asked,
        text=text.strip(),
        at=world.now,
    )
    after = replace(live.request, questions=(*request.questions, made))
    line = command("request", "reply", called(request), "-m", BLANK)
    said = say(
        "{subject}: {who} asks: {text}; {line}",
        subject=telling.subject(request, world),
        who=actor,
        text=made.text,
        line=line,
    )
    event = Event("ask", actor, chance.step.name, on_behalf_of=chance.on_behalf_of, reason=made.text, now=asked)
    return live.then(Transition(after, telling.tell(after, world, (asked,), "asked", said), (event,)))


def _submitter(request: Request, world: World) -> str:
    """Who answers where nobody else is named: the submitter, or who follows them."""
    found = movers(request, world)
    if not found:
        raise Conflict(
            say("nobody is left to answer for {request}", request=called(request)),
            hint=command("request", "ask", called(request), "--to", "LOGIN", "-m", BLANK, ready=False),
        )
    return found[0]


def _require_askable(request: Request, world: World, actor: str, to: str) -> None:
    require_known(to, world)
    if to == actor:
        raise UsageError(say("{actor} cannot ask {actor}", actor=actor))
    if not world.active(to) or to in world.services:
        raise Conflict(say("{to} cannot answer for {request}", to=to, request=called(request)))


def reply(request: Request, world: World, actor: str, text: str, *, question: int | None = None) -> Transition:
    """The answer of who was asked, the submitter or the owner. Who asked and who decides are told. Refused for others,
    without a text, where nothing is asked, and where one of several has to be named."""
    require_state(request, world, LIVE_STATES)
    mine = answerable(request, world, actor)
    if not mine:
        raise _not_theirs(request, world, actor)
    asked = _the_one(request, mine, question)
    require_reason(request, "reply", text)
    said = text.strip()
    answered = replace(asked, answer=said, answered_by=actor, answered_at=world.now)
    kept = tuple(answered if each.number == asked.number else each for each in request.questions)
    after = replace(request, questions=kept)
    words = say(
        "{subject}: {who} answers “{question}”: {text}",
        subject=telling.subject(request, world),
        who=actor,
        question=asked.text,
        text=said,
    )
    people = [login for login in (asked.by, *telling.seated(request)) if login != actor]
    event = Event("reply", actor, reason=said, now=asked.by)
    return Transition(after, telling.tell(after, world, people, "answered", words), (event,))


def answerable(request: Request, world: World, actor: str) -> tuple[Question, ...]:
    """The open questions that somebody may answer."""
    if not world.active(actor):
        return ()
    everything = actor in movers(request, world)
    return tuple(each for each in request.asking if everything or actor in acting((each.to,), world.users))


def _the_one(request: Request, mine: tuple[Question, ...], number: int | None) -> Question:
    found = [each for each in mine if number in (None, each.number)]
    if len(found) == 1:
        return found[0]
    reasons = tuple(
        Reason(str(each.number), say("{who} asks: {text}", who=each.by, text=each.text), f"--question {each.number}")
        for each in mine
    )
    message = (
        say("{request} has {n} open questions: say which", request=called(request), n=len(found))
        if found
        else say("{request} has no open question {number} for you", request=called(request), number=number)
    )
    raise Conflict(message, reasons=reasons, slug="wrong_state")


def _not_theirs(request: Request, world: World, actor: str) -> OppError:
    show = command("request", "show", called(request))
    if not request.asking:
        return Conflict(
            say("nobody asks anything in {request}", request=called(request)), hint=show, slug="wrong_state"
        )
    people = listed(dict.fromkeys((*(each.to for each in request.asking), *movers(request, world))))
    return barred(
        request,
        say("{actor} was asked nothing in {request}", actor=actor, request=called(request)),
        say("{who} may answer", who=people),
    )
