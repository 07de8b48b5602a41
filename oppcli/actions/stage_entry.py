"""What entering a stage brings with it, in the transaction of the move: values, tasks, and who is told."""

from collections.abc import Iterable

from oppcli.actions.act import CAPTURED, REOPENED, Act, Cause, Look
from oppcli.actions.telling import tell
from oppcli.errors import Reason
from oppcli.model.approver import Approver
from oppcli.model.command import command
from oppcli.model.deals import Deal
from oppcli.model.follow import OPEN, STAGE, Task
from oppcli.model.notices import Notice
from oppcli.model.records import KEPT
from oppcli.model.refs import ref
from oppcli.model.said import listed, say
from oppcli.rules import fields, holders, moving
from oppcli.rules.pipeline import Route
from oppcli.words.kinds import PLAIN

ENTERED = "entered"
"""The kind of the notices."""


def filled(act: Act, deal: Deal) -> Deal:
    """The deal with what its stage sets in those that enter it; which fields, and to what, the loader has checked."""
    from oppcli.actions.values import with_value

    stage = act.policy.stage(deal.stage)
    for name, text in stage.on_enter.set.items() if stage is not None and stage.on_enter else ():
        if act.policy.quote is not None and _quoted(act, deal, name):
            continue  # its quote says that
        deal = with_value(deal, fields.known_field(name, act.policy), text, PLAIN, act.policy)
    return deal


def _quoted(act: Act, deal: Deal, name: str) -> bool:
    """Whether a field comes from the deal's quote."""
    from oppcli.actions.offers import quote_of
    from oppcli.model.spaces import FROM_QUOTE

    return name in FROM_QUOTE and bool(deal.id) and quote_of(act, deal.id) is not None


def undone(look: Look, deal: Deal, way: Route) -> tuple[Reason, ...]:
    """The tasks that keep the deal from leaving the stages on the way."""
    return moving.undone(way, look.door.find(Task, deal_id=deal.id, kind=STAGE, state=OPEN, standing=KEPT))


def open_ones(look: Look, deal: Deal, reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """The same reasons; those about a task that is open name the command that ends it."""
    found = look.door.find(Task, deal_id=deal.id, state=OPEN, standing=KEPT)
    ends = {f"task:{task.title}": command("done", ref("task", task.id)) for task in found}
    return tuple(reason._replace(fix=ends.get(str(reason.what), reason.fix)) for reason in reasons)


def entered(act: Act, cause: Cause) -> tuple[str, ...]:
    """Open the tasks of the stage that the deal has come into, and tell whom it names; a line for each task. Reopening
    revives none."""
    deal = cause.deal
    stage = None if deal is None else act.policy.stage(deal.stage)
    if deal is None or stage is None:
        return ()
    if stage.on_enter is not None and stage.on_enter.notify:
        _tell(act, deal, stage.on_enter.notify)
    if not stage.tasks or cause.what == REOPENED:
        return ()
    known = [] if cause.what == CAPTURED else act.door.find(Task, deal_id=deal.id, kind=STAGE, standing=KEPT)
    made = (
        moving.opened(rule, stage, deal, act.policy, act.people, act.now, act.by) for rule in moving.fresh(stage, known)
    )
    return tuple(_told(act.door.add(task), act) for task in made)


def _told(task: Task, act: Act) -> str:
    whose: str = task.assignee or ""
    if task.role and not whose:
        from oppcli.model.calling import of_role

        whose = of_role(task.role, act.policy.role_titles)
    return say(
        "to do here: {task} {title}{whose}",
        task=ref("task", task.id),
        title=task.title,
        whose=say(", {whose}", whose=whose) if whose else "",
    )


def _tell(act: Act, deal: Deal, whom: Iterable[Approver]) -> None:
    people = [login for one in whom for login in holders.named(one, deal.owner, act.policy, act.people)]
    text = say(
        "{deal} is in {stage} now, by {by}",
        deal=listed((ref("deal", deal.id), deal.title), " "),
        stage=deal.stage,
        by=act.by,
    )
    tell(act, people, Notice(to="", kind=ENTERED, deal_id=deal.id, text=text))
