"""Taking back what a run did to tasks: a next step that it set, moved or called off, a promise that it ended."""

from collections.abc import Collection
from typing import Any

from oppcli.actions import deals, requests
from oppcli.actions.act import Act, Look
from oppcli.actions.plans import NOTED
from oppcli.actions.undo_conflicts import Step, Told, changed, conflict
from oppcli.errors import Reason
from oppcli.model.command import command
from oppcli.model.deals import Deal
from oppcli.model.follow import FOLLOW, OPEN, Task
from oppcli.model.records import KEPT, WITHDRAWN
from oppcli.model.refs import ref
from oppcli.model.said import listed, say
from oppcli.rules import undoing
from oppcli.rules.undoing import Net
from oppcli.store import runs
from oppcli.store.changes import plain, value_at
from oppcli.store.mapping import shape_of

SHORT = 40
"""Characters of a note that are enough to know it by."""


def since_made(look: Look, net: Net, task: Task, *, with_deal: bool) -> tuple[Reason, ...]:
    """What stands against withdrawing a task that the run made: whatever it says by now besides, but what its maker
    changed in it where the deal goes with it."""
    since = runs.of_noun(look.door, "task", net.key, net.entries[-1].seq)
    since = [entry for entry in since if entry.action not in undoing.PASSED_OVER]
    if with_deal and all(entry.actor == look.by for entry in since):
        return ()
    shape = shape_of(Task)
    whole = plain(shape, task)
    paths = (path for path, (_, new) in net.changes.items() if path not in undoing.ALWAYS_NEW)
    other = [path for path in paths if value_at(shape, whole, path) != net.changes[path][1]]
    if other and with_deal:
        return (Reason(net.name, changed(look, since[-1]), command("log", net.name)),)
    return tuple(conflict(look, net, path) for path in other)


def another_open(look: Look, net: Net, before: Task, after: Task, own: Collection[int]) -> tuple[Reason, ...]:
    """The next step that a deal has by now, where that of the run would be one again; `own` are tasks of the run."""
    if not is_plan(after) or is_plan(before):
        return ()
    deal = ref("deal", after.deal_id or 0)
    return tuple(
        Reason(
            net.name,
            say("{deal} has another next step by now: {task}", deal=deal, task=ref("task", task.id)),
            command("log", deal),
        )
        for task in look.door.find(Task, deal_id=after.deal_id, kind=FOLLOW, state=OPEN, standing=KEPT)
        if task.id not in own
    )


def is_plan(task: Any) -> bool:
    """Whether it is the open next step of a deal."""
    return (
        isinstance(task, Task)
        and task.kind == FOLLOW
        and task.state == OPEN
        and task.standing != WITHDRAWN
        and task.deal_id is not None
    )


def require(look: Look, net: Net, task: Task) -> None:
    """Refuse who may not plan for its deal now; what came of a note is taken back with it by who noted."""
    if task.kind == FOLLOW and task.deal_id is not None and not all(entry.meta.get(NOTED) for entry in net.entries):
        look.require_right("deal edit", look.door.get(Deal, task.deal_id))


def saved(act: Act, step: Step, meta: dict[str, Any], note: str | None) -> Told:
    """Store it; of a next step, what follows from a change of its deal follows."""
    net, before, after = step.net, step.before, step.after
    require(act, net, before)
    if before.deal_id is None or not (is_plan(before) or is_plan(after)):
        step.saved(act, meta)
        return say("{ref} {name} {state}", ref=net.name, name=before.title, state=step.state()), ()
    deal: Deal = act.door.get(Deal, before.deal_id)
    step.saved(act, meta)
    now: Deal = act.door.get(Deal, before.deal_id)
    changes = deals.differences(act.door, deal, now, act.policy)
    parts = (say("{field} {old} → {new}", field=field, old=old or "-", new=new or "-") for field, old, new in changes)
    said = listed(parts, "; ")
    line = say("{name} {title}: {changes}", name=ref("deal", deal.id), title=deal.title, changes=said)
    return line, requests.deal_changed(act, deal, now)


def activity(act: Act, step: Step, meta: dict[str, Any], note: str | None) -> Told:
    """Store what was noted as it was before, or withdrawn."""
    saved = step.saved(act, meta)
    return say("{ref} {name} {state}", ref=step.net.name, name=saved.text[:SHORT], state=step.state()), ()
