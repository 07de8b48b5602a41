"""撞单: two deals under way of two owners that a rule takes for one. One task for who stands above both, told once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from oppcli.actions.act import Act, Cause
from oppcli.actions.telling import tell
from oppcli.model.approver import ROLE
from oppcli.model.deals import CLOSED_KINDS, Deal
from oppcli.model.follow import CANCELLED, CONFLICT, DONE, OPEN, Match, Task
from oppcli.model.notices import Notice
from oppcli.model.noun import replace
from oppcli.model.records import LIVE
from oppcli.model.refs import ref
from oppcli.model.said import say
from oppcli.rules.promising import ended
from oppcli.rules.rights import superiors
from oppcli.store import alike

ORIGIN = "match:{}"


def begin(act: Act, made: Iterable[Match]) -> list[Task]:
    """A task for each of these matches whose deals have two owners; both are told once."""
    tasks = []
    for match in made:
        owners = alike.under_way(act.door, [match.first, match.second])
        first, second = owners.get(match.first), owners.get(match.second)
        if first and second and first != second:
            tasks.append(_task(act, match, (first, second)))
    return tasks


def followed(act: Act, cause: Cause) -> tuple[str, ...]:
    """What a deal in other hands is in conflict with by now; one that was told before is not told again."""
    matches = open_of(act, [cause.deal.id]) if cause.deal is not None else []
    origins = [ORIGIN.format(match.id) for match in matches]
    told = {task.origin for task in act.door.find(Task, kind=CONFLICT, origin=origins)} if origins else set()
    fresh = (match for match, origin in zip(matches, origins, strict=True) if origin not in told)
    return tuple(
        say(
            "to do: {task} {title}, {whose}",
            task=ref("task", task.id),
            title=task.title,
            whose=task.assignee or task.role,
        )
        for task in begin(act, fresh)
    )


def _task(act: Act, match: Match, owners: tuple[str, str]) -> Task:
    names = [ref("deal", number) for number in (match.first, match.second)]
    assignee, role = judge(act, owners)
    made: Task = act.door.add(
        Task(
            title=f"{match.rule}: {names[0]} / {names[1]}",
            kind=CONFLICT,
            deal_id=match.second,
            assignee=assignee,
            role=role,
            origin=ORIGIN.format(match.id),
            created_at=act.now,
            created_by=act.by,
        ),
        action="conflict",
    )
    whose = zip(owners, (match.first, match.second), reversed(owners), strict=True)
    for owner, number, other in whose:
        text = say(
            "{deal} may be the same as a deal of {other} ({rule})",
            deal=ref("deal", number),
            other=other,
            rule=match.rule,
        )
        tell(act, [owner], Notice(to="", kind=CONFLICT, deal_id=number, text=text), myself=True)
    return made


def judge(act: Act, owners: tuple[str, str]) -> tuple[str | None, str | None]:
    """(login, role) of who decides: the nearest superior of both, else who the policy falls back to."""
    above = [login for login in superiors(owners[0], act.people) if login in superiors(owners[1], act.people)]
    active = next((login for login in above if act.people[login].active), None)
    if active is not None:
        return active, None
    one = act.policy.fallback[0]
    return (None, one.name) if one.kind == ROLE else (one.name, None)


def settle(act: Act) -> None:
    """End the conflicts of deals that this act has closed or taken away."""
    settle_of(act, (deal for deal in act.door.written if type(deal) is Deal))


def settle_of(act: Act, deals: Iterable[Deal]) -> None:
    """End the conflicts of those of these deals that are closed or taken away."""
    closed = {stage.name for kind in CLOSED_KINDS for stage in act.policy.of_kind(kind)}
    over = [deal.id for deal in deals if deal.stage in closed or deal.standing != LIVE]
    if over:
        end(act, open_of(act, over), CANCELLED, say("a deal of it is closed"))


def open_of(act: Act, numbers: Sequence[int]) -> list[Match]:
    """The open matches of these deals."""
    known = alike.known(act.door, "deal", numbers)
    found = [key for key, state in known.values() if state == OPEN]
    return act.door.find(Match, id=found) if found else []


def revive(act: Act, match: Match, meta: Mapping[str, Any]) -> None:
    """Open the task again that a decision on this match has ended."""
    for task in act.door.find(Task, kind=CONFLICT, state=DONE, origin=ORIGIN.format(match.id)):
        again = replace(task, state=OPEN, reason=None, done_at=None, done_by=None)
        act.door.save(task, again, action="undo", meta=meta)


def end(
    act: Act, matches: Iterable[Match], state: str, why: str | None, *, merged: Mapping[str, Any] | None = None
) -> None:
    """The tasks of these matches, ended: done where it was decided, cancelled where there is nothing left to decide.
    `merged`: what the entries of a merge say, which is taken back with it."""
    origins = [ORIGIN.format(match.id) for match in matches]
    for task in act.door.find(Task, kind=CONFLICT, state=OPEN, origin=origins) if origins else ():
        over = ended(task, state, act.now, act.by, why=why)
        act.door.save(task, over, action="merge" if merged else "conflict ended", meta=merged)
