"""A deal as a card: what is set of it, what its next stage needs, its approvals, files and stays."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from oppcli.actions import find
from oppcli.cli.context import Context
from oppcli.errors import OppError
from oppcli.model import money
from oppcli.model.command import command
from oppcli.model.deals import ATTENDED_DAYS, DECIDERS, LIVE_KINDS, PUSHES, Deal
from oppcli.model.people import User
from oppcli.model.records import LIVE
from oppcli.model.refs import ref
from oppcli.model.requests import APPROVED, INVALIDATED, Request
from oppcli.model.said import Word, listed, say
from oppcli.model.units import DAY_MS
from oppcli.reads.cards import Block, Card, carded, nobody_decides, told_on
from oppcli.reads.deal import AROUND, one
from oppcli.words.shown import iso, of_iso, show_date, show_instant
from oppcli.words.zones import today

if TYPE_CHECKING:
    from oppcli.actions.act import Look
    from oppcli.model.policy import Policy, StageRule
    from oppcli.reads.table import Table
    from oppcli.store.doors import ReadDoor

HEAD = ("standing", "stage", "close_reason", "close_detail", "competitor", "customer", "owner", "amount", "probability")
DATES = ("expected_close", "next_step", "next_step_on", "created_at", "updated_at", "closed_at")
TOLD: tuple[str, ...] = ("id", "title", "currency", "extra", "visits", "files", "requests", "flagged", "scores")
TOLD += tuple(column.name for column in AROUND)
"""Columns that the head, another column or a block tells."""
RARELY = ("kind", "channel", "version")  # told with `-v`
DIGITS = 12  # so much of a file's fingerprint is shown


def shown(opp: Context, deal: str) -> "Table":
    """The deal that a reference or words stand for, with what no longer holds of its approvals."""
    with opp.read() as door:
        found = find.deal(door, deal)
        with opp.truth(door) as true:
            look = opp.look(true)
            flagged = _flagged(look, door, found)
            people = told_on(opp.given)
            table, there = one(door, found, lambda ms: None if ms is None else iso(ms), flagged, beside=not people)
            if not door.hidden and (found.score is not None or found.extra) and look.policy.scores:
                from oppcli.cli.score_card import with_scores

                table = with_scores(look, found, table)
            if not people:
                if there.payments:
                    from oppcli.cli.paid import with_payments

                    table = with_payments(look, found, door.hidden, table)
                if opp.given["columns"]:
                    from oppcli.cli.idle_card import with_signals

                    table = with_signals(look, door, found, table)
                return table
            parts = dict(zip((column.name for column in table.columns), *table.rows, strict=True))
            parts |= {"known": there.contacts, "payments": there.payments}
            return carded(table, _card(opp, look, door, found, flagged, parts))


def _flagged(look: "Look", door: "ReadDoor", deal: Deal) -> list[str]:
    """Approvals it was let through with that no longer hold; the policy is read only where there may be some."""
    from oppcli.store.waiting import has_request

    if not has_request(door, deal.id, (APPROVED, INVALIDATED)):
        return []
    from oppcli.actions.requests import move_reasons

    found = move_reasons(look, look.door.get(type(deal), deal.id) if door.hidden else deal, forward=True)
    if door.sight is not None and door.hidden:
        from oppcli.cli.seeing import veiled

        found = veiled(found, door.sight)
    return [say("{what}: {detail}", what=reason.what, detail=reason.detail) for reason in found]


def _card(opp: Context, look: "Look", door: "ReadDoor", deal: Deal, flagged: list[str], parts: dict[str, Any]) -> Card:
    own = opp.look(door) if door.hidden else look
    left_out = frozenset(TOLD if opp.settings.verbose else (*TOLD, *RARELY))
    blocks = (
        *_needs(look, door, deal),
        *block(say("No longer holds:"), ((each,) for each in flagged)),
        *_lying(look, door, deal, parts),
        *_people(opp, look, deal, parts),
        *_scores(opp, look, door, deal),
        *_sold(own, deal),
        *(_paid(look, deal, door.hidden) if parts["payments"] else ()),
        *_requests(opp, own, deal),
        *block(say("Files:"), _files(opp, own, deal)),
        *block(say("Stages:"), _stays(opp, deal)),
        *_follows(opp, parts),
    )
    owner = own.people.get(deal.owner or "")
    named = (("owner", _named(owner)),) if owner else ()
    return Card(listed((ref("deal", deal.id), deal.title), " "), (HEAD, DATES), left_out, named, blocks)


def _people(opp: Context, look: "Look", deal: Deal, parts: dict[str, Any]) -> tuple[Block, ...]:
    """Contacts and colleagues with their part, who else offers; that nobody decides yet, where a team has contacts."""
    stage = look.policy.stage(deal.stage) if parts["known"] else None
    if not (parts["known"] and stage and stage.kind in LIVE_KINDS) and not any(
        parts[name] for name in ("contacts", "team", "rivals")
    ):
        return ()
    return _of_deal(look.policy, parts, live=bool(stage and stage.kind in LIVE_KINDS))


def _follows(opp: Context, parts: dict[str, Any]) -> tuple[Block, ...]:
    """Promises beside the next step, what was done last, other deals of the customer."""
    if not any(parts[name] for name in ("promises", "activities", "other_deals")):
        return ()
    return (
        *block(say("Promises:"), promised(opp, [each for each in parts["promises"] if each["kind"] != "follow"])),
        *block(say("Last activities:"), happened(opp, parts["activities"])),
        *block(say("Other deals of the customer:"), dealt(parts["other_deals"])),
    )


def _named(person: User) -> str:
    name = person.name
    return person.login if name in ("", person.login) else say("{login} ({name})", login=person.login, name=name)


def _sold(look: "Look", deal: Deal) -> tuple[Block, ...]:
    if not look.policy.spaced:
        return ()
    from oppcli.cli.quote_card import told

    return tuple(each for title, rows in told(look, deal) for each in block(title, rows))


def _paid(look: "Look", deal: Deal, hidden: Sequence[str]) -> tuple[Block, ...]:
    from oppcli.cli.paid import lines

    return block(say("Payments:"), lines(look, deal, hidden))


def _requests(opp: Context, look: "Look", deal: Deal) -> tuple[Block, ...]:
    if not look.of_deal(Request, deal.id):
        return ()
    from oppcli.cli.deal_requests import lines

    return block(say("Approvals:"), lines(opp, look, deal))


def block(title: str, rows: Iterable[tuple[str, ...]]) -> tuple[Block, ...]:
    """A block, where there is something to tell."""
    return (Block(title, found),) if (found := tuple(rows)) else ()


def _lying(look: "Look", door: "ReadDoor", deal: Deal, parts: Mapping[str, Any]) -> tuple[Block, ...]:
    """Its signals, where it may have any: the rules are asked of those alone."""
    stage = look.policy.stage(deal.stage)
    under_way = deal.standing == LIVE and stage is not None and stage.kind in LIVE_KINDS
    if stage is None or not under_way or not _may_lie(look, deal, stage, parts):
        return ()
    from oppcli.cli.idle_card import lying

    return block(say("Signals:"), ((each,) for each in lying(look, door, deal)))


def _may_lie(look: "Look", deal: Deal, stage: "StageRule", parts: Mapping[str, Any]) -> bool:
    """Whether it is in a stage that says how long, lies for days, or lacks or has what a signal is about."""
    lately = iso(look.now - ATTENDED_DAYS * DAY_MS)
    return bool(
        (stage.rotting_ms or stage.max_gap or stage.target_ms)
        or deal.amount is None
        or not deal.next_step_on
        or (deal.expected_close and (deal.version > PUSHES or deal.expected_close < iso(look.now)))
        or len(parts["contacts"]) == 1
        or not any(each["at"] >= lately for each in parts["activities"])
    )


def _needs(look: "Look", door: "ReadDoor", deal: Deal) -> tuple[Block, ...]:
    """What the next stage needs, each with its command; nothing for a deal that has none before it."""
    from oppcli.cli.needs import needs

    try:
        stage, reasons, _, guide = needs(look, door, deal)
    except OppError:  # it is closed or withdrawn, or the policy does not know its stage any more
        return ()
    guided = block(say("Guide:"), [(guide,)] if guide else [])
    if not reasons:
        advance = command("advance", ref("deal", deal.id))
        return (*guided, Block(say("{stage} needs nothing more:", stage=stage), ((advance,),)))
    rows = ((reason.what, reason.detail, reason.fix or "") for reason in reasons)
    return (*guided, *block(say("{stage} needs:", stage=stage), rows))


def _scores(opp: Context, look: "Look", door: "ReadDoor", deal: Deal) -> Iterator[Block]:
    """What it is worth and how it scores, for who sees what this is made of; with `-v` how likely it is."""
    if not door.hidden and (look.policy.scores or look.policy.priority is not None):
        from oppcli.cli.score_card import blocks

        yield from blocks(look, deal)
    if opp.settings.verbose:
        from oppcli.cli.score_card import likely

        yield from likely(look, door, deal)


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


def _of_deal(policy: "Policy", parts: dict[str, Any], *, live: bool) -> tuple[Block, ...]:
    """The people of a deal, who works on it, who else offers. `live`: that nobody decides yet is told."""
    return (
        *block(say("People:"), _linked(parts["contacts"], policy, live=live)),
        *block(say("Team:"), _team(parts["team"], policy)),
        *block(say("Competitors:"), _rivals(parts["rivals"])),
    )


def _linked(people: Sequence[Mapping[str, Any]], policy: "Policy", *, live: bool) -> Iterator[tuple[str, ...]]:
    for each in people:
        attitude = Word("attitude", each["attitude"]) if each["attitude"] else ""
        yield each["id"], each["name"], each["title"] or "", each["role"] or "", attitude
    if live and not any((each["role"] or "").casefold() in DECIDERS for each in people):
        yield (nobody_decides(policy),)


def _team(team: Sequence[Mapping[str, Any]], policy: "Policy") -> Iterator[tuple[str, ...]]:
    for each in team:
        role = Word("role", each["role"] or "", policy.role_titles.get(each["role"], ""))
        yield each["login"], role, say("only reads") if each["read"] else ""


def _rivals(rivals: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, ...]]:
    for each in rivals:
        yield each["name"], _amount(each["price"], each["currency"]), say("won it") if each["won"] else ""


def promised(opp: Context, tasks: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, ...]]:
    """Each open task: when it is due, and whose it is."""
    for each in tasks:
        from oppcli.model.calling import of_role

        due = show_day(opp, each["due_on"]) if each["due_on"] else ""
        due = _instant(opp, each["due_at"]) if each["due_at"] else due
        who = each["who"] or (of_role(each["role"]) if each["role"] else "")
        yield each["id"], each["title"], due, who, each["deal"] or ""


def happened(opp: Context, activities: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, ...]]:
    """Each activity: when, what, by whom."""
    for each in activities:
        yield (
            each["id"],
            _instant(opp, each["at"]),
            Word("activity", each["kind"]),
            each["who"],
            " ".join(each["text"].split()),
        )


def _amount(plain: str | None, currency: str) -> str:
    """As people read it."""
    return "" if plain is None else money.shown(money.to_minor(Decimal(plain), currency), currency)


def dealt(deals: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, ...]]:
    """Each deal: its stage, amount, owner, and as what a contact has part in it."""
    for each in deals:
        amount = _amount(each["amount"], each["currency"])
        attitude = Word("attitude", each["attitude"]) if each.get("attitude") else ""
        yield (
            each["id"],
            each["title"],
            each["stage"],
            amount,
            each["owner"] or "-",
            *(part for part in (each.get("role") or "", attitude) if part),
        )


def _instant(opp: Context, iso: str) -> str:
    return show_instant(of_iso(iso), opp.tz, opp.now)


def show_day(opp: Context, day: str) -> str:
    """A day as people read it."""
    return show_date(date.fromisoformat(day), today(opp.now, opp.tz))
