"""A request as people read it: its steps in order, who holds them since when and until when, and every decision."""

from collections.abc import Mapping, Sequence

from oppcli.model.requests import LAPSED, OPEN, RETURNED, WAITING, Decision, Question, Request, Seat, Step, Term
from oppcli.model.said import Speak, Word, listed, say
from oppcli.model.units import HOUR_MS
from oppcli.reads.given import Given
from oppcli.reads.request_parts import rule_text
from oppcli.render.screen import pad, width
from oppcli.rules.approvals.conditional import blocking
from oppcli.rules.approvals.counting import VOTES, counts, superseded
from oppcli.rules.approvals.figures import DIGITS
from oppcli.rules.approvals.outlook import Expected
from oppcli.rules.approvals.transition import asked_again
from oppcli.rules.approvals.world import World
from oppcli.rules.bases import vouched


def aligned(rows: Sequence[Sequence[str]], speak: Speak) -> tuple[str, ...]:
    """Rows of cells as their reader is told them, as lines, columns two cells apart."""
    if not rows:
        return ()
    told = [[speak(cell) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*told, strict=True)]
    lines = ("  ".join(pad(cell, cells) for cell, cells in zip(row, widths, strict=True)) for row in told)
    return tuple(f"  {line}".rstrip() for line in lines)


def orders(steps: Sequence[Step]) -> dict[int, int]:
    """Group → 1, 2 … in the order in which they open."""
    return {group: place for place, group in enumerate(dict.fromkeys(step.group for step in steps), 1)}


def submitted_lines(request: Request, expected: Sequence[Expected], world: World, speak: Speak) -> tuple[str, ...]:
    """After submitting: `1 销售主管  wang  due Mon 9 Mar 18:00`, and who comes after."""
    places = orders([each.step for each in expected])
    opened = {step.name: step for step in request.open_steps}
    rows = []
    for each in expected:
        place, step = places[each.step.group], opened.get(each.step.name)
        when = say("after {place}", place=place - 1) if place > 1 else ""
        if step is not None and step.due_at is not None:
            when = say("due {due_at}", due_at=world.say(step.due_at))
        who = _and(each.step.seats)
        who = say("{who} (repeated)", who=who) if each.repeats else who
        rows.append((str(place), each.step.name, who, when))
    return aligned(rows, speak)


def _and(seats: Sequence[Seat]) -> str:
    """`wang`, `chen or zhao`, `chen and qian`."""
    held = [listed((holder.login for holder in seat.holders), " or ") or say("nobody") for seat in seats]
    return listed(dict.fromkeys(held), " and ") if len(held) < 4 else listed(dict.fromkeys(held))


def said(request: Request, world: World) -> tuple[tuple[str, ...], ...]:
    """What was asked, answered, and said when it was submitted and sent on, the newest first."""
    told = [(each.at, each.number, _question(each, world)) for each in request.questions]
    if request.note:
        told.append(
            (request.submitted_at, 0, _note(say("{who} on submitting", who=request.submitted_by), request.note))
        )
    for place, answer in enumerate(request.answers, 1):
        who = say("{who} on sending it on", who=answer["by"])
        told.append((answer["at"], place, _note(who, answer["text"], world.say(answer["at"]))))
    return tuple(row for *_, row in sorted(told, key=lambda each: each[:2], reverse=True))


def _note(who: str, text: str, at: str = "") -> tuple[str, ...]:
    return "", who, text, at


def _question(question: Question, world: World) -> tuple[str, ...]:
    """`2  chen asks li  which terms?  60 days (li, Mon 9 Mar 14:00)`."""
    answer: str = say("not answered yet")
    if question.answered_at is not None:
        at = world.say(question.answered_at)
        answer = say("{text} ({who}, {at})", text=question.answer, who=question.answered_by, at=at)
    return str(question.number), say("{by} asks {to}", by=question.by, to=question.to), question.text, answer


def term(term: Term, request: Request, world: World) -> tuple[str, ...]:
    """`1  keep the price for 30 days  before 签约  open, asked by chen`."""
    made = next(decision for decision in request.decisions if decision.number == term.decision)
    state: str = Word("term", term.state)
    if term.waits and term.test is not None:
        state = say("does not hold") if blocking(term, request, world) else say("holds")
    stood = say("{state}, asked by {who}", state=state, who=made.actor)
    if term.closed_at is not None and term.state != LAPSED:
        stood = say("{state} by {who}, {at}", state=state, who=term.closed_by, at=world.say(term.closed_at))
    why = say(" ({why})", why=term.why) if term.why else ""
    before = say("before {stage}", stage=term.before)
    return str(term.number), term.text, before, say("{stood}{why}", stood=stood, why=why)


def step(step: Step, request: Request, world: World) -> tuple[str, ...]:
    place = str(orders((*request.plan, *asked_again(request)))[step.group])
    rule: str = Word("rule", step.rule)
    if rule == "at_least":
        rule = (
            say("{need} of {seats}", need=step.need, seats=len(step.seats))
            if step.seats
            else rule_text(step.rule, step.need, step.share)
        )
    return place, step.name, rule, _people(step, world.rules(request).role_titles), _when(step, request, world)


def _people(step: Step, titles: Mapping[str, str]) -> str:
    if step.state == WAITING and not step.seats:
        from oppcli.model.calling import every_called

        return every_called(step.who, titles)
    parts: list[str] = []
    for seat in step.seats:
        who = listed((holder.login for holder in seat.holders), " or ") or say("blocked")
        decided = say("{who} ({state})", who=seat.decided_by, state=Word("state", seat.state))
        parts.append(decided if seat.decided_by else who)
    return listed(parts)


def _when(step: Step, request: Request, world: World) -> str:
    if step.state != OPEN:
        at = say(" {at}", at=world.say(step.closed_at)) if step.closed_at is not None else ""
        late = say(", late") if step.breached_at is not None and step.closed_at is not None else ""
        return say("{state}{at}{late}", state=Word("state", step.state), at=at, late=late)
    if request.state == RETURNED:
        return say("paused, {remaining_ms:g} business hours left", remaining_ms=(step.remaining_ms or 0) / HOUR_MS)
    since = (
        say("open since {opened_at}", opened_at=world.say(step.opened_at))
        if step.opened_at is not None
        else say("open")
    )
    due = say(", due {due_at}", due_at=world.say(step.due_at)) if step.due_at is not None else ""
    late = say(" OVERDUE") if step.due_at is not None and world.now > step.due_at else ""
    return say("{since}{due}{late}", since=since, due=due, late=late)


def decision(decision: Decision, request: Request, world: World, given: Given) -> tuple[str, ...]:
    names = {(step.revision, step.position): step.name for step in request.steps}
    behalf = say(" for {on_behalf_of}", on_behalf_of=decision.on_behalf_of) if decision.on_behalf_of else ""
    remarks = [decision.told or ""]
    remarks += [say("repeated")] if decision.automatic else []
    remarks += [say("has a part in the deal")] if decision.own else []
    remarks += [say("back to {step}", step=decision.target)] if decision.target else []
    remarks += [say("with {kind} {digest}", kind=kind, digest=digest[:DIGITS]) for kind, digest in _files(decision)]
    remarks += [say("on condition {n}", n=each.number) for each in request.terms if each.decision == decision.number]
    if superseded(request, decision):
        remarks.append(say("superseded by revision {revision}", revision=decision.revision + 1))
    elif (decision.revision, decision.step) in request.redone and decision.verdict in VOTES:
        remarks.append(say("asked again"))
    elif decision.verdict in VOTES and not counts(request, decision):
        remarks.append(say("withdrawn"))
    said = listed((remark for remark in remarks if remark), "; ")
    step = names.get((decision.revision, decision.step), "–")
    who = say("{who}{behalf}", who=vouched(decision.actor, *given), behalf=behalf)
    return world.say(decision.at), who, Word("verdict", decision.verdict), step, said


def _files(decision: Decision) -> list[tuple[str, str]]:
    """Kind and fingerprint of each that was given with it."""
    parts = (each.rpartition(" ") for each in decision.files)
    return [(kind, digest) for kind, _, digest in parts]
