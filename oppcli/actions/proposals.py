"""Proposals: what a machine would enter or change. No record until somebody accepts it; declined, it does not come
again for the same cause."""

from collections.abc import Mapping, Sequence
from typing import Any

from oppcli.actions import customers, deals, find, moves, values
from oppcli.actions.act import Act, Look
from oppcli.actions.outcome import Outcome
from oppcli.errors import Conflict, NotFound, UsageError
from oppcli.model.command import command
from oppcli.model.deals import Customer, Deal
from oppcli.model.duplicates import MAIL
from oppcli.model.follow import ACCEPTED, DECLINED, OPEN, STALE, Proposal
from oppcli.model.noun import NOTHING, replace
from oppcli.model.refs import number, ref
from oppcli.model.said import Word, listed, say
from oppcli.rules import fields
from oppcli.rules.proposing import STAGE, held, pairs, seen
from oppcli.words.kinds import Reading
from oppcli.words.spelling import nearest

ACCEPT, DECLINE = "proposal accept", "proposal decline"


def found(look: Look, text: str) -> Proposal:
    """The proposal that a reference stands for. Refused for none."""
    key = number("proposal", text)
    if key is None:
        raise NotFound(say("no such proposal: {text}", text=text), hint=command("proposal", "list"))
    return find.get(look.door, Proposal, key)


def values_now(look: Look, proposal: Proposal) -> Mapping[str, str]:
    """What the fields that it would change hold now, as people type them; nothing of what it would make."""
    if proposal.deal_id is not None:
        deal = find.get(look.door, Deal, proposal.deal_id)
        known = fields.fields(look.policy)
        customer = deals.customer_name(look.door, deal)
        return held(deal, proposal.changes, known, deal.currency) | {"customer": customer}
    if proposal.customer_id is not None:
        thing = find.get(look.door, Customer, proposal.customer_id)
        known = fields.of_team("customer", look.policy)
        return held(thing, proposal.changes, known, look.policy.currency)
    return {}


def accept(
    act: Act,
    proposal: Proposal,
    *,
    only: Sequence[str],
    reading: Reading,
    note: str | None,
    given: Mapping[str, str] = NOTHING,
    on: str | None = None,
) -> Outcome:
    """What it proposes, done by who accepts it, with every gate and rule asked; or with `only` these of its fields.
    `given` stands in place of what is proposed, or beside it; `on` is where a mail goes.
    Where a field is not any more what was seen nothing is done: the proposal is stale (5), and both are told. Refused
    for one that is not open, for fields that it has not, and with all that the verb itself refuses."""
    _require_open(act, proposal)
    _require_right(act, ACCEPT, proposal)
    chosen = _chosen(proposal, only)
    now = values_now(act, proposal)
    old = {name: value for name, value in seen(chosen).items() if now.get(name, "") != value}
    if old:
        return _stale(act, proposal, old, now)
    done, about = _done(act, proposal, {**dict(pairs(chosen)), **given}, reading, note, on)
    kept = replace(proposal, state=ACCEPTED, decided_by=act.by, decided_at=act.now, reason=note, **about)
    act.door.save(proposal, kept, action="accept")
    name = ref("proposal", proposal.id)
    told = say("{proposal} is accepted", proposal=name)
    if len(chosen) < len(proposal.changes):
        left = listed(field for field in proposal.changes if field not in chosen)
        told = say("{proposal} is accepted without {fields}", proposal=name, fields=left)
    return done._replace(done=(*done.done, told), ids=(*done.ids, name))


def _require_open(act: Act, proposal: Proposal) -> None:
    if proposal.state == OPEN:
        return
    name = ref("proposal", proposal.id)
    state = Word("proposal", proposal.state)
    raise Conflict(
        say("{proposal} is {state} already", proposal=name, state=state), hint=command("proposal", "show", name)
    )


def _require_right(act: Act, verb: str, proposal: Proposal) -> None:
    """Refuse who may not change what it is about; of what is nothing yet whoever may add."""
    if proposal.deal_id is not None:
        act.require_deal(verb, find.get(act.door, Deal, proposal.deal_id))
    elif proposal.customer_id is not None:
        customers.require(act, verb, find.get(act.door, Customer, proposal.customer_id))
    else:
        act.require("lead add", say("decide about proposals"))


def _chosen(proposal: Proposal, only: Sequence[str]) -> Mapping[str, Any]:
    unknown = [name for name in only if name not in proposal.changes]
    if unknown:
        near = nearest(unknown[0], proposal.changes)
        said = say(
            "{proposal} says nothing of {field}{near}",
            proposal=ref("proposal", proposal.id),
            field=unknown[0],
            near=near,
        )
        raise UsageError(said, hint=say("one of {words}", words=listed(proposal.changes)))
    return {name: value for name, value in proposal.changes.items() if not only or name in only}


def _stale(act: Act, proposal: Proposal, old: Mapping[str, str], now: Mapping[str, str]) -> Outcome:
    kept = replace(proposal, state=STALE, decided_by=act.by, decided_at=act.now)
    act.door.save(proposal, kept, action="stale")
    name = ref("proposal", proposal.id)
    lines = tuple(
        say(
            "  {field}: was {old} when it was proposed, is {now}",
            field=field,
            old=value or "-",
            now=now.get(field) or "-",
        )
        for field, value in old.items()
    )
    done = say("{proposal} is stale: nothing was changed", proposal=name)
    return Outcome(done=(done,), ids=(name,), details=lines, code=Conflict.code)


def _done(
    act: Act, proposal: Proposal, typed: dict[str, str], reading: Reading, note: str | None, on: str | None
) -> tuple[Outcome, dict[str, Any]]:
    """The verb that does it, and what the proposal is about then."""
    if proposal.source == MAIL:
        from oppcli.actions.mails_accepted import accepted

        return accepted(act, proposal, typed, reading, note, on)
    if on is not None:
        raise UsageError(say("--for is for mails"), hint=command("proposal", "show", ref("proposal", proposal.id)))
    if proposal.deal_id is not None:
        return _of_deal(act, proposal.deal_id, typed, reading, note), {}
    if proposal.customer_id is not None:
        customer = find.get(act.door, Customer, proposal.customer_id)
        given = values.Typed(tuple(typed.items()))
        return customers.edit(act, customer, given, reading=reading, note=note), {}
    owner = typed.pop("owner", None)
    ids = {"external_id": proposal.external_id, "system": proposal.system}
    typed |= {name: value for name, value in ids.items() if value and proposal.external_id}
    given = values.Typed(tuple(typed.items()))
    if proposal.noun == "customer":
        made = customers.add(act, given, reading=reading, owner=owner, tags=(), note=note)
        return made, {"customer_id": number("customer", made.ids[0])}
    if proposal.noun != "deal":
        raise Conflict(say("{noun} is proposed for nothing: it has no place", noun=Word("noun", proposal.noun)))
    made = deals.capture(act, given, owner=owner, reading=reading, note=note)
    return made, {"deal_id": number("deal", made.ids[0])}


def _of_deal(act: Act, key: int, typed: dict[str, str], reading: Reading, note: str | None) -> Outcome:
    """A changed deal, moved where a move is proposed."""
    stage = typed.pop(STAGE, None)
    deal = find.get(act.door, Deal, key)
    outcome = Outcome(done=())
    if typed:
        outcome = deals.edit(act, deal, values.Typed(tuple(typed.items())), reading=reading, note=note)
        deal = act.door.get(Deal, key)
    if stage is None:
        return outcome
    moved = moves.advance(act, deal, stage, note=note)
    return moved._replace(done=(*outcome.done, *moved.done), details=(*outcome.details, *moved.details))


def decline(act: Act, proposal: Proposal, *, reason: str | None) -> Outcome:
    """It is not done, and does not come again for this cause. Refused for one that is not open, and to who might not
    do it."""
    _require_open(act, proposal)
    _require_right(act, DECLINE, proposal)
    kept = replace(proposal, state=DECLINED, decided_by=act.by, decided_at=act.now, reason=reason)
    act.door.save(proposal, kept, action="decline", meta={"reason": reason} if reason else None)
    name = ref("proposal", proposal.id)
    return Outcome(done=(say("{proposal} is declined", proposal=name),), ids=(name,))
