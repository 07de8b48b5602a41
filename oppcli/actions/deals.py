"""Deals: capture, edit, assign, attach. Moving through stages is in `moves`."""

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any

from oppcli.actions import find, values
from oppcli.actions.act import CAPTURED, EDITED, Act, Cause
from oppcli.actions.consequences import following, latest
from oppcli.actions.outcome import Outcome
from oppcli.errors import Conflict, NotAllowed, OppError, Reason, UsageError
from oppcli.model.command import command
from oppcli.model.deals import LOST, NOBODYS, SOLD, WON, Customer, Deal, Visit
from oppcli.model.fields import Field
from oppcli.model.noun import replace
from oppcli.model.people import SERVICE
from oppcli.model.policy import Policy
from oppcli.model.refs import ref
from oppcli.model.said import Said, Word, label, listed, say
from oppcli.rules import fields
from oppcli.rules.rights import may_do
from oppcli.store import queries
from oppcli.store.doors import ReadDoor
from oppcli.words.kinds import Reading, shown

if TYPE_CHECKING:
    from oppcli.actions.assigning import Captured


def capture(
    act: Act,
    typed: values.Typed,
    *,
    owner: str | None,
    reading: Reading,
    note: str | None = None,
    tags: Collection[str] = (),
    copied: Callable[[Deal], Deal] | None = None,
    stage: str | None = None,
) -> Outcome:
    """A new lead in `stage`, by default the first, owned by `owner`, else by whom the rules of the policy give it to,
    else by whoever adds it; what a service adds nobody owns yet. `copied` gives it what it has from another. Refused
    with everything that is wrong."""
    missing: OppError | None = None
    try:
        login = owner_typed(act, owner) if owner else None if SERVICE in act.me.roles else act.by
    except OppError as error:
        login, missing = act.by, error  # said together with whatever else is wrong
    lead = _entering(act, _blank(act, dict(typed.pairs).get("title", "").strip(), login, stage))
    if copied is not None:
        lead = copied(lead)
    if tags:
        lead = replace(lead, tags=_tagged(act, lead, tags, ()))

    def filled(lead: Deal) -> Deal:
        """With all that is typed. Refused with everything that is wrong."""
        found, reasons = values.changed(act, lead, typed, reading, note)
        if missing is not None and not reasons:
            raise missing
        owned = [Reason(label("owner"), missing.message)] if missing else []
        values.refuse(say("the lead"), say("added"), [*reasons, *owned], new=True)
        return found if found.grade is None else _graded(act, lead, found, note)

    if owner or act.policy.assign is None:
        whole, ruled = filled(lead), None
    else:
        from oppcli.actions.assigning import ruled as by_rule

        whole, ruled = by_rule(act, lead, filled)
    kept = _kept(act, None, ruled.deal if ruled else whole, {"reason": note} if note else None)
    return _captured(act, kept, ruled)


def _captured(act: Act, kept: Deal, ruled: "Captured | None") -> Outcome:
    """What is said of a new lead: whose it became by which rule, its twins, what is new in it, and what follows."""
    door, name = act.door, ref("deal", kept.id)
    twins = queries.same_title(door, kept.title, kept.customer_id, besides=kept.id)
    said = (*(_twin(door, twin) for twin in twins[:3]), *novel(act, None, kept))
    cause = Cause(CAPTURED, kept)
    details = (*(ruled.told(act, kept) if ruled else ()), *said, *following(act, cause))
    added = say("{name} added: {described}", name=name, described=described(door, latest(act, cause).deal or kept))
    gate = command("gate", name, why=say("what it needs to go on"))
    return Outcome(done=(added,), ids=(name,), details=details, next=(gate,))


def _blank(act: Act, title: str, owner: str | None, stage: str | None) -> Deal:
    """A lead of now in a stage, by default the first."""
    door, stage = act.door, stage or act.policy.stages[0].name
    return Deal(
        title=title,
        stage=stage,
        owner=owner,
        currency=act.policy.currency,
        created_at=door.at,
        created_by=act.by,
        updated_at=door.at,
        channel=door.stamp.channel,
        visits=(Visit(stage=stage, entered_at=door.at),),
    )


def _entering(act: Act, lead: Deal) -> Deal:
    """The lead with what its stage sets in those that enter it: what is typed or copied stands above that."""
    stage = act.policy.stage(lead.stage)
    if stage is None or stage.on_enter is None:
        return lead
    from oppcli.actions.stage_entry import filled

    return filled(act, lead)


def _tagged(act: Act, deal: Deal, tags: Collection[str], untags: Collection[str]) -> tuple[str, ...]:
    from oppcli.actions.values import tagged

    return tagged(act, deal.tags, tags, untags)


def novel(act: Act, before: Deal | None, after: Deal) -> tuple[str, ...]:
    """What is said of a source or competitor that is nearly a known one, and of a past close. Nothing is loaded where
    none is there."""
    if not (after.source or after.competitor or after.close_reason or after.expected_close):
        return ()
    from oppcli.actions.novelties import notes

    return notes(act, before, after)


def _kept(act: Act, before: Deal | None, after: Deal, meta: dict[str, Any] | None = None) -> Deal:
    """The deal stored, new or changed; its next step, which is a task, with it."""
    if (after.next_step, after.next_step_on) == ((before.next_step, before.next_step_on) if before else (None, None)):
        return act.door.save(before, after, meta=meta) if before else act.door.add(after, meta=meta)
    from oppcli.actions.plans import planned, replanned

    return replanned(act, before, after, meta=meta) if before else planned(act, after, meta=meta)


def _twin(door: ReadDoor, number: int) -> str:
    """What is said of a deal alike: its id, or whose it is where that is all they may know."""
    if queries.visible(door, "deal", number):
        return say("note: {deal} has the same title and customer", deal=ref("deal", number))
    return say("note: a deal of {owner} has the same title and customer", owner=door.get(Deal, number).owner)


def owning(act: Act, text: str) -> str:
    """The login of who is to own a deal. Refused (4) for a service, which owns nothing, and for who was deactivated."""
    person = find.person(act.people, text)
    if SERVICE in person.roles:
        raise NotAllowed(
            say("{login} is a service and owns nothing", login=person.login),
            hint=command("user", "list"),
        )
    return person.login


def owner_typed(act: Act, text: str) -> str | None:
    """The same; nobody for `none`."""
    return None if text.strip().lower() == NOBODYS else owning(act, text)


def described(door: ReadDoor, deal: Deal) -> str:
    """`上海精密仪器, CNY 800,000.00, 线索, owner li`."""
    customer = customer_name(door, deal)
    amount = "" if "amount" in door.hidden else shown("money", deal.amount, deal.currency)
    parts = [
        deal.title,
        customer if customer != deal.title else "",
        amount,
        deal.stage,
        say("owner {owner}", owner=deal.owner or "-"),
    ]
    return listed(part for part in parts if part)


def customer_name(door: ReadDoor, deal: Deal) -> str:
    """The customer's name, or nothing."""
    return door.get(Customer, deal.customer_id).name if deal.customer_id else ""


def edit(
    act: Act,
    deal: Deal,
    typed: values.Typed,
    *,
    reading: Reading,
    owner: str | None = None,
    note: str | None = None,
    tags: Collection[str] = (),
    untags: Collection[str] = (),
) -> Outcome:
    """The deal with the typed values; approvals that saw others follow. Who decides may fill in what a step lets."""
    from oppcli.actions.requests import deal_changed, require_editor

    only = require_editor(act, deal)
    if owner is not None:
        act.require_right("deal assign", deal)
    after = _edited(act, deal, typed, reading, owner, note)
    if any(getattr(after, name) != getattr(deal, name) for name in (*SOLD, "owner")):
        require_unlocked(act, deal, note)
    if tags or untags:
        after = replace(after, tags=_tagged(act, deal, tags, untags))
    only(after)
    name = ref("deal", deal.id)
    if after == deal:
        return Outcome(done=(say("{name}: nothing to change", name=name),), ids=(name,))
    saved = _kept(act, deal, replace(after, updated_at=act.door.at), {"reason": note} if note else None)
    said = (*deal_changed(act, deal, saved, why=note), *novel(act, deal, saved))
    details = said + following(act, Cause(EDITED, saved, deal))
    told = listed(said_changes(differences(act.door, deal, saved, act.policy)), "; ")
    line = say("{name} {title}: {lines}", name=name, title=saved.title, lines=told)
    return Outcome(done=(line,), ids=(name,), details=details)


def _edited(act: Act, deal: Deal, typed: values.Typed, reading: Reading, owner: str | None, note: str | None) -> Deal:
    """The deal with the typed values and owner. Refused with every value that cannot be kept."""
    after, reasons = values.changed(act, deal, typed, reading, note)
    values.refuse(ref("deal", deal.id), say("changed"), reasons)
    if after.grade != deal.grade:
        after = _graded(act, deal, after, note)
    if owner is None:
        return after
    from oppcli.actions.claiming import of_pool
    from oppcli.rules import tenures

    login = owning(act, owner)
    return tenures.passed(after, login, tenures.Hand(act.by, act.now, of_pool(act, deal, login, act.me), note))


def _graded(act: Act, before: Deal, after: Deal, note: str | None) -> Deal:
    from oppcli.rules.computed import by_hand

    return by_hand(after, before.grade, act.policy, note)


def require_unlocked(act: Act, deal: Deal, note: str | None) -> None:
    """Of a won deal only an admin changes what was sold and whose it is. Refused for others, and without a note."""
    stage = act.policy.stage(deal.stage)
    if stage is None or stage.kind != WON:
        return
    name = ref("deal", deal.id)
    if not may_do("deal edit won", deal, act.me, act.people):
        raise NotAllowed(say("{name} is won and locked", name=name), hint=say("an admin may change it, with a reason"))
    if not (note or "").strip():
        raise UsageError(say("{name} is won and locked: say why it changes", name=name), hint=say("add -m REASON"))


def require_not_lost(act: Act, deal: Deal, said: Said) -> None:
    """Refuse (5) a deal that is lost, with what is `said` of it."""
    stage = act.policy.stage(deal.stage)
    if stage is not None and stage.kind == LOST:
        raise Conflict(said, hint=command("deal", "reopen", ref("deal", deal.id), "-m", "…"))


def differences(door: ReadDoor, before: Deal, after: Deal, policy: Policy) -> list[tuple[str, str, str]]:
    """(field, old, new) as people type them, for every field that differs."""
    found = []
    for name, field in fields.fields(policy).items():
        old, new = fields.stored(before, field), fields.stored(after, field)
        if old != new:
            pair = [_typed(door, field, value, deal) for value, deal in ((old, before), (new, after))]
            found.append((fields.word(name, policy), *pair))
    if before.tags != after.tags:
        found.append((label("tags"), listed(before.tags), listed(after.tags)))
    return found  # type: ignore[return-value]


def said_changes(changes: Iterable[tuple[str, str, str]]) -> list[str]:
    """Each as people are told it."""
    return [say("{field} {old} → {new}", field=field, old=old or "-", new=new or "-") for field, old, new in changes]


def _typed(door: ReadDoor, field: Field, value: Any, deal: Deal) -> str:
    if field.name == "customer":
        return customer_name(door, deal)
    if field.values and value:
        from oppcli.model.coded import group

        if words := group("deal", field.name):
            return Word(words, value)
    text = shown(field.kind, value, deal.currency)
    if field.kind == "bool":
        return text
    return text.replace(" %", "").replace(f"{deal.currency} ", "").replace(",", "") if field.kind != "text" else text


def assign(act: Act, deal: Deal, to: str, *, note: str | None = None) -> Outcome:
    """Another owner, and nothing else: stage, history, requests and tasks stay as they are. `none` gives it back to the
    pool: its follow-up and deadlines, which would be nobody's, are cancelled. Out of the pool as
    `of_pool` lets it."""
    act.require_deal("deal assign", deal)
    require_unlocked(act, deal, note)
    login = owner_typed(act, to)
    name = ref("deal", deal.id)
    if deal.owner == login:
        already = say("{name} is {login}'s already", name=name, login=login) if login else nobodys(name)
        return Outcome(done=(already,), ids=(name,))
    from oppcli.actions.claiming import of_pool
    from oppcli.actions.handing import handed, passed

    saved, details = handed(act, deal, login, how=of_pool(act, deal, login, act.me), why=note)
    return Outcome(done=(passed(deal, saved),), ids=(name,), details=details)


def nobodys(name: str) -> str:
    """What is said of what lies in the pool already."""
    return say("{name} is nobody's already", name=name)
