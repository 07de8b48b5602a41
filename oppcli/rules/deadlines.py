"""Deadlines of `[follow]`: from when they run, when one begins, by what it is met, when its escalations are due."""

from collections.abc import Callable, Container, Iterable, Mapping

from oppcli.model.deals import Deal, Visit
from oppcli.model.follow import CANCELLED, DEADLINE, DONE, IN, MAIL, WAIVED, Activity, Task
from oppcli.model.policy import Policy
from oppcli.model.relations import ASSIGNED, CREATED, OF_DEADLINE, Deadline
from oppcli.rules import clock, gate_words
from oppcli.rules.dues import due, late_from
from oppcli.rules.gate_words import ACTIVITY, STAGE, SURVEY, TOUCH
from oppcli.rules.promising import due_of, promised
from oppcli.rules.tenures import all_of

HAPPENING = (TOUCH, ACTIVITY, SURVEY)
"""Words of gates that something noted fulfils."""


def origin(rule: Deadline) -> str:
    """What the tasks of a deadline come from."""
    return f"{OF_DEADLINE}{rule.name}"


def rule_of(task: Task, policy: Policy) -> Deadline | None:
    """The deadline that a task comes from; None where the policy has it no more, and for other tasks."""
    found: Deadline | None = policy.follow.opening(task.origin) if policy.follow is not None else None
    return found if task.kind == DEADLINE else None


def ordered(rules: Iterable[Deadline]) -> list[Deadline]:
    """Each behind the one it runs from, which the loader keeps from running in a circle."""
    rest, found, named = list(rules), list[Deadline](), set[str]()
    while rest:
        waiting = {rule.name for rule in rest}
        ready = [rule for rule in rest if rule.start not in waiting] or rest
        found += ready
        named |= {rule.name for rule in ready}
        rest = [rule for rule in rest if rule.name not in named]
    return found


def latest(tasks: Iterable[Task]) -> dict[str, Task]:
    """Origin → the task that was opened last for it."""
    return {task.origin or "": task for task in sorted(tasks, key=lambda task: task.id)}


def start(rule: Deadline, deal: Deal, known: Mapping[str, Task], now: int) -> int | None:
    """The instant from which a deadline runs: creation, the tenure of the owner, the last entry into a stage, the end
    of another one. None while it does not run."""
    if rule.start == CREATED:
        return deal.created_at
    if rule.start == ASSIGNED:
        return None if deal.owner is None else tenure(deal, now)
    if rule.start.startswith(f"{STAGE}:"):
        stay = stay_in(deal, rule.start.partition(":")[2])
        return None if stay is None else stay.entered_at
    before = known.get(f"{OF_DEADLINE}{rule.start}")
    return before.done_at if before is not None and before.state in (DONE, WAIVED) else None


def tenure(deal: Deal, now: int) -> int:
    """Since when the deal is its owner's."""
    since = all_of(deal)[-1].began_at
    return now if since is None else since


def stay_in(deal: Deal, stage: str) -> Visit | None:
    """The last stay in a stage; None where it never was there."""
    return next((visit for visit in reversed(deal.visits) if visit.stage == stage), None)


def opened(rule: Deadline, deal: Deal, since: int, policy: Policy, now: int, by: str) -> Task:
    """The promise that begins. Refused where its calendar has no hours."""
    return Task(
        title=rule.name,
        kind=DEADLINE,
        deal_id=deal.id,
        origin=origin(rule),
        created_at=now,
        created_by=by,
        **promised(due(rule.within, since, policy.hours(rule.calendar))),
    )


def again(rule: Deadline, task: Task | None) -> bool:
    """Whether it begins when what it runs from happens once more: the first contact with every owner until there was
    one, that of a stage with every entry until it was met; all others once."""
    if task is None:
        return True
    anew = rule.start == ASSIGNED or rule.start.startswith(f"{STAGE}:")
    return anew and task.state == CANCELLED


def counts(
    rule: Deadline,
    word: str,
    activity: Activity,
    since: int,
    *,
    touching: Container[str],
    ours: Callable[[Activity], bool],
) -> bool:
    """Whether something noted fulfils a word of a deadline. Of one that runs from a stage or another deadline it has to
    have happened since; of the first contact it has to be `ours`: the owner or the team has to have done it."""
    wanted = gate_words.wanted(word)
    if rule.start not in (CREATED, ASSIGNED) and activity.at < since:
        return False
    if rule.start == ASSIGNED and (_arrived(activity) or not ours(activity)):
        return False
    if wanted.kind == SURVEY:
        return activity.rating is not None
    return activity.kind == wanted.name if wanted.kind == ACTIVITY else activity.kind in touching


def _arrived(activity: Activity) -> bool:
    """Whether it is a mail that came in by itself: nobody of us was in touch yet."""
    return activity.channel == MAIL and activity.direction == IN


def levels(rule: Deadline, task: Task, policy: Policy) -> list[int]:
    """The instants of its escalations, in the order of the policy: business time of its calendar after what is due."""
    calendar = policy.hours(rule.calendar)
    over = task.due_at if task.due_at is not None else late_from(due_of(task), calendar.timezone)
    return [] if over is None else [clock.add(calendar, over, each.after_ms) for each in rule.escalate]
