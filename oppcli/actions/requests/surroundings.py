"""What the rules of approvals are given, read through a door: the world of one deal."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from oppcli.actions.act import Look
from oppcli.model.deals import Customer, Deal, File
from oppcli.model.journal import Entry
from oppcli.model.policy import Policy
from oppcli.model.requests import IMPORT, Request
from oppcli.rules import fields
from oppcli.rules.approvals.world import Beside, Later, LaterByName, Offered, Offers, World
from oppcli.rules.fields import of_team
from oppcli.store.doors import ReadDoor
from oppcli.store.queries import policy_text


def around(
    look: Look,
    deal: Deal,
    *,
    requests: Iterable[Request] | None = None,
    files: Iterable[File] | None = None,
    like: World | None = None,
    quoted: Offers | None = None,
) -> World:
    """The world of one deal now. `requests` are those already read (all of the deal's by default). `like` is the world
    of another deal in the same transaction: its people and old rules are not read again. `quoted` is what the deal is
    offered for, where that is known."""
    door, policy, now = look.door, look.policy, look.now
    known = tuple(door.find(Request, deal_id=deal.id) if requests is None else requests)
    return World(
        now=now,
        deal=deal,
        policy=policy,
        users=like.users if like else look.people,
        frozen=frozen(door, policy, known, like.frozen if like else {}),
        delegations=like.delegations if like else Later(lambda: look.delegations),
        files=LaterByName(lambda: by_kind(look.files(deal.id) if files is None else files)),
        requests=known,
        customer=_name(door, deal.customer_id) if deal.customer_id else None,
        merged=_merged(door, deal.customer_id),
        rate=None if deal.currency == policy.currency else _rate(look, deal.currency),
        say=like.say if like else saying(policy, now, look.zone),
        done=lambda: done(look, deal),
        offered=_offered(look, deal) if quoted is None else quoted,
        beside=beside(look),
        stale=lambda name: _stale(look, deal, name),
        brought=lambda request: brought(door, request),
        by=look.basis,
    )


def _stale(look: Look, deal: Deal, name: str) -> str:
    """Why nothing is known of it: of risk what nobody knows, of a fact that it is too old."""
    from oppcli.model.spaces import FLAGS, RISK

    if name in (RISK, FLAGS):
        from oppcli.actions.risk_now import unknown

        return unknown(look, deal)
    from oppcli.actions.dotted import dotted

    return dotted(look).stale(deal, name)


def _rate(look: Look, currency: str) -> Decimal | None:
    from oppcli.actions.rates import decimal  # most deals are in the policy's currency

    return decimal(look, currency)


def _offered(look: Look, deal: Deal) -> Offers:
    if not look.policy.spaced:
        return Offered
    from oppcli.actions.offers import offers

    return offers(look, deal)


def beside(look: Look) -> Beside:
    """What policies name of payments, customers and risk, looked up where one names it."""

    def found(deal: Deal, policy: Policy) -> Mapping[str, Any]:
        if not fields.beside(policy):
            return {}
        from oppcli.actions.risk_now import beside

        return beside(look, deal, policy)

    return found


def done(look: Look, deal: Deal) -> frozenset[str]:
    """The words of gates that hold by what was done on a deal: its tasks and activities."""
    from oppcli.actions.follow_ups import is_touch
    from oppcli.model.follow import Activity, Task
    from oppcli.rules import gate_words

    noted = look.door.find(Activity, deal_id=deal.id)
    words = gate_words.done(look.door.find(Task, deal_id=deal.id), noted, partial(is_touch, look))
    if look.policy.spaced or fields.beside(look.policy):
        from oppcli.actions.offers import words_met

        words |= frozenset(words_met(look, lambda: around(look, deal, requests=())))
    return words | of_customer(look, deal)


def of_customer(look: Look, deal: Deal) -> frozenset[str]:
    """The words that ask for a field of the deal's customer, of those that are filled."""
    from oppcli.rules import gate_words

    policy = look.policy
    asked = [word for stage in policy.stages for word in (*stage.enter, *stage.leave)]
    asked += [word for rule in policy.types.values() for word in rule.needs]
    asked += policy.archive.needs if policy.archive is not None else ()
    if deal.customer_id is None or not any(word.startswith(gate_words.OF_CUSTOMER) for word in asked):
        return frozenset()
    customer = look.door.get(Customer, deal.customer_id)
    known = of_team("customer", policy)
    filled = (name for name, field in known.items() if fields.stored(customer, field) not in (None, "", ()))
    return frozenset(f"{gate_words.OF_CUSTOMER}{name}" for name in filled)


def brought(door: ReadDoor, request: Request) -> tuple[str, int] | None:
    """Who imported a request last, and when."""
    told = door.find(Entry, noun="request", noun_id=str(request.id), channel=IMPORT)
    return (told[-1].actor, told[-1].at) if told else None


def by_kind(files: Iterable[File]) -> Mapping[str, tuple[str, ...]]:
    """Kind → fingerprints."""
    kinds: dict[str, tuple[str, ...]] = {}
    for file in files:
        kinds[file.kind] = (*kinds.get(file.kind, ()), file.sha256)
    return kinds


def _name(door: ReadDoor, customer: int) -> Callable[[], str]:
    return lambda: door.get(Customer, customer).name


def _merged(door: ReadDoor, customer: int | None) -> Callable[[], list[str]]:
    """The names of the customers that this one stands for, those of a chain of merges too."""

    def names() -> list[str]:
        found: dict[int, str] = {}
        into = [customer] if customer else []
        while into:
            gone = [each for each in door.find(Customer, merged_into=into) if each.id not in found]
            found |= {each.id: each.name for each in gone}
            into = [each.id for each in gone]
        return list(found.values())

    return names


def frozen(
    door: ReadDoor, policy: Policy, requests: Iterable[Request], known: Mapping[str, Policy]
) -> Mapping[str, Policy]:
    """The rules that these requests were submitted under, by hash; `known` are those read before."""
    found = {**known, policy.hash: policy}
    older = {request.policy for request in requests} - found.keys()
    if not older:
        return found
    from oppcli.policy import read

    return found | {hash: read(policy_text(door, hash)) for hash in sorted(older)}


def saying(policy: Policy, now: int, zone: str) -> Any:
    """How instants are told: `Mon 9 Mar 18:00`; without a zone in that of the policy's calendar."""
    zone = zone or policy.calendars[policy.calendar].timezone

    def say(at: int) -> str:
        from oppcli.words.shown import show_instant

        return show_instant(at, zone, now)

    return say
