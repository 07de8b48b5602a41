"""What a policy would ask for a deal that is made up, or for a real one with other facts. Nothing is stored."""

from collections.abc import Iterable, Mapping

from oppcli.actions import find
from oppcli.actions.act import Look
from oppcli.actions.requests.surroundings import around
from oppcli.actions.values import Typed, refuse, with_value
from oppcli.errors import OppError, Reason, UsageError
from oppcli.model.deals import Deal
from oppcli.model.noun import replace
from oppcli.model.people import ME, User
from oppcli.model.policy import Policy
from oppcli.model.said import say, told
from oppcli.rules import fields, pipeline
from oppcli.rules.approvals.planning import type_named
from oppcli.rules.approvals.simulating import Simulated, simulate
from oppcli.rules.approvals.world import World
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple
from oppcli.words.invalid import Invalid
from oppcli.words.kinds import Reading

MADE_UP = -1
"""The number of a customer that is only typed."""


class Wish(NamedTuple):
    """What to simulate."""

    facts: Typed = Typed(())
    deal: str | None = None
    """A deal to start from, with its files."""
    submitter: str | None = None
    """Default: the owner of the deal, else whoever asks."""
    files: tuple[str, ...] = ()
    """Kinds of files taken as attached."""
    type: str | None = None
    """Only this type of request."""


class Simulation(NamedTuple):
    """The answers, type by type in the order of the policy, and for whom."""

    found: tuple[Simulated, ...]
    submitter: str
    policy: Policy


def simulated(look: Look, wish: Wish, reading: Reading) -> Simulation:
    """Each type of the policy for these facts and the people of now. Refused with every fact that cannot be."""
    door, policy = look.door, look.policy
    rules = [type_named(policy, wish.type)] if wish.type else list(policy.types.values())
    deal = find.deal(door, wish.deal) if wish.deal else None
    submitter = _submitter(look, wish.submitter or (deal.owner if deal else None))
    start = deal or Deal(
        title="simulated", stage=policy.stages[0].name, owner=submitter.login, currency=policy.currency
    )
    here = around(look, start, requests=(), files=None if deal else ())
    kinds = dict.fromkeys(wish.files, ("simulated",))
    world = _with_facts(door, here._replace(files={**here.files, **kinds}), dict(wish.facts.pairs), reading)
    found = tuple(simulate(world, rule, submitter.login) for rule in rules)
    return Simulation(found, submitter.login, policy)


def _submitter(look: Look, login: str | None) -> User:
    if login is None and look.by not in look.people:
        raise UsageError(say("{by} is not a user: say who would submit", by=look.by), hint="--submitter LOGIN")
    return find.person(look.people, look.by if login is None or login in ME else login)


def _with_facts(door: ReadDoor, world: World, typed: Mapping[str, str], reading: Reading) -> World:
    """The world with every typed fact. Stage and owner may be set here: a rule may read them."""
    reasons = []
    for name in _currency_first(typed):
        try:
            world = _with_fact(door, world, name, typed[name], reading)
        except Invalid as wrong:
            reasons.append(Reason(name, told(wrong)))
        except OppError as wrong:
            reasons.append(Reason(name, wrong.message))
    refuse("this", "simulated", reasons)
    return world


def _currency_first(names: Iterable[str]) -> list[str]:
    """Amounts are read in the currency."""
    return sorted(names, key=lambda name: name != "currency")


def _with_fact(door: ReadDoor, world: World, name: str, text: str, reading: Reading) -> World:
    field, deal = fields.known_field(name, world.policy), world.deal
    if field.name == "customer":
        typed = fields.parse(field, text)
        return world._replace(deal=replace(deal, customer_id=typed and MADE_UP), customer=typed)
    if field.name == "stage":
        return world._replace(deal=replace(deal, stage=pipeline.stage_named(text, world.policy).name))
    if field.name == "owner":
        return world._replace(deal=replace(deal, owner=find.user(door, text).login))
    return world._replace(deal=with_value(deal, field, text, reading, world.policy))
