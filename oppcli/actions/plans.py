"""The next step of a deal: a promise, kept as its open task of kind `follow`.

Whoever changes a deal's fields changes it through here; the deal's own row says nothing of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from oppcli.actions.act import Act
from oppcli.errors import UsageError
from oppcli.model.deals import NEXT, Deal
from oppcli.model.journal import Entry
from oppcli.model.noun import replace
from oppcli.model.records import KEPT, WITHDRAWN
from oppcli.model.said import say

NOTED = "noted"
"""What the meta of an entry calls the activity that it came of."""


def planned(act: Act, deal: Deal, *, meta: Mapping[str, Any] | None = None) -> Deal:
    """The new deal stored, and its next step."""
    kept: Deal = act.door.add(replace(deal, next_step=None, next_step_on=None), meta=meta)
    act.door.add(_opened(act, kept.id, deal.next_step, deal.next_step_on))
    return replace(kept, next_step=deal.next_step, next_step_on=deal.next_step_on)


def replanned(
    act: Act, before: Deal, after: Deal, *, action: str = "edit", meta: Mapping[str, Any] | None = None
) -> Deal:
    """The changed deal stored, and its next step where that is another."""
    said = {name: getattr(after, name) for name in NEXT}
    if all(getattr(before, name) == value for name, value in said.items()):
        return act.door.save(before, after, action=action, meta=meta)
    saved = act.door.save(
        before, replace(after, **{name: getattr(before, name) for name in NEXT}), action=action, meta=meta
    )
    _move(act, saved.id, after.next_step, after.next_step_on, _why(meta))
    return replace(saved, **said)


def plan(act: Act, steps: Iterable[Sequence[Any]]) -> None:
    """Open the next steps of many deals that have none: (number of the deal, what, ISO date)."""
    act.door.add_many(_opened(act, *step) for step in steps if step[1] is not None or step[2] is not None)


def _opened(act: Act, deal: int, title: str | None, on: str | None) -> Any:
    return opened(act, title or "", deal=deal, on=on)


def opened(
    act: Act,
    title: str,
    *,
    deal: int | None = None,
    customer: int | None = None,
    on: str | None = None,
    at: int | None = None,
    origin: str | None = None,
) -> Any:
    """The next step of a deal, or of a customer without one, to be added; what it is due by is what it promises."""
    from oppcli.model.follow import FOLLOW, Task

    return Task(
        title=title,
        kind=FOLLOW,
        deal_id=deal,
        customer_id=customer,
        due_on=on,
        due_at=at,
        promised_on=on,
        promised_at=at,
        origin=origin,
        created_at=act.now,
        created_by=act.by,
    )


def told(deal: int, entries: Iterable[Entry], written: Iterable[Any]) -> dict[str, list[Any]]:
    """What these entries made of a deal's next step: field → [what it was, what it is]."""
    from oppcli.model.follow import FOLLOW, OPEN, Task

    tasks = {str(each.id): each for each in written if isinstance(each, Task)}
    found: dict[str, list[Any]] = {}
    for entry in entries:
        task = tasks.get(entry.noun_id) if entry.noun == "task" else None
        if task is None or (task.deal_id, task.kind) != (deal, FOLLOW):
            continue
        for name, path in zip(NEXT, ("title", "due_on"), strict=True):
            was, now = entry.changes.get(path, [getattr(task, path)] * 2)
            pair = [was or None, (now or None) if task.state == OPEN and task.standing != WITHDRAWN else None]
            if pair[0] != pair[1]:
                found[name] = [found[name][0] if name in found else pair[0], pair[1]]
    return found


def _why(meta: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The reason that was given, for the entry of the task, too."""
    return {"reason": meta["reason"]} if meta and meta.get("reason") else None


def _move(act: Act, deal: int, title: str | None, on: str | None, meta: Mapping[str, Any] | None) -> None:
    """Another next step in place of the one there is: moving its date leaves what was promised, without both it is
    cancelled."""
    from oppcli.model.follow import CANCELLED, FOLLOW, OPEN, Task

    found = act.door.find(Task, deal_id=deal, kind=FOLLOW, state=OPEN, standing=KEPT)
    if not found:
        act.door.add(_opened(act, deal, title, on), meta=meta)
        return
    (task,) = found
    from oppcli.rules.dues import stored
    from oppcli.rules.promising import ended, postponed

    if title is None and on is None:
        after = ended(task, CANCELLED, act.now, act.by)
    else:
        after = postponed(task, stored(on), title or "")
    act.door.save(task, after, meta=meta)


def require_ahead(act: Act, on: date | None, *, task: bool = False) -> None:
    """Refuse (2) a next date that is over, or the day by which a task is to be done."""
    from oppcli.words.shown import show_date

    now = act.today
    if on is None or on >= now:
        return
    if task:
        said = say("{day} is over: a task is due today or later", day=show_date(on, now))
        raise UsageError(said, hint="--due today")
    raise UsageError(say("{day} is over: the next date is today or later", day=show_date(on, now)))
