"""One request as data: what `opp request show -o json` exposes, and a plan before there is a request.

Fields may be added, never renamed. Instants inside are ISO 8601 with Z; hours are business hours.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from oppcli.model.noun import NOTHING
from oppcli.model.policy import Policy, StepRule
from oppcli.model.records import ANY
from oppcli.model.refs import ref
from oppcli.model.requests import Request
from oppcli.model.said import APPROVERS, Word, say
from oppcli.model.units import HOUR_MS
from oppcli.reads import request_parts as parts
from oppcli.reads.given import NONE_GIVEN, Given
from oppcli.reads.table import NEEDED, Column, Kind, Param, Read, Table
from oppcli.rules.approvals.eligible import blocked
from oppcli.rules.approvals.figures import figures
from oppcli.rules.approvals.outlook import Expected
from oppcli.rules.approvals.skipping import steps_told
from oppcli.rules.approvals.transition import asked_again
from oppcli.rules.approvals.world import World

if TYPE_CHECKING:
    from oppcli.policy.sentences import Sentences
    from oppcli.rules.approvals.savings import Saving

COLUMNS = (
    Column("id", Kind.REF),
    Column("deal", Kind.REF),
    Column("type"),
    Column("state", words="state"),
    Column("revision", Kind.COUNT),
    Column("policy", Kind.REF),
    Column("previous", Kind.REF),
    Column("submitted_by", Kind.REF),
    Column("submitted_at", Kind.INSTANT),
    Column("decided_at", Kind.INSTANT),
    Column("reason", words="end"),
    Column("snapshot", Kind.OBJECT),
    Column("steps", Kind.OBJECT),
    Column("decisions", Kind.OBJECT),
    Column("title"),
    Column("deal_title"),
    Column("owner", Kind.REF),
    Column("amount", Kind.MONEY),
    Column("currency"),
    Column("note"),
    Column("valid_until", Kind.INSTANT),
    Column("invalidated_at", Kind.INSTANT),
    Column("revisions", Kind.OBJECT),
    Column("channel", words="channel"),
    Column("version", Kind.COUNT),
    Column("external_id"),
    Column("system"),
    Column("figures", Kind.OBJECT),
    Column("answers", Kind.OBJECT),
    Column("blocked", Kind.BOOL),
    Column("ended_by", Kind.REF),
    Column("quote", Kind.OBJECT),
    Column("questions", Kind.OBJECT),
    Column("terms", Kind.OBJECT),
    Column("rounds", Kind.COUNT),
    Column("redone", Kind.OBJECT),
    Column("skipped", Kind.OBJECT),
    Column("progress", Kind.OBJECT),
    Column("customer", Kind.OBJECT),
    Column("similar", Kind.OBJECT),
    Column("risk", Kind.OBJECT),
    Column("files", Kind.OBJECT),
    Column("contract", Kind.OBJECT),
)
BESIDE = ("progress", "quote", "contract", "customer", "risk", "files", "similar")
"""What is looked up beside the request."""
PLAN = (
    Column("order", Kind.COUNT),
    Column("step", rank=1),
    Column("who", Kind.LIST, title=APPROVERS, rank=1),
    Column("rule", rank=3),
    Column("need", Kind.COUNT, title=say("NEED"), wide=False),
    Column("when", title=say("BECAUSE"), rank=4, cut=True),
    Column("opens", Kind.INSTANT, wide=False),
    Column("due", Kind.INSTANT, title=say("DUE AT THE LATEST"), rank=2),
    Column("sla", Kind.HOURS, unit=say("bh")),
    Column("together", wide=False),
    Column("repeats", Kind.LIST, wide=False),
    Column("lighter", Kind.OBJECT, wide=False),
)


def one(
    request: Request,
    world: World,
    *,
    ended_by: str | None = None,
    given: Mapping[int, Given] = NONE_GIVEN,
    beside: Mapping[str, Any] = NOTHING,
) -> Table:
    """The request whose open seats hold the people of now (`seating.settle`); `ended_by`: who cancelled, recalled or
    revoked it; `given`: how its decisions were; `beside`: what is told beside it, by key (`BESIDE`)."""
    away = steps_told(request, world) if request.facts.skipped else {}
    told = {
        "id": ref("request", request.id),
        "deal": ref("deal", request.deal_id),
        "deal_title": world.deal.title,
        "previous": ref("request", request.previous) if request.previous else None,
        "snapshot": dict(request.facts.snapshot),
        "steps": [parts.step_of(step, request, world) for step in request.plan],
        "skipped": [{"step": name, "when": request.facts.skipped[name], "why": why} for name, why in away.items()],
        "redone": [parts.step_of(step, request, world) for step in asked_again(request)],
        "decisions": [parts.decision_of(each, request, given.get(each.number)) for each in request.decisions],
        "revisions": [parts.revision_of(revision) for revision in request.revisions],
        "figures": [each._asdict() for each in figures(request, world)],
        "answers": [
            {"by": each["by"], "at": parts.iso_of(each["at"]), "text": each["text"]} for each in request.answers
        ],
        "blocked": blocked(request, world),
        "ended_by": ended_by,
        "terms": [parts.term_of(each, request, world) for each in request.terms],
        "questions": parts.said(request),
        **{name: beside.get(name) for name in BESIDE},
    }
    row = tuple(told[name] if name in told else getattr(request, name) for name in (column.name for column in COLUMNS))
    return Table(
        COLUMNS,
        [row],
        title=say("{request} {type}", request=ref("request", request.id), type=request.type),
        single=True,
    )


def plan(
    expected: Iterable[Expected],
    title: str,
    policy: Policy,
    savings: Sequence["Saving"] = (),
    skipped: Sequence[str] = (),
) -> Table:
    """The steps a submit would start, in order; due times if everybody before takes their full time. `policy` tells the
    rule behind each step; each with what would spare it (`savings`); `skipped`: those not asked, and why."""
    found = list(expected)
    groups = {group: place for place, group in enumerate(dict.fromkeys(e.step.group for e in found), 1)}
    from oppcli.policy.sentences import Sentences

    sentences = Sentences(policy)
    rows = [_planned(each, groups[each.step.group], savings, sentences) for each in found]
    below = (*skipped, *(say("lighter: {said}", said=each.said) for each in savings))
    return Table(PLAN, rows, title=title, below=below, exact=True)


def _planned(each: Expected, order: int, savings: Sequence["Saving"], sentences: "Sentences") -> tuple[Any, ...]:
    step, rule = each.step, each.rule
    return (
        order,
        step.name,
        each.people,
        parts.rule_text(step.rule, step.need, step.share),
        step.need,
        because(rule, sentences),
        each.opens_at,
        each.due,
        step.sla_ms / HOUR_MS,
        step.together,
        each.repeats,
        [_saving(one) for one in savings if step.name in one.removes],
    )


def _saving(each: "Saving") -> dict[str, Any]:
    """Figures as text, amounts with their decimals."""
    return {
        "field": each.field,
        "op": each.op,
        "value": each.text(each.value),
        "now": each.text(each.now),
        "currency": each.currency,
        "removes": list(each.removes),
        "required": not each.whole,
        "business_hours": each.saved_ms / HOUR_MS,
    }


def because(rule: StepRule, sentences: "Sentences") -> str:
    """The rule behind a step: `manager+1; amount >= 50万 or discount > 15`, in another language as a sentence of the
    policy tells it."""
    from oppcli.model.calling import every_called

    who = every_called(rule.who, sentences.policy.role_titles)
    when = sentences.when(rule.when) or say("always")
    return say("{who}; {when}", who=who, when=Word("condition", rule.when.text, when))


STATUS = (
    Column("id", Kind.REF),
    Column("state", words="state"),
    Column("revision", Kind.COUNT),
    Column("waiting_on", Kind.LIST),
    Column("decided_at", Kind.INSTANT),
    Column("reason", words="end"),
)
REQUEST = Param(
    "request",
    "one or more requests",
    default=NEEDED,
    place=True,
    many=True,
    metavar="REQUEST...",
    each="request",
)
READS = (
    Read(
        path="request show",
        narrows=False,
        title="Request",
        help="One request: where it stands, who holds it since when and until when, what was shown, every decision",
        columns=COLUMNS,
        params=(
            REQUEST,
            Param("brief", "where it stands, questions, what was shown, what you may do; nothing else", "flag"),
        ),
        standing=ANY,
        examples=(
            "opp request show R-31",
            "opp request show R-31 --brief",
            "opp request show R-31 -o json | jq .steps",
        ),
    ),
    Read(
        path="request plan",
        narrows=False,
        title="Plan",
        help="Who would be asked, in which order, until when, and why; what would make it lighter. Nothing is stored",
        columns=PLAN,
        params=(
            Param("deal", "D-142, 142, or a title", default=NEEDED, place=True, metavar="DEAL", each="deal"),
            Param("name", "a type of the policy", place=True, metavar="TYPE"),
        ),
        examples=("opp request plan D-142 quote", "opp request plan D-142 quote -o json"),
    ),
    Read(
        path="request status",
        narrows=False,
        title="State",
        help="One line: the state, and whom it waits for",
        columns=STATUS,
        params=(REQUEST,),
        standing=ANY,
        alarm="exit 0 approved, 10 pending or returned, 11 rejected or over",
        examples=("opp request status R-31 --exit-code",),
    ),
    Read(
        path="request wait",
        narrows=False,
        title="State",
        help="Wait until it is decided: exit 0 approved, 11 rejected or over, 10 when the time is up",
        columns=STATUS,
        params=(REQUEST, Param("timeout", "90s, 30m, 2h", default="1h", metavar="SPAN")),
        standing=ANY,
        examples=("opp request wait R-31 --timeout 2h && ./send-quote.sh",),
    ),
)
