"""Tasks: given, done, moved, sent back, waived, cancelled; what comes again opens anew when one ends."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from oppcli.actions.act import EDITED, Act, Cause
from oppcli.actions.follow_ups import beyond_cadence, described, done_line, moved_line, whose
from oppcli.actions.outcome import Outcome
from oppcli.actions.plans import require_ahead
from oppcli.actions.task_rights import (
    customer_of,
    deal_of,
    held_by,
    require,
    require_by_hand,
    require_open,
    require_reason,
    waived_by,
)
from oppcli.actions.task_terms import Asked, again, first, given, rule, titled
from oppcli.errors import Conflict, UsageError
from oppcli.model.command import command
from oppcli.model.follow import CANCELLED, DEADLINE, DONE, FOLLOW, HANDOVER, OF_OWNER, OPEN, TODO, WAIVED, Task
from oppcli.model.notices import Notice
from oppcli.model.noun import replace
from oppcli.model.refs import number, ref
from oppcli.model.said import Said, Word, listed, say
from oppcli.rules import promising
from oppcli.rules.promising import named

if TYPE_CHECKING:
    from oppcli.actions.places import Place

TOLD = "task"
"""The kind of the notices."""
BY_HAND = (TODO, FOLLOW)
"""What people plan: its date is theirs to move, and it may be cancelled; the rest follows from the policy."""


def add(act: Act, asked: Asked, where: "Place | None") -> Outcome:
    """A task for somebody, or for a role; without a name one's own. Refused without a title, for a date that is over,
    for a contact of no customer, and for people, roles and rules of coming again that there are not."""
    act.require_anybody("task add", say("give tasks"))
    if where is not None:
        from oppcli.actions.places import require_promising

        require_promising(where)
    assignee, role = given(act, asked.to)
    due, repeat = first(act, asked)
    deal = where.deal.id if where and where.deal else None
    made = Task(
        title=titled(asked.title),
        deal_id=deal,
        customer_id=where.customer.id if where and where.customer and not deal else None,
        assignee=assignee,
        role=role,
        repeat=repeat,
        anchor=due.day if repeat else None,
        created_at=act.now,
        created_by=act.by,
        **promising.promised(due),
    )
    kept: Task = act.door.add(made)
    name, whom = ref("task", kept.id), _whose(act, kept)
    told = _tell(act, kept, [assignee], say("{who} gives you {task}", who=act.by, task=named(kept)))
    step = described(act, kept)
    line = say("{task} added: {step} ({whose})", task=name, step=step, whose=whom)
    if where is not None:
        line = say("{task} added for {place}: {step} ({whose})", task=name, place=where.name, step=step, whose=whom)
    return Outcome(done=(line,), ids=(name,), details=told)


def done(act: Act, task: Task, text: str = "", day: Callable[[str], date] = date.fromisoformat) -> Outcome:
    """The task done, with what is to be noted of it; what comes again opens anew. Refused for what is over, for what is
    met by something else, and for whose it is not."""
    require(act, "task done", task)
    require_by_hand(act, task)
    lines: tuple[str, ...] = ()
    if text.strip():
        noted, lines = _noted(act, task, text, day)
        task = act.door.get(Task, task.id)
    else:
        noted = None
    if task.state == OPEN:  # a touch that was noted may have ended it
        task = act.door.save(task, promising.ended(task, DONE, act.now, act.by, activity=noted), action="done")
    told = _tell(act, task, [task.created_by], say("{who} has done {task}", who=act.by, task=named(task)))
    line = done_line(task, task.done_at or act.now, act.local)
    if task.kind == HANDOVER:
        from oppcli.actions.handover import taken

        lines += taken(act, task)
    details = (*lines, *_opened_again(act, task), *_freed(act, task), *told)
    return Outcome(done=(line,), ids=(ref("task", task.id),), details=details)


def edit(act: Act, task: Task, asked: Asked) -> Outcome:
    """The task with another title, date, person or rule. Moving a date leaves what was promised first and counts.
    Refused for what is over, for a date that is, for dates that follow from the policy, and for what the course of a
    deal opens to come again."""
    require(act, "task edit", task)
    after = _edited(act, task, asked)
    name = ref("task", task.id)
    if after == task:
        return Outcome(done=(say("{name}: nothing to change", name=name),), ids=(name,))
    saved: Task = act.door.save(task, after)
    whom = [saved.assignee] if saved.assignee != task.assignee else []
    told = _tell(act, saved, whom, say("{who} gives you {task}", who=act.by, task=named(saved)))
    line = say("{task}: {step} ({whose})", task=name, step=described(act, saved), whose=_whose(act, saved))
    moved = moved_line(saved, act) if saved.moves != task.moves else ()
    beyond: tuple[str, ...] = ()
    if task.kind == FOLLOW and asked.due is not None and asked.due.on is not None:
        from oppcli.actions import left_in_peace

        beyond = beyond_cadence(act, deal_of(act, task), task.customer_id, asked.due.on)
        act.warnings += left_in_peace.planned(act, saved)
    return Outcome(done=(line,), ids=(name,), details=(*moved, *beyond, *told))


def _edited(act: Act, task: Task, asked: Asked) -> Task:
    after = task if asked.title is None else replace(task, title=titled(asked.title))
    if asked.to is not None:
        _require_given(task, asked.to)
        assignee, role = given(act, asked.to)
        after = replace(after, assignee=assignee, role=role)
    if asked.due is not None:
        if task.kind not in BY_HAND:
            raise Conflict(say("the date of {task} follows from the policy", task=named(task)), hint=waived_by(task))
        require_ahead(act, asked.due.on, task=True)
        after = promising.postponed(after, asked.due)
    if asked.repeat is not None:
        _require_own(task, asked.repeat)
        repeat = rule(asked.repeat, after)
        after = replace(after, repeat=repeat, anchor=(task.anchor or after.due_on) if repeat else None)
    return after


def _require_given(task: Task, to: str) -> None:
    """Refuse to give somebody what is always its owner's: a next step, a deadline, a survey."""
    if task.kind not in OF_OWNER:
        return
    deal, customer = ref("deal", task.deal_id or 0), ref("customer", task.customer_id or 0)
    moving = ("deal", "assign", deal, "--to", to) if task.deal_id else ("customer", "edit", customer, "--owner", to)
    said = say("{task} is for whoever owns {what}", task=named(task), what=deal if task.deal_id else customer)
    raise Conflict(said, hint=command(*moving))


def _require_own(task: Task, repeat: str) -> None:
    """Refuse to let something come again that the course of a deal opens: its next one is opened by that."""
    if task.kind == TODO or not repeat.strip():
        return
    place = ref("deal", task.deal_id) if task.deal_id else ref("customer", task.customer_id or 0)
    raise Conflict(
        say("{task} does not come again: only what is added as a task does", task=named(task)),
        hint=command("task", "add", task.title, "--for", place, "--repeat", repeat),
    )


def decline(act: Act, task: Task, why: str) -> Outcome:
    """Back to who gave it, with a reason. Refused where nobody gave it, and to whom it was not given."""
    require(act, "task decline", task)
    giver, why = act.people.get(task.created_by), why.strip()
    if task.kind != HANDOVER and (task.kind != TODO or giver is None or giver.login == act.by or not giver.active):
        raise Conflict(say("nobody else gave {task}", task=named(task)), hint=command("show", ref("task", task.id)))
    require_reason(why, "decline", task)
    after = replace(task, assignee=task.created_by, role=None, reason=why)
    if task.kind == HANDOVER:  # it is over, and the deal stays whose it is
        after = promising.ended(task, CANCELLED, act.now, act.by, why=why)
    saved: Task = act.door.save(task, after, action="decline", meta={"reason": why})
    said = say("{who} declines {task}: {why}", who=act.by, task=named(saved), why=why)
    line = say("{task} goes back to {login}", task=named(saved), login=task.created_by)
    return Outcome(done=(line,), ids=(ref("task", task.id),), details=_tell(act, saved, [task.created_by], said))


def waive(act: Act, task: Task, why: str) -> Outcome:
    """The task not asked for any more: gates and deadlines go on as if it were done. By a manager, with a reason."""
    act.require("task waive", say("waive tasks"))
    require_open(task)
    require_reason(why, "waive", task)
    return _ended(act, task, why, "waive", WAIVED)


def cancel(act: Act, task: Task, why: str) -> Outcome:
    """The task given up. Refused for what the policy asks for, which a manager waives."""
    require(act, "task cancel", task)
    if task.kind not in BY_HAND:
        raise Conflict(say("{task} is asked for by the policy", task=named(task)), hint=waived_by(task))
    return _ended(act, task, why, "cancel", CANCELLED)


def _ended(act: Act, task: Task, why: str, verb: str, state: str) -> Outcome:
    require_open(task)
    after = promising.ended(task, state, act.now, act.by, why=why.strip() or None)
    saved: Task = act.door.save(task, after, action=verb, meta={"reason": why.strip()} if why.strip() else None)
    line = say("{task}: {state}", task=named(saved), state=Word("task", state))
    return Outcome(done=(line,), ids=(ref("task", task.id),), details=_freed(act, saved))


def _freed(act: Act, task: Task) -> tuple[str, ...]:
    """What follows from a task that ends: what runs from a deadline begins, and one that asks for the task is met."""
    follow = act.policy.follow
    if follow is None or task.state not in (DONE, WAIVED):
        return ()
    asked = any(f"task:{task.title}" in each.done for each in follow.deadlines)
    deal = deal_of(act, task) if asked or task.kind == DEADLINE else None
    if deal is None:
        return ()
    from oppcli.actions.consequences import following

    return following(act, Cause(EDITED, deal, deal))


def _opened_again(act: Act, task: Task) -> tuple[str, ...]:
    """What comes again, opened; how many days are left out since."""
    if not task.repeat or task.kind != TODO:
        return ()
    fresh = again(act, task)
    if fresh is None:
        return (say("it does not come again"),)
    made: Task = act.door.add(fresh)
    name = ref("task", made.id)
    line = say("again: {step} ({task}, {whose})", step=described(act, made), task=name, whose=_whose(act, made))
    return (line, *((say("left out in between: {n}", n=made.skipped),) if made.skipped else ()))


def _noted(act: Act, task: Task, text: str, day: Callable[[str], date]) -> tuple[int | None, tuple[str, ...]]:
    """(the number of what is noted of it, the lines of that). Refused where the task is on nothing."""
    from oppcli.actions.notes import Noted, note
    from oppcli.actions.places import Place

    where = Place(deal=deal_of(act, task), customer=customer_of(act, task))
    if where.deal is None and where.customer is None:
        name = ref("task", task.id)
        raise UsageError(
            say("{task} is on no deal and no customer: there is nowhere to note it", task=name),
            hint=command("done", name),
        )
    outcome = note(act, where, Noted(text), day, done=task.id)
    return number("activity", outcome.ids[0]), (*outcome.done, *outcome.details)


def _whose(act: Act, task: Task) -> Said:
    if task.role is not None:
        from oppcli.model.calling import role_called

        return say("the role {role}", role=role_called(task.role, act.policy.role_titles))
    found = held_by(act, task, deal_of(act, task))
    return whose(act, found[0] if found else None)


def _tell(act: Act, task: Task, logins: list[str | None], text: Said) -> tuple[Said, ...]:
    """A notice to each of these active people but who acts."""
    if not {*logins} - {None, act.by}:
        return ()
    from oppcli.actions.telling import tell

    deal, customer = task.deal_id, task.customer_id
    notice = Notice(to="", kind=TOLD, deal_id=deal, customer_id=customer, task_id=task.id, text=text)
    others = tell(act, logins, notice)
    return (say("told: {people}", people=listed(others)),) if others else ()
