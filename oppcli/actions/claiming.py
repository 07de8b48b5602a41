"""What is nobody's becomes whose who claims it: a deal or a customer of the pool."""

from datetime import date
from typing import Any

from oppcli.actions import find
from oppcli.actions.act import Act
from oppcli.actions.handing import handed, passed
from oppcli.actions.outcome import Outcome
from oppcli.errors import Conflict, NotAllowed, Reason
from oppcli.model.command import command
from oppcli.model.deals import CLOSED_KINDS, Customer, Deal
from oppcli.model.follow import OPEN
from oppcli.model.journal import Entry
from oppcli.model.noun import replace
from oppcli.model.people import SERVICE, User
from oppcli.model.records import LIVE
from oppcli.model.refs import meant, ref
from oppcli.model.said import say
from oppcli.rules import pool, tenures
from oppcli.rules.pool import Claim, Hindrance
from oppcli.rules.rights import relations
from oppcli.rules.verbs import verb
from oppcli.store import owning
from oppcli.words import zones

VERB = "claim"


def claim(act: Act, noun: str, thing: Any) -> Outcome:
    """A deal or customer of the pool becomes that of who asks. Refused (5) where it is somebody's, naming whose, and by
    the rules of the pool, each with the instant from which it allows it; (4) to a service."""
    name = ref(noun, thing.id)
    if SERVICE in act.me.roles:
        hint = say("a service captures, imports and ticks; people change deals")
        raise NotAllowed(say("{login} is a service and owns nothing", login=act.by), hint=hint)
    if thing.owner == act.by:
        return Outcome(done=(say("{name} is yours already", name=name),), ids=(name,))
    _require_in_pool(act, name, thing)
    _require_allowed(act, noun, thing, act.by)
    if isinstance(thing, Deal):
        saved, details = handed(act, thing, act.by, how=tenures.CLAIM)
        return Outcome(done=(passed(thing, saved),), ids=(name,), details=details, next=(command("gate", name),))
    after = act.door.save(thing, replace(thing, owner=act.by), action=tenures.CLAIM)
    done = say("{name} {title}: owner - → {login}", name=name, title=after.name, login=after.owner)
    return Outcome(done=(done,), ids=(name,), next=(command("show", name),))


def of_pool(act: Act, deal: Deal, login: str | None, giver: User) -> str:
    """How a deal comes to somebody: out of the pool as by a claim, and refused (5) as that, unless a manager gives."""
    if deal.owner is not None or login is None or verb("deal assign").allows(relations(giver, act.people)):
        return tenures.ASSIGN
    _require_allowed(act, "deal", deal, login)
    return tenures.CLAIM


def _require_in_pool(act: Act, name: str, thing: Any) -> None:
    """Refuse what is somebody's, what was withdrawn, and a deal that is closed or put away."""
    find.require_kept("deal" if isinstance(thing, Deal) else "customer", thing)
    if thing.owner is not None:
        since = _since(act, thing)
        said = say("{name} is {owner}'s", name=name, owner=thing.owner)
        if since is not None:
            when = act.when(since)
            said = say("{name} is {owner}'s since {when}", name=name, owner=thing.owner, when=when)
        raise Conflict(said, hint=say("another one: {line}", line=command("deal", "list", "--owner", "none")))
    if isinstance(thing, Deal):
        stage = act.policy.stage(thing.stage)
        if thing.standing != LIVE or (stage is not None and stage.kind in CLOSED_KINDS):
            raise Conflict(say("{name} is closed: nobody claims it", name=name), hint=command("show", name))


def _since(act: Act, thing: Any) -> int | None:
    """Since when it is whose it is; None where that is not known."""
    if isinstance(thing, Deal):
        return tenures.all_of(thing)[-1].began_at
    changes = _owners(act, thing)
    return changes[-1].at if changes else thing.created_at


def _require_allowed(act: Act, noun: str, thing: Any, login: str) -> None:
    """Refuse by every rule of the pool that forbids it to somebody now."""
    calendar = act.calendar
    rules = (act.policy.assign.pool if act.policy.assign else None) or pool.NO_POOL
    found = pool.hindrances(_known(act, thing, login, calendar.timezone), rules, calendar)
    if not found:
        return
    name = ref(noun, thing.id)
    at = pool.allowed_from(found)
    headline = say("{name} may not be claimed yet", name=name)
    if at is not None:
        headline = say("{name} may be claimed from {when}", name=name, when=act.when(at))
    raise Conflict(headline, reasons=tuple(Reason(each.rule, _why(act, each)) for each in found))


def _why(act: Act, hindrance: Hindrance) -> str:
    if hindrance.until is None:
        return hindrance.why
    return say("{why}; from {when}", why=hindrance.why, when=act.when(hindrance.until))


def _known(act: Act, thing: Any, login: str, tz: str) -> Claim:
    """What the rules of the pool ask: of who claims, and of what."""
    assign = act.policy.assign
    person = assign.people.get(login) if assign else None
    midnight = zones.midnight(zones.today(act.now, tz), tz)
    deal = isinstance(thing, Deal)
    customer = _customer(act, thing)
    pooled, ended = (tenures.pooled_at(thing), tenures.last_of(thing, login)) if deal else _of_customer(act, thing)
    capped = deal and person is not None and person.capacity is not None
    return Claim(
        act.now,
        pooled_at=pooled,
        claimed_today=owning.claimed_since(act.door, login, midnight) if assign and assign.pool else 0,
        tenure_ended_at=ended,
        live_deals=owning.live_deals(act.door, [login]).get(login, 0) if capped else 0,
        capacity=person.capacity if capped and person else None,
        quiet_until=date.fromisoformat(customer.quiet_until) if customer and customer.quiet_until else None,
        protected_until=_protected(act, customer, login) if customer else None,
    )


def _protected(act: Act, customer: Customer, login: str) -> int | None:
    """Until when somebody else protects the customer, or one that it may be: nobody gets round a protection by its
    twin."""
    among = [customer]
    if act.policy.duplicates and act.policy.assign is not None and act.policy.assign.protect is not None:
        from oppcli.store.alike import known

        pairs = (pair for pair, (_, state) in known(act.door, "customer", [customer.id]).items() if state == OPEN)
        twins = {number for pair in pairs for number in pair} - {customer.id}
        among += act.door.find(Customer, id=sorted(twins), standing=LIVE) if twins else []
    theirs = [each for each in among if each.owner not in (None, login)]
    return max((each.protected_until for each in theirs if each.protected_until is not None), default=None)


def _customer(act: Act, thing: Any) -> Customer | None:
    if isinstance(thing, Customer):
        return thing
    return act.door.get(Customer, thing.customer_id) if thing.customer_id else None


def _owners(act: Act, customer: Customer) -> list[Entry]:
    """The entries by which a customer changed hands, in order."""
    told = act.door.find(Entry, noun="customer", noun_id=str(customer.id))
    return [entry for entry in told if "owner" in entry.changes]


def _of_customer(act: Act, customer: Customer) -> tuple[int | None, int | None]:
    """(When a customer came into the pool, when it last was of who asks): of both the journal tells."""
    changes = _owners(act, customer)
    pooled = changes[-1].at if changes else customer.created_at
    ended = [entry.at for entry in changes if entry.changes["owner"][0] == act.by]
    return pooled, ended[-1] if ended else None


def named(act: Act, text: str, *, ids_only: bool) -> tuple[str, Any]:
    """The deal or customer that is meant; customers by their reference. Refused (3) for nothing known."""
    noun, key = meant(text) or ("deal", text)
    if noun == "customer" and key.isdecimal():
        return noun, find.get(act.door, Customer, int(key))
    return "deal", find.deal(act.door, text, ids_only=ids_only)
