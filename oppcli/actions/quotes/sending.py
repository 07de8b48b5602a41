"""A quote goes out and is agreed to: only what was approved is sent, and what was accepted never expires."""

from datetime import date
from pathlib import Path

from oppcli.actions import named_records
from oppcli.actions.act import EDITED, Act, Cause
from oppcli.actions.attaching import attach
from oppcli.actions.consequences import following
from oppcli.actions.evidence import keep
from oppcli.actions.offers import checks_of, offers, quote_of, quoting, ready
from oppcli.actions.outcome import Outcome
from oppcli.actions.quotes import ACCEPT, SEND, require
from oppcli.errors import Conflict, Reason, Refused, UsageError
from oppcli.model.command import command
from oppcli.model.deals import Deal, File
from oppcli.model.digest import sha256
from oppcli.model.noun import replace
from oppcli.model.quotes import Quote, QuoteVersion
from oppcli.model.records import LIVE
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.rules import papers
from oppcli.rules.quotes import versions
from oppcli.rules.quotes.checks import reasons as stopping

KIND, ORDER = "quote", "order"
"""What the copy that was sent is as evidence, and the customer's order."""


def sendable(act: Act, deal: Deal) -> tuple[Quote, QuoteVersion]:
    """The quote and the version that may go out. Refused (7) with everything against it: no line, expired, what is
    strict, an approval that is not there or no longer holds."""
    require(act, SEND, deal)
    name = ref("deal", deal.id)
    quote, version = versions.require_offer(quote_of(act, deal.id), deal)
    stops = stopping(name, checks_of(act, version), version, ready(act, quote))
    found = (*stops, *_unapproved(act, deal, stops))
    if found:
        raise Refused(say("{version} cannot be sent yet", version=papers.called(quote, version)), reasons=found)
    return quote, version


def _unapproved(act: Act, deal: Deal, stops: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """What is in the way of the gate of the type that approves quotes besides what `stops` it here already, and what
    its approvers have asked for and did not get yet."""
    approval = quoting(act.policy).approval
    if approval is None:
        return ()
    from oppcli.actions.requests.surroundings import around
    from oppcli.rules.approvals import gates, terms

    world = around(act, deal)
    more = (each for each in gates.gate_reasons(world, (approval,)) if each not in stops)
    found = [each if each.slug else each._replace(slug="not_approved") for each in more]
    asked = [request for request in world.requests if request.type == approval and request.terms]
    return (*found, *(terms.move_reasons(world, "", asked) if asked else ()))


def send(act: Act, deal: Deal, path: Path, text: str, *, to: str | None = None, ids_only: bool = False) -> Outcome:
    """The version in effect frozen and marked as sent, its copy kept as evidence. The caller writes the file."""
    quote, version = sendable(act, deal)
    contact = named_records.contact_at(act.door, deal.customer_id, to, ids_only=ids_only) if to else None
    data = text.encode()
    digest = sha256(data)
    had = act.door.find(File, deal_id=deal.id, standing=LIVE)
    told = {"at": act.now, "by": act.by, "file": path.name, "sha256": digest}
    told |= {"to": contact.id} if contact is not None else {}
    fresh = replace(version, sent=(*version.sent, told), frozen_at=version.frozen_at or act.now)
    act.door.save(quote, versions.with_version(quote, fresh), action="send")
    if not any(file.kind == KIND and file.sha256 == digest for file in had):
        made = File(deal_id=deal.id, kind=KIND, name=path.name, size=len(data), sha256=digest, path=str(path.resolve()))
        keep(act, made)
    follows = _follow(act, deal, quote, had)
    name = papers.called(quote, version)
    whom = say(" to {contact}", contact=ref("contact", contact.id)) if contact is not None else ""
    done = say(
        "{version} sent{whom}: {file}, sha256 {digest}", version=name, whom=whom, file=path.name, digest=digest[:12]
    )
    next_ = command("quote", "accept", ref("deal", deal.id), why=say("once the customer agrees"))
    return Outcome(done=(done,), ids=(name,), details=follows, next=(next_,))


def _follow(act: Act, deal: Deal, before: Quote, had: list[File]) -> tuple[str, ...]:
    from oppcli.actions.requests import deal_changed

    said = deal_changed(act, deal, deal, had=had, offered=offers(act, deal, before))
    return (*said, *following(act, Cause(EDITED, deal)))


def accept(
    act: Act, deal: Deal, *, on: str | None = None, file: Path | None = None, note: str | None = None
) -> Outcome:
    """The version in effect agreed to by the customer. Refused where it was, for a day to come, and after its last day
    without a reason."""
    require(act, ACCEPT, deal)
    quote, version = versions.require_offer(quote_of(act, deal.id), deal)
    when, name = on or act.business_day.isoformat(), papers.called(quote, version)
    if version.accepted_on is not None:
        raise Conflict(
            say("{version} was accepted on {day}", version=name, day=version.accepted_on),
            hint=command("quote", "show", ref("deal", deal.id)),
        )
    if act.is_to_come(date.fromisoformat(when)):
        raise UsageError(say("{day} is to come: a quote is accepted today or earlier", day=when), hint="--on today")
    late = version.valid_until is not None and when > version.valid_until
    if late and not (note or "").strip():
        last = version.valid_until or ""
        raise UsageError(
            say("{version} was valid until {day}: say why it still counts", version=name, day=last),
            hint=say("add -m REASON"),
        )
    had = act.door.find(File, deal_id=deal.id, standing=LIVE)
    told = {"accepted_on": when, "accepted_at": act.now, "accepted_by": act.by, "accepted_note": note or None}
    fresh = replace(version, **told, frozen_at=version.frozen_at or act.now)
    meta = {"reason": note} if note else None
    act.door.save(quote, versions.with_version(quote, fresh), action="accept", meta=meta)
    follows = _follow(act, deal, quote, had)
    kept = attach(act, deal, file, ORDER).done if file is not None else ()
    gate = command("gate", ref("deal", deal.id), why=say("what the next stage needs"))
    return Outcome(
        done=(say("{version} accepted on {day}", version=name, day=when),),
        ids=(name,),
        details=(*kept, *follows),
        next=(gate,),
    )
