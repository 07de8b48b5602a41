"""Whom the steps of what was submitted long ago would ask today: played by the engine, with those who agreed then."""

from collections.abc import Mapping, Sequence
from typing import Any

from oppcli.model.approver import FIELD
from oppcli.model.deals import Deal
from oppcli.model.noun import replace
from oppcli.model.people import User
from oppcli.model.policy import Policy, StepRule, TypeRule
from oppcli.model.requests import APPROVED, OPEN, Decision, Request, Revision, Step
from oppcli.rules import fields
from oppcli.rules.approvals import figures, planning
from oppcli.rules.approvals.counting import outcome
from oppcli.rules.approvals.opening import repeat
from oppcli.rules.approvals.replaying import Case, Staffed
from oppcli.rules.approvals.seating import approvals_wanted, seats_of
from oppcli.rules.approvals.transition import current, put
from oppcli.rules.approvals.world import World
from oppcli.tuples import NamedTuple

Agreed = Sequence[tuple[str, str]]
"""(step, login) of who agreed in person before."""


class Parts(NamedTuple):
    """Who has a part in a deal today."""

    owner: str | None = None
    collaborators: tuple[str, ...] = ()


NOBODYS = Parts()


def today(policy: Policy, applied: Policy) -> Policy:
    """A policy with the roles, the fallback and the calendars of the applied one; roles and calendars that this does
    not have are its own."""
    return policy._replace(
        roles={**policy.roles, **applied.roles},
        calendars={**policy.calendars, **applied.calendars},
        fallback=applied.fallback,
    )


def names_of(rule: TypeRule) -> frozenset[str]:
    """The fields that planning a type and finding its people read."""
    return figures.reads(rule).union(term.name for step in rule.steps for term in step.who if term.kind == FIELD)


class Staff:
    """Finds the people of steps; once for the same step, people and votes."""

    def __init__(self, policy: Policy, users: Mapping[str, User], now: int, deals: Mapping[int, Parts]) -> None:
        """`policy` with the people of today (`today`); `deals`: who has a part in them."""
        self._policy, self._users, self._now, self._deals = policy, users, now, deals
        self._known: dict[tuple[Any, ...], Staffed] = {}
        self._own = {name for name, field in fields.fields(policy).items() if field.own}

    def __call__(self, case: Case, steps: Sequence[StepRule], step: StepRule, agreed: Agreed) -> Staffed:
        """Whom it asks, and whether a yes to a step before it is repeated there."""
        parts = self._deals.get(case.deal, NOBODYS)
        named = {term.name for term in step.who if term.kind == FIELD}
        said = {name: case.facts.get(name) for name in sorted(named & self._own)}
        chosen = tuple(case.chosen.get(step.name, ()))
        key = (
            *(case.type, tuple(each.name for each in steps), step.name, case.submitter, case.owner, parts),
            *(case.editors, tuple(said.values()), chosen, tuple(agreed)),
        )
        if key not in self._known:
            deal = Deal(
                id=case.deal,
                title="",
                stage="",
                owner=parts.owner,
                collaborators=parts.collaborators,
                extra={name: value for name, value in said.items() if value is not None},
            )
            world = World(now=self._now, deal=deal, policy=self._policy, users=self._users)
            self._known[key] = _staffed(_request(case, steps, self._policy, agreed), step, world)
        return self._known[key]


def _request(case: Case, steps: Sequence[StepRule], policy: Policy, agreed: Agreed) -> Request:
    """The request as it would be under the policy, with the votes that carry over."""
    planned = planning.steps_of(tuple(steps), policy, 1)
    places = {step.name: step.position for step in planned}
    votes = (
        Decision(number=number, revision=1, step=places[name], seat=1, actor=login, actor_name=login, at=case.at)
        for number, (name, login) in enumerate(agreed, 1)
    )
    return Request(
        deal_id=case.deal,
        type=case.type,
        policy=policy.hash,
        submitted_by=case.submitter,
        submitted_at=case.at,
        owner=case.owner,
        chosen=case.chosen,
        revisions=(Revision(number=1, snapshot={}, at=case.at, editor=case.submitter, editors=case.editors),),
        steps=planned,
        decisions=tuple(votes),
    )


def _staffed(request: Request, rule: StepRule, world: World) -> Staffed:
    step = next(each for each in request.steps if each.name == rule.name)
    seats = seats_of(step, request, world)
    people = tuple(dict.fromkeys(holder.login for seat in seats for holder in seat.holders))
    opened = replace(step, state=OPEN, seats=seats, need=approvals_wanted(step, seats))
    return Staffed(people, _repeated(request, opened, world), any(seat.blocked for seat in seats))


def _repeated(request: Request, step: Step, world: World) -> bool:
    if not request.decisions:
        return False
    done = repeat(put(request, step), world, step).request
    return outcome(current(done, step)) == APPROVED
