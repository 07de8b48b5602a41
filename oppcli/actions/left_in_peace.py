"""A customer whom nobody is to contact before a day (`quiet_until`): what is noted or planned before it is kept, and
said."""

from datetime import date

from oppcli.actions.act import Act
from oppcli.actions.follow_ups import described, is_touch
from oppcli.model.command import command
from oppcli.model.deals import Customer
from oppcli.model.follow import FOLLOW, OPEN, OUT, Activity, Task
from oppcli.model.records import KEPT
from oppcli.model.refs import ref
from oppcli.model.said import Said, say
from oppcli.rules import promising
from oppcli.rules.dues import date_of
from oppcli.store.followed import live_deals, quiet_until
from oppcli.words.notes import Step
from oppcli.words.shown import show_date


def noted(act: Act, quiet: str, made: Activity, step: Step | None) -> tuple[Said, ...]:
    """What is said to who contacted the customer just now, or plans to, before the day; nothing of what was done
    before, or by the customer."""
    contacted = made.at == act.now and made.direction == OUT and is_touch(act, made)
    days = (act.today if contacted else None, step.on if step else None)
    return _before(act, date.fromisoformat(quiet), *days)


def planned(act: Act, task: Task) -> tuple[Said, ...]:
    """The same of a follow-up whose date was typed."""
    quiet = quiet_until(act.door, deal=task.deal_id, customer=task.customer_id)
    if task.kind != FOLLOW or quiet is None:
        return ()
    return _before(act, date.fromisoformat(quiet), date_of(promising.due_of(task), act.local))


def _before(act: Act, until: date, *days: date | None) -> tuple[Said, ...]:
    if not any(day is not None and day < until for day in days):
        return ()
    return (say("the customer is not to be contacted before {day}", day=show_date(until, act.today)),)


def still_planned(act: Act, customer: Customer) -> tuple[Said, ...]:
    """The follow-ups with a customer that are planned before the day, each with what moves it."""
    if customer.quiet_until is None:
        return ()
    until, deals = date.fromisoformat(customer.quiet_until), live_deals(act.door, customer=customer.id)
    open_ones = {"kind": FOLLOW, "state": OPEN, "standing": KEPT}
    found: list[Task] = act.door.find(Task, customer_id=customer.id, deal_id=None, **open_ones)
    found += act.door.find(Task, deal_id=deals, **open_ones) if deals else []
    early = [task for task in found if (day := date_of(promising.due_of(task), act.local)) is not None and day < until]
    return tuple(_moved(act, task, customer.quiet_until) for task in early)


def _moved(act: Act, task: Task, until: str) -> Said:
    name = ref("task", task.id)
    return say(
        "planned before: {step} ({move})",
        step=described(act, task),
        move=command("task", "edit", name, "--due", until),
    )
