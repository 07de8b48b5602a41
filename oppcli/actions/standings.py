"""Withdraw what was mistyped, so that it counts nowhere and not as lost; restore gives it back."""

from typing import Any

from oppcli.actions import promises, requests
from oppcli.actions.act import CLOSED, Act, Cause
from oppcli.actions.find import get
from oppcli.actions.outcome import Outcome
from oppcli.errors import Conflict, Exists, NotAllowed, NotFound, Reason, UsageError
from oppcli.model.command import BLANK, command
from oppcli.model.deals import Contact, Customer, Deal
from oppcli.model.follow import FOLLOW, OPEN, Activity, Task
from oppcli.model.journal import Entry
from oppcli.model.noun import replace
from oppcli.model.records import ARCHIVED, KEPT, LIVE, WITHDRAWN
from oppcli.model.refs import meant, number, ref
from oppcli.model.requests import APPROVED, Request
from oppcli.model.said import listed, say
from oppcli.rules.rights import relations, superiors
from oppcli.rules.undoing import YOUNG_MS
from oppcli.store import resting, runs
from oppcli.store.queries import visible

NOUNS: dict[str, type] = {"deal": Deal, "customer": Customer, "contact": Contact, "activity": Activity, "task": Task}
SHORT = 40
"""Characters of a note that are told."""
NAMES = {noun: word for word, noun in NOUNS.items()}


def withdraw(act: Act, text: str, *, why: str) -> Outcome:
    """A deal, customer, contact, activity or task taken back: by its creator within a day while nobody else wrote on
    it, later by a manager. Live requests end with it. Refused with an approved request, and for what others rest on."""
    noun, before = named(act, text)
    name = ref(noun, before.id)
    if before.standing == WITHDRAWN:
        raise Conflict(say("{name} was withdrawn already", name=name), hint=command("restore", name))
    _require(act, noun, before)
    _require_free(act, noun, before)
    if not why.strip():
        raise UsageError(say("say why it is withdrawn"), hint=command("withdraw", name, "-m", BLANK))
    after = act.door.save(before, replace(before, standing=WITHDRAWN), action="withdraw", meta={"reason": why})
    details: tuple[str, ...] = ()
    if noun == "deal":
        details = (*requests.deal_withdrawn(act, after), *promises.called_off(act, Cause(CLOSED, after, before)))
    return Outcome(
        done=(say("{name} {what} withdrawn", name=name, what=_called(before)),), ids=(name,), details=details
    )


def restore(act: Act, text: str) -> Outcome:
    """Back to where it stood, but for the requests and tasks that ended with it; the customer or deal it belongs to
    comes with it. By who may withdraw it, or who did. Refused where another has its external id by now, and where its
    deal has another next step."""
    noun, before = named(act, text)
    name = ref(noun, before.id)
    if before.standing == ARCHIVED and isinstance(before, Deal):
        act.require_right("deal archive", before)
        act.door.save(before, replace(before, standing=LIVE), action="restore")
        return Outcome(done=(say("{name} {what} restored", name=name, what=_called(before)),), ids=(name,))
    if before.standing != WITHDRAWN:
        raise _not_withdrawn(noun, text, name)
    _require(act, noun, before, back=True)
    require_unclaimed(act, before)
    _require_stage(act, before)
    _require_only_plan(act, before)
    _restore_above(act, before)
    act.door.save(before, replace(before, standing=_before(act, noun, before)), action="restore")
    return Outcome(done=(say("{name} {what} restored", name=name, what=_called(before)),), ids=(name,))


def _not_withdrawn(noun: str, text: str, name: str) -> Conflict:
    """The refusal to restore what counts: of what was merged the verb that takes that back, else what it is now."""
    typed = number(noun, (meant(text) or ("", text))[1])
    if typed is not None and ref(noun, typed) != name:
        said = say("{gone} was not withdrawn: it was merged into {name}", gone=ref(noun, typed), name=name)
        return Conflict(said, hint=command("unmerge", ref(noun, typed)))
    return Conflict(say("{name} was not withdrawn", name=name), hint=command("show", name))


def _before(act: Act, noun: str, thing: Any) -> str:
    """Where it stood when it was withdrawn: a closed deal may have been archived."""
    if not isinstance(thing, Deal):
        return LIVE
    told = (each for each in act.door.find(Entry, noun=noun, noun_id=str(thing.id)) if "standing" in each.changes)
    old = max(told, key=lambda each: each.seq).changes["standing"][0]
    return ARCHIVED if old == ARCHIVED else LIVE


def _restore_above(act: Act, thing: Any) -> None:
    """What it belongs to is live again with it."""
    for noun, field in (("customer", "customer_id"), ("deal", "deal_id")):
        number = getattr(thing, field, None)
        above = act.door.get(NOUNS[noun], number) if number is not None else None
        if above is not None and above.standing == WITHDRAWN:
            _require(act, noun, above, back=True)
            require_unclaimed(act, above)
            _require_stage(act, above)
            _restore_above(act, above)
            act.door.save(above, replace(above, standing=LIVE), action="restore")


def _require_only_plan(act: Act, thing: Any) -> None:
    """Refuse to give a deal a second next step."""
    if not isinstance(thing, Task) or (thing.kind, thing.state) != (FOLLOW, OPEN) or thing.deal_id is None:
        return
    for other in act.door.find(Task, deal_id=thing.deal_id, kind=FOLLOW, state=OPEN, standing=KEPT):
        deal, task = ref("deal", thing.deal_id), ref("task", other.id)
        raise Conflict(say("{deal} has another next step by now: {task}", deal=deal, task=task))


def _require_stage(act: Act, thing: Any) -> None:
    """Refuse to give a deal back to a stage that the policy no longer has."""
    if isinstance(thing, Deal) and act.policy.stage(thing.stage) is None:
        raise Conflict(
            say("the policy has no stage {stage} any more", stage=thing.stage), hint=command("policy", "show")
        )


def require_unclaimed(act: Act, thing: Any) -> None:
    """Refuse to give a withdrawn record back where another has its external id by now, naming that one."""
    held: dict[str, Any] = {"system": thing.system, "external_id": thing.external_id}
    what = say("external id {number} of {system}", number=thing.external_id, system=thing.system)
    others = act.door.find(type(thing), **held, standing=KEPT) if None not in held.values() else []
    for other in others:
        mine, its = ref(NAMES[type(thing)], thing.id), ref(NAMES[type(thing)], other.id)
        if not visible(act.door, NAMES[type(thing)], other.id):
            whose = other.owner if isinstance(other, Deal) else other.created_by
            said = say(
                "{mine} cannot be restored: one of {owner} has its {what} now", mine=mine, owner=whose, what=what
            )
            raise Exists(said)
        raise Exists(
            say(
                "{mine} cannot be restored: {its} {title} has its {what} now",
                mine=mine,
                its=its,
                title=_called(other),
                what=what,
            ),
            hint=say("to free it: {withdraw}", withdraw=command("withdraw", its, "-m", BLANK)),
        )


def named(act: Act, text: str) -> tuple[str, Any]:
    """What a reference stands for, whatever its standing. Refused for what is neither a deal nor what is with one."""
    noun, key = meant(text) or ("deal", text)
    known = number(noun, key) if noun in NOUNS else None
    if known is not None:
        return noun, get(act.door, NOUNS[noun], known)
    hint: str = say("say which by its id: D-142, C-9")
    if noun == "request":
        hint = command("request", "recall", text)
    raise NotFound(
        say("no such deal, customer, contact, activity or task: {text}", text=text),
        hint=hint,
    )


def _called(thing: Any) -> str:
    """Its title or name; the beginning of what was noted."""
    if isinstance(thing, Activity):
        return thing.text if len(thing.text) <= SHORT else f"{thing.text[: SHORT - 1]}…"
    return thing.title if isinstance(thing, (Deal, Task)) else thing.name


def _owner(act: Act, thing: Any) -> str | None:
    """Whose it is: its own, else its deal's or customer's owner."""
    if isinstance(thing, (Deal, Customer)):
        return thing.owner
    deal = getattr(thing, "deal_id", None)
    if deal is not None:
        return act.door.get(Deal, deal).owner
    return act.door.get(Customer, thing.customer_id).owner if thing.customer_id is not None else None


def _require(act: Act, noun: str, thing: Any, *, back: bool = False) -> None:
    """Refuse who neither made it within a day, with nobody else's hand on it, nor leads; `back`: however long ago."""
    me, creator = act.me, thing.created_by
    owner = _owner(act, thing)
    line = {*superiors(creator, act.people), *superiors(owner or creator, act.people)}
    held = relations(me, act.people)
    if {"A", "M"} & {*held} or (act.by in line and "P" in held):
        return
    name, other = ref(noun, thing.id), _other(act, noun, thing)
    if "P" not in held:
        why = say("a service takes nothing back")
    elif act.by != creator:
        why = say("{creator} made it", creator=creator or say("nobody here"))
    elif other is not None:
        why = say("{who} wrote on it", who=other)
    elif not back and act.now - (_made_at(thing) or 0) > YOUNG_MS:
        why = say("it is more than 24 hours old")
    else:
        return
    raise NotAllowed(
        say("{me} may not take {name} back: {why}", me=act.by, name=name, why=why),
        hint=say("{who} may", who=listed((*sorted(line), say("a manager or an admin")))),
    )


def _other(act: Act, noun: str, thing: Any) -> str | None:
    """Who else than its creator wrote on a thing: changed it, or noted, asked for or attached something."""
    hand = runs.others(act.door, noun, str(thing.id), thing.created_by)
    if hand is not None or noun != "deal":
        return hand and hand.actor
    return next((who for *_, who in resting.beside(act.door, thing.id, thing.created_by)), None)


def _made_at(thing: Any) -> int | None:
    at: int | None = thing.recorded_at if isinstance(thing, Activity) else thing.created_at
    return at


def _require_free(act: Act, noun: str, thing: Any) -> None:
    """Refuse what others rest on: an approved request, what is live on a customer, contact or activity; all of it is
    listed."""
    if noun == "deal":
        given = act.door.find(Request, deal_id=thing.id, state=APPROVED)
        found = [Reason(ref("request", each.id), say("{type}, approved", type=each.named_type)) for each in given]
    else:
        found = [Reason(ref(word, key), title) for word, key, title in resting.on(act.door, noun, thing.id)]
    if found:
        raise Conflict(
            say("{name} cannot be withdrawn: others rest on it", name=ref(noun, thing.id)), reasons=tuple(found)
        )
