"""A deal as a card: what is set of it, what its next stage needs, its approvals, files and stays."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from oppcli.actions import find
from oppcli.cli.context import Context
from oppcli.errors import OppError
from oppcli.model.command import command
from oppcli.model.deals import Deal
from oppcli.model.people import User
from oppcli.model.refs import ref
from oppcli.model.requests import APPROVED, INVALIDATED, RETURNED, Request
from oppcli.model.said import Word, listed, say
from oppcli.model.units import DAY_MS, HOUR_MS
from oppcli.reads.cards import Block, Card, carded
from oppcli.reads.deal import one
from oppcli.words.shown import iso, show_instant

if TYPE_CHECKING:
    from oppcli.actions.act import Look
    from oppcli.reads.table import Table
    from oppcli.store.doors import ReadDoor

HEAD = ("standing", "stage", "close_reason", "close_detail", "competitor", "customer", "owner", "amount", "probability")
DATES = ("expected_close", "next_step", "next_step_on", "created_at", "updated_at", "closed_at")
TOLD = ("id", "title", "currency", "extra", "visits", "files", "requests", "flagged", "scores")
"""Columns that the head, another column or a block tells."""
RARELY = ("kind", "channel", "version")
"""Told with `-v`."""
DIGITS = 12
"""So much of a file's fingerprint is shown."""


def shown(opp: Context, text: str) -> "Table":
    """The deal that a reference or words stand for, with what no longer holds of its approvals."""
    with opp.read() as door:
        found = find.deal(door, text)
        with opp.truth(door) as true:
            look = opp.look(true)
            flagged = _flagged(look, door, found)
            people = read_by_people(opp)
            table = one(door, found, lambda ms: None if ms is None else iso(ms), flagged, beside=not people)
            if not door.hidden and (found.score is not None or found.extra):
                from oppcli.cli.score_card import with_scores

                table = with_scores(look, found, table)
            return carded(table, _card(opp, look, door, found, flagged)) if people else table


def read_by_people(opp: Context) -> bool:
    """Whether the answer is a card: not for programs, nor where columns are asked for."""
    return opp.given.get("output") in ("table", "plain") and not opp.given.get("columns")


def _flagged(look: "Look", door: "ReadDoor", deal: Deal) -> list[str]:
    """The approvals a deal was let through with and that no longer hold. The policy is read only where there may be
    some."""
    from oppcli.store.waiting import has_request

    if not has_request(door, deal.id, (APPROVED, INVALIDATED)):
        return []
    from oppcli.actions.requests import move_reasons

    found = move_reasons(look, look.door.get(type(deal), deal.id) if door.hidden else deal, forward=True)
    if door.sight is not None and door.hidden:
        from oppcli.cli.seeing import veiled

        found = veiled(found, door.sight)
    return [say("{what}: {detail}", what=reason.what, detail=reason.detail) for reason in found]


def _card(opp: Context, look: "Look", door: "ReadDoor", deal: Deal, flagged: list[str]) -> Card:
    own = opp.look(door) if door.hidden else look
    people = own.people
    head = listed((ref("deal", deal.id), deal.title), " ")
    left_out = frozenset(TOLD if opp.settings.verbose else (*TOLD, *RARELY))
    blocks = (
        *_needs(look, door, deal),
        *_block(say("No longer holds:"), ((each,) for each in flagged)),
        *_scores(look, door, deal),
        *_block(say("Approvals:"), _requests(opp, own, deal)),
        *_block(say("Files:"), _files(opp, own, deal)),
        *_block(say("Stages:"), _stays(opp, deal)),
    )
    owner = people.get(deal.owner or "")
    named = (("owner", _named(owner)),) if owner else ()
    return Card(head, (HEAD, DATES), left_out, named, blocks)


def _named(person: User) -> str:
    return (
        person.login
        if person.name in ("", person.login)
        else say("{login} ({name})", login=person.login, name=person.name)
    )


def _block(title: str, rows: Iterable[tuple[str, ...]]) -> tuple[Block, ...]:
    """A block, where there is something to tell."""
    found = tuple(rows)
    return (Block(title, found),) if found else ()


def _needs(look: "Look", door: "ReadDoor", deal: Deal) -> tuple[Block, ...]:
    """What the next stage needs, each with its command; nothing for a deal that has none before it."""
    from oppcli.cli.gate import needs

    try:
        stage, reasons, _, guide = needs(look, door, deal)
    except OppError:  # it is closed or withdrawn, or the policy does not know its stage any more
        return ()
    guided = _block(say("Guide:"), [(guide,)] if guide else [])
    if not reasons:
        advance = command("advance", ref("deal", deal.id))
        return (*guided, Block(say("{stage} needs nothing more:", stage=stage), ((advance,),)))
    rows = ((reason.what, reason.detail, reason.fix or "") for reason in reasons)
    return (*guided, *_block(say("{stage} needs:", stage=stage), rows))


def _scores(look: "Look", door: "ReadDoor", deal: Deal) -> Iterable[Block]:
    """What it is worth and how it scores, where the policy says so; not to who does not see all that this is made
    of."""
    if door.hidden or not (look.policy.scores or look.policy.priority is not None):
        return ()
    from oppcli.cli.score_card import blocks

    return blocks(look, deal)


def _requests(opp: Context, look: "Look", deal: Deal) -> Iterator[tuple[str, ...]]:
    for request in look.of_deal(Request, deal.id):
        told = (ref("request", request.id), request.named_type, Word("state", request.state))
        if request.live:
            yield (*told, *_waiting(opp, look, request, deal))
        else:
            at = request.invalidated_at or request.decided_at
            yield (*told, "" if at is None else show_instant(at, opp.tz, opp.now))


def _waiting(opp: Context, look: "Look", request: Request, deal: Deal) -> tuple[str, str, str]:
    """At whom it is, until when, how late that is."""
    from oppcli.rules.approvals.telling import seated

    if request.state == RETURNED:
        from oppcli.rules.rights import acting

        return say("waiting on {who}", who=listed(acting((request.submitted_by, deal.owner), look.people))), "", ""
    who = say("waiting on {who}", who=listed(seated(request)) or say("nobody"))
    steps = [step for step in request.open_steps if step.due_at is not None]
    if not steps:
        return who, "", ""
    step = min(steps, key=lambda step: step.due_at or 0)
    due, late = step.due_at or 0, ""
    if due < opp.now:
        from oppcli.rules import clock

        calendar = look.policy.calendars.get(step.calendar)
        hours = clock.between(calendar, due, opp.now) / HOUR_MS if calendar else None
        late = say("late") if hours is None else say("{hours:,.1f} bh late", hours=hours)
    return who, say("due {due}", due=show_instant(due, opp.tz, opp.now)), late


def _files(opp: Context, look: "Look", deal: Deal) -> Iterator[tuple[str, ...]]:
    for file in look.files(deal.id):
        when = show_instant(file.attached_at, opp.tz, opp.now)
        yield file.kind, file.name, when, file.attached_by, file.sha256[:DIGITS]


def _stays(opp: Context, deal: Deal) -> Iterator[tuple[str, ...]]:
    """Where it was since when, for how long."""
    for visit in deal.visits:
        if visit.entered_at is None:
            yield visit.stage, say("at a time that is not known"), ""
            continue
        until = opp.now if visit.left_at is None else visit.left_at
        days = say("{days:,.1f} d", days=(until - visit.entered_at) / DAY_MS)
        yield visit.stage, show_instant(visit.entered_at, opp.tz, opp.now), days
