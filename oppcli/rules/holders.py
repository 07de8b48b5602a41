"""Whose a task is: who has to keep the promise, now or at an instant; and who is meant where somebody is to be told."""

from collections.abc import Mapping

from oppcli.model.approver import ROLE, USER, Approver
from oppcli.model.deals import Customer, Deal
from oppcli.model.follow import Task
from oppcli.model.people import User
from oppcli.model.policy import Policy
from oppcli.rules.rights import superiors
from oppcli.rules.tenures import all_of


def holders(
    task: Task, deal: Deal | None, customer: Customer | None, policy: Policy, people: Mapping[str, User]
) -> tuple[str, ...]:
    """The logins of those who have to do it: who it was given to; of a role whoever of the deal's team has it, else all
    who have it; else the owner of the moment."""
    if task.assignee is not None:
        return (task.assignee,)
    if task.role is not None:
        team = tuple(member.login for member in deal.team if member.role == task.role) if deal else ()
        return team or members(task.role, policy, people)
    owner = deal.owner if deal is not None else customer.owner if customer is not None else None
    return () if owner is None else (owner,)


def holder_at(task: Task, deal: Deal | None, customer: Customer | None, at: int) -> str | None:
    """The login of whose it was at an instant, as far as it was one person's."""
    if task.assignee is not None or task.role is not None:
        return task.assignee
    if deal is None:
        return customer.owner if customer is not None else None
    known = all_of(deal)
    return next(
        (each.owner for each in reversed(known) if each.began_at is None or each.began_at <= at), known[0].owner
    )


def members(role: str, policy: Policy, people: Mapping[str, User]) -> tuple[str, ...]:
    """Active people of a role."""
    from oppcli.rules.approvals.world import members as found

    return found(role, policy, people)


def meant(whom: Approver, owner: str | None, policy: Policy, people: Mapping[str, User]) -> tuple[str, ...]:
    """The active people whom the policy names for a deal or customer of this owner: those of a role, one person, or the
    nearest active superior so many levels above the owner; where there is none, whom the policy falls back to."""
    found = named(whom, owner, policy, people)
    if found:
        return found
    return tuple(dict.fromkeys(login for one in policy.fallback for login in named(one, owner, policy, people)))


def named(whom: Approver, owner: str | None, policy: Policy, people: Mapping[str, User]) -> tuple[str, ...]:
    """The same, nobody where nobody is."""
    if whom.kind == ROLE:
        return members(whom.name, policy, people)
    if whom.kind == USER:
        return (whom.name,) if whom.name in people and people[whom.name].active else ()
    line = superiors(owner, people) if owner is not None else ()
    return tuple(login for login in line[whom.above :] if people[login].active)[:1]
