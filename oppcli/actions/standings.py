"""Withdraw what was mistyped, so that it counts nowhere and not as lost; restore gives it back."""

from typing import Any

from oppcli.actions import promises, requests
from oppcli.actions.act import CLOSED, Act, Cause
from oppcli.actions.find import get
from oppcli.actions.outcome import Outcome
from oppcli.errors import Conflict, Exists, NotAllowed, NotFound, Reason, UsageError
from oppcli.model.command import BLANK, command
from oppcli.model.deals import Customer, Deal
from oppcli.model.noun import replace
from oppcli.model.records import KEPT, LIVE, WITHDRAWN
from oppcli.model.refs import meant, number, ref
from oppcli.model.requests import APPROVED, Request
from oppcli.model.said import listed, say
from oppcli.rules.rights import relations, superiors
from oppcli.rules.undoing import YOUNG_MS
from oppcli.store import runs
from oppcli.store.queries import visible

NOUNS: dict[str, type] = {"deal": Deal, "customer": Customer}
NAMES = {noun: word for word, noun in NOUNS.items()}


def withdraw(act: Act, text: str, *, why: str) -> Outcome:
    """A deal or customer taken back: by its creator within a day while nobody else wrote on it, later by a manager.
    Live requests end with it. Refused with an approved request, and for a customer that deals name."""
    noun, before = named(act, text)
    name = ref(noun, before.id)
    if not why.strip():
        raise UsageError(say("say why it is withdrawn"), hint=command("withdraw", name, "-m", BLANK))
    if before.standing == WITHDRAWN:
        raise Conflict(say("{name} was withdrawn already", name=name), hint=command("restore", name))
    _require(act, noun, before)
    _require_free(act, noun, before)
    after = act.door.save(before, replace(before, standing=WITHDRAWN), action="withdraw", meta={"reason": why})
    details: tuple[str, ...] = ()
    if noun == "deal":
        details = (*requests.deal_withdrawn(act, after), *promises.called_off(act, Cause(CLOSED, after, before)))
    return Outcome(
        done=(say("{name} {what} withdrawn", name=name, what=_called(before)),), ids=(name,), details=details
    )


def restore(act: Act, text: str) -> Outcome:
    """Back to where it stood, but for the requests that ended with it; a deal's customer comes with it. By who may
    withdraw it, or who did. Refused where another has its external id or name by now."""
    noun, before = named(act, text)
    name = ref(noun, before.id)
    if before.standing != WITHDRAWN:
        raise Conflict(say("{name} was not withdrawn", name=name))
    _require(act, noun, before, back=True)
    require_unclaimed(act, before)
    _require_stage(act, before)
    if noun == "deal" and before.customer_id:
        customer = act.door.get(Customer, before.customer_id)
        if customer.standing == WITHDRAWN:
            require_unclaimed(act, customer)
            act.door.save(customer, replace(customer, standing=LIVE), action="restore")
    act.door.save(before, replace(before, standing=LIVE), action="restore")
    return Outcome(done=(say("{name} {what} restored", name=name, what=_called(before)),), ids=(name,))


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
            hint=say("{withdraw} gives it free", withdraw=command("withdraw", its, "-m", BLANK)),
        )


def named(act: Act, text: str) -> tuple[str, Any]:
    """What a reference stands for, whatever its standing. Refused for what is neither a deal nor a customer."""
    for noun in NOUNS:
        known = number(noun, text) if noun == "deal" or text[:2].lower() == "c-" else None
        if known is not None:
            return noun, get(act.door, NOUNS[noun], known)
    hint: str = say("say which by its id: D-142, C-9")
    if (meant(text) or ("",))[0] == "request":
        hint = command("request", "recall", text)
    raise NotFound(say("no such deal or customer: {text}", text=text), hint=hint)


def _called(thing: Any) -> str:
    return thing.title if isinstance(thing, Deal) else thing.name


def _require(act: Act, noun: str, thing: Any, *, back: bool = False) -> None:
    """Refuse who neither made it within a day, with nobody else's hand on it, nor leads; `back`: however long ago."""
    me, creator = act.me, thing.created_by
    owner = thing.owner if isinstance(thing, Deal) else None
    line = {*superiors(creator, act.people), *superiors(owner or creator, act.people)}
    held = relations(me, act.people)
    if {"A", "M"} & {*held} or (act.by in line and "P" in held):
        return
    other = runs.others(act.door, noun, str(thing.id), creator)
    name = ref(noun, thing.id)
    if "P" not in held:
        why = say("a service takes nothing back")
    elif act.by != creator:
        why = say("{creator} made it", creator=creator or say("nobody here"))
    elif other is not None:
        why = say("{who} wrote on it", who=other.actor)
    elif not back and act.now - (thing.created_at or 0) > YOUNG_MS:
        why = say("it is more than 24 hours old")
    else:
        return
    raise NotAllowed(
        say("{me} may not take {name} back: {why}", me=act.by, name=name, why=why),
        hint=say("{who} may", who=listed((*sorted(line), say("a manager or an admin")))),
    )


def _require_free(act: Act, noun: str, thing: Any) -> None:
    """Refuse what others rest on: an approved request, deals of a customer; all are listed."""
    if noun == "customer":
        deals = [deal for deal in act.door.find(Deal, customer_id=thing.id) if deal.standing != WITHDRAWN]
        found = tuple(Reason(ref("deal", deal.id), deal.title) for deal in deals)
    else:
        given = act.door.find(Request, deal_id=thing.id, state=APPROVED)
        found = tuple(Reason(ref("request", each.id), say("{type}, approved", type=each.named_type)) for each in given)
    if found:
        raise Conflict(say("{name} cannot be withdrawn: others rest on it", name=ref(noun, thing.id)), reasons=found)
