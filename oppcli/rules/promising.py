"""What a touch does to the next step, and what moving a date does to a promise."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from oppcli.model.follow import DONE, Activity, Task
from oppcli.model.noun import replace
from oppcli.model.policy import Calendar
from oppcli.model.refs import ref
from oppcli.model.relations import Cadence
from oppcli.rules.dues import Due, date_of, due, late_from, stored

CADENCE = "cadence"
"""The origin of a next step that nobody planned."""


def due_of(task: Task) -> Due:
    """By when it is to be done now."""
    return stored(task.due_on, task.due_at)


def promised_of(task: Task) -> Due:
    """By when it was to be done first."""
    return stored(task.promised_on, task.promised_at)


def named(task: Task) -> str:
    """`T-7 发方案`."""
    return f"{ref('task', task.id)} {task.title}".strip()


def promised(by: Due) -> dict[str, Any]:
    """What a new task keeps of by when it is due: what it promises."""
    return {"due_on": by.day, "due_at": by.at, "promised_on": by.day, "promised_at": by.at}


def ends(task: Task, at: int, tz: str, *, planned: bool) -> bool:
    """Whether a touch at an instant ends the next step: where that is due by then, came from a cadence, or another one
    is planned. A touch before it was promised keeps nothing."""
    if planned:
        return True
    if at < task.created_at:
        return False
    day = date_of(due_of(task), tz)
    return task.origin == CADENCE or (day is not None and day <= (date_of(Due(at=at), tz) or day))


def in_time(task: Task, at: int, tz: str) -> bool | None:
    """Whether what is done at an instant was done by when it was promised first; None where that was never due."""
    begins = late_from(promised_of(task), tz)
    return None if begins is None else at < begins


def postponed(task: Task, to: Due, title: str | None = None) -> Task:
    """The task with another date, or the same. What was promised first stays, and when it became late; a date that
    moves is counted."""
    on = to.day
    moved = (task.due_on, task.due_at) not in ((None, None), (on, to.at))
    never = task.promised_on is None and task.promised_at is None
    return replace(
        task,
        title=task.title if title is None else title,
        due_on=on,
        due_at=to.at,
        promised_on=on if never else task.promised_on,
        promised_at=to.at if never else task.promised_at,
        moves=task.moves + moved,
        wake_at=None if moved else task.wake_at,
    )


def ended(task: Task, state: str, at: int, by: str, *, why: str | None = None, activity: int | None = None) -> Task:
    """The task that is over: done, waived or cancelled, by whom, when, with what, or why. Time does nothing more to
    it."""
    return replace(
        task,
        state=state,
        done_at=at,
        done_by=by,
        reason=task.reason if why is None else why,
        activity_id=task.activity_id if activity is None else activity,
        wake_at=None,
    )


def met(task: Task, noted: Activity) -> Task:
    """The task done by what was noted, when that happened, and never before it was promised."""
    return ended(task, DONE, max(noted.at, task.created_at), noted.who, activity=noted.id)


def cadence(cadences: Iterable[Cadence], of: str, facts: Mapping[str, Any]) -> Cadence | None:
    """The first that is true; what reads an empty field is not, unless the rest decides it."""
    from oppcli.rules.conditions import decided

    return next((each for each in cadences if each.of == of and decided(each.when, facts) is True), None)


def next_by(found: Cadence | None, at: int, calendar: Calendar) -> Due | None:
    """By when one has to be in touch again after a touch at an instant; None where no cadence says so."""
    return None if found is None else due(found.every, at, calendar)


def not_before(by: Due, quiet: str | None, tz: str) -> Due:
    """The same, but not before the day until which a customer is left in peace."""
    day = date_of(by, tz)
    return by if quiet is None or day is None or day.isoformat() >= quiet else Due(date.fromisoformat(quiet))


def beyond(on: date, most: Due | None, tz: str) -> date | None:
    """The last date that a cadence allows, where this one is later."""
    last = None if most is None else date_of(most, tz)
    return last if last is not None and on > last else None
