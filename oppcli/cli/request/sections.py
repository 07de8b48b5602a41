"""What is shown of a request, section by section in one order: on a screen, in a packet, the first ones in a mail."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from oppcli.cli.request import lines
from oppcli.model.command import Command
from oppcli.model.refs import ref
from oppcli.model.requests import Request
from oppcli.model.said import Said, say
from oppcli.reads.cards import Block, Card
from oppcli.reads.given import NONE_GIVEN, UNKNOWN, Given
from oppcli.rules.approvals.eligible import called
from oppcli.rules.approvals.figures import figures
from oppcli.rules.approvals.situation import stands
from oppcli.rules.approvals.skipping import steps_told
from oppcli.rules.approvals.transition import asked_again
from oppcli.rules.approvals.world import World
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from oppcli.cli.request.evidence import Evidence

HEAD, FIGURES, STEPS, MAY = "head", "figures", "steps", "may"
SHORT = (HEAD, "questions", "terms", FIGURES)
"""What is enough to decide by: all that an opened mail tells."""
BRIEF = (*SHORT, MAY)
ALWAYS = (FIGURES, STEPS)
"""Told also where there is nothing of it."""


class Section(NamedTuple):
    """One of them by its name."""

    name: str
    block: Block


def sections(
    request: Request,
    world: World,
    ended_by: str | None = None,
    *,
    given: Mapping[int, Given] = NONE_GIVEN,
    may: Sequence[Command] = (),
    beside: "Evidence | None" = None,
) -> tuple[Section, ...]:
    """All that there are, in the order in which they are told. `ended_by`: who cancelled, recalled or revoked it, as
    people are told; `given`: how its decisions were; `beside`: what is told beside the request."""
    shown = say("Shown to the approvers (revision {revision}):", revision=request.revision)
    facts = tuple((each.title, each.told) for each in figures(request, world))
    found = (
        Section(HEAD, Block("", tuple((line,) for line in _standing(request, world, ended_by, beside)), texts=True)),
        Section("questions", Block(say("Questions and notes:"), lines.said(request, world))),
        Section("terms", Block(say("Conditions:"), tuple(lines.term(each, request, world) for each in request.terms))),
        Section(FIGURES, Block(shown, facts)),
        *(Section(name, block) for name, block in (beside.blocks if beside else {}).items()),
        *_course(request, world, given),
        Section(MAY, Block(say("You may:"), tuple((each,) for each in may))),
    )
    return tuple(each for each in found if each.block.rows or each.name in ALWAYS)


def _course(request: Request, world: World, given: Mapping[int, Given]) -> Iterator[Section]:
    """Its steps, also those that are not asked and those that are asked again, and its decisions."""
    chain = tuple(lines.step(step, request, world) for step in request.plan)
    again = tuple(lines.step(step, request, world) for step in asked_again(request))
    made = tuple(lines.decision(each, request, world, given.get(each.number, UNKNOWN)) for each in request.decisions)
    yield Section(STEPS, Block(say("Steps:"), chain))
    yield Section("skipped", Block(say("Skipped:"), tuple(steps_told(request, world).items())))
    yield Section("redone", Block(say("Asked again from:"), again))
    yield Section("decisions", Block(say("Decisions:"), made))


def card(request: Request, headline: str, found: Sequence[Section], only: Collection[str] = ()) -> Card:
    """The sections as one card; `only`: of these names."""
    return Card(titled(request, headline), blocks=tuple(each.block for each in found if not only or each.name in only))


def titled(request: Request, headline: str) -> Said:
    """`R-31 quote for D-142 上海精密仪器, CNY 800,000.00`."""
    return say("{request} {headline}", request=called(request), headline=headline)


def _standing(request: Request, world: World, ended_by: str | None, beside: "Evidence | None") -> Iterator[str]:
    """Where it stands, how far it is, who asked for it, until when it holds."""
    state = stands(request, world)
    yield say("{state}, by {who}", state=state, who=ended_by) if ended_by else state
    if beside is not None and beside.standing:
        yield beside.standing
    yield say(
        "submitted by {submitted_by} on {submitted_at}{after}",
        submitted_by=request.submitted_by,
        submitted_at=world.say(request.submitted_at),
        after=_after(request),
    )
    if request.valid_until is not None:
        yield say("valid until {day}", day=world.say(request.valid_until))


def _after(request: Request) -> str:
    return say(", after {request}", request=ref("request", request.previous)) if request.previous else ""
