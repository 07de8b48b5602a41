"""A request as people read it: its steps in order, who holds them since when and until when, and every decision."""

from collections.abc import Sequence

from oppcli.model.refs import ref
from oppcli.model.requests import OPEN, RETURNED, WAITING, Decision, Request, Seat, Step
from oppcli.model.said import listed, say
from oppcli.model.units import HOUR_MS
from oppcli.render.screen import pad, width
from oppcli.rules.approvals.authority import standing
from oppcli.rules.approvals.counting import counts, superseded
from oppcli.rules.approvals.eligible import called
from oppcli.rules.approvals.figures import figures
from oppcli.rules.approvals.outlook import Expected
from oppcli.rules.approvals.world import World


def aligned(rows: Sequence[Sequence[str]], indent: str = "  ") -> tuple[str, ...]:
    """Rows of cells as lines, columns two cells apart."""
    if not rows:
        return ()
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(pad(cell, cells) for cell, cells in zip(row, widths, strict=True)) for row in rows)
    return tuple((indent + line).rstrip() for line in lines)


def orders(steps: Sequence[Step]) -> dict[int, int]:
    """Group → 1, 2 … in the order in which they open."""
    return {group: place for place, group in enumerate(dict.fromkeys(step.group for step in steps), 1)}


def submitted_lines(request: Request, expected: Sequence[Expected], world: World) -> tuple[str, ...]:
    """After submitting: `1 销售主管  wang  due Mon 9 Mar 18:00`, and who comes after."""
    places = orders([each.step for each in expected])
    opened = {step.name: step for step in request.open_steps}
    rows = []
    for each in expected:
        place, step = places[each.step.group], opened.get(each.step.name)
        when = say("after {place}", place=place - 1) if place > 1 else ""
        if step is not None and step.due_at is not None:
            when = say("due {due_at}", due_at=world.say(step.due_at))
        who = _and(each.step.seats) + (" (repeated)" if each.repeats else "")
        rows.append((str(place), each.step.name, who, when))
    return aligned(rows)


def _and(seats: Sequence[Seat]) -> str:
    """`wang`, `chen or zhao`, `chen and qian`."""
    held = [listed((holder.login for holder in seat.holders), " or ") or "nobody" for seat in seats]
    return listed(dict.fromkeys(held), " and ") if len(held) < 4 else listed(dict.fromkeys(held))


def request_text(request: Request, world: World, headline: str, ended_by: str | None = None) -> str:
    """The whole request: where it stands, what was shown, steps, decisions. `ended_by`: who cancelled, recalled or
    revoked it."""
    state = _state(request, world)
    lines = [
        f"{called(request)} {headline}",
        say("{state}, by {who}", state=state, who=ended_by) if ended_by else state,
    ]
    lines += [
        say(
            "submitted by {submitted_by} on {submitted_at}{after}",
            submitted_by=request.submitted_by,
            submitted_at=world.say(request.submitted_at),
            after=_after(request),
        )
    ]
    if request.note:
        lines.append(say("note: {text}", text=request.note))
    for answer in reversed(request.answers):
        at = world.say(answer["at"])
        lines.append(say("answer: {text} ({who}, {at})", text=answer["text"], who=answer["by"], at=at))
    if request.valid_until is not None:
        lines.append(say("valid until {valid_until}", valid_until=world.say(request.valid_until)))
    facts = [(each.title, each.told) for each in figures(request, world)]
    lines += ["", say("Shown to the approvers (revision {revision}):", revision=request.revision), *aligned(facts)]
    lines += ["", "Steps:", *aligned([_step(step, request, world) for step in request.plan])]
    if request.decisions:
        made = [_decision(decision, request, world) for decision in request.decisions]
        lines += ["", "Decisions:", *aligned(made)]
    return "\n".join(lines)


def _state(request: Request, world: World) -> str:
    return standing(request, world).replace("is ", "", 1)


def _after(request: Request) -> str:
    return say(", after {request}", request=ref("request", request.previous)) if request.previous else ""


def _step(step: Step, request: Request, world: World) -> tuple[str, ...]:
    place = str(orders(request.plan)[step.group])
    rule = step.rule
    if rule == "at_least":
        rule = (
            say("{need} of {seats}", need=step.need, seats=len(step.seats))
            if step.seats
            else say("at least {need}", need=step.need)
        )
    return place, step.name, rule, _people(step), _when(step, request, world)


def _people(step: Step) -> str:
    if step.state == WAITING and not step.seats:
        return listed(step.who)
    parts = []
    for seat in step.seats:
        who = listed((holder.login for holder in seat.holders), " or ") or "blocked"
        parts.append(f"{seat.decided_by} ({seat.state})" if seat.decided_by else who)
    return listed(parts)


def _when(step: Step, request: Request, world: World) -> str:
    if step.state != OPEN:
        at = f" {world.say(step.closed_at)}" if step.closed_at is not None else ""
        late = ", late" if step.breached_at is not None and step.closed_at is not None else ""
        return f"{step.state}{at}{late}"
    if request.state == RETURNED:
        return say("paused, {remaining_ms:g} business hours left", remaining_ms=(step.remaining_ms or 0) / HOUR_MS)
    since = say("open since {opened_at}", opened_at=world.say(step.opened_at)) if step.opened_at is not None else "open"
    due = say(", due {due_at}", due_at=world.say(step.due_at)) if step.due_at is not None else ""
    late = " OVERDUE" if step.due_at is not None and world.now > step.due_at else ""
    return since + due + late


def _decision(decision: Decision, request: Request, world: World) -> tuple[str, ...]:
    names = {(step.revision, step.position): step.name for step in request.steps}
    behalf = say(" for {on_behalf_of}", on_behalf_of=decision.on_behalf_of) if decision.on_behalf_of else ""
    remarks = [decision.reason or ""]
    remarks += ["repeated"] if decision.automatic else []
    if superseded(request, decision):
        remarks.append(say("superseded by revision {revision}", revision=request.revision))
    elif decision.verdict in ("approve", "reject") and not counts(request, decision):
        remarks.append("withdrawn")
    said = listed((remark for remark in remarks if remark), "; ")
    step = names.get((decision.revision, decision.step), "–")
    return world.say(decision.at), f"{decision.actor}{behalf}", decision.verdict, step, said
