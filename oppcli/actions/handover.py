"""A deal is handed over with what is to be known of it: whoever gets it takes it, or sends it back."""

from oppcli.actions.act import Act
from oppcli.actions.claiming import of_pool
from oppcli.actions.deals import owning, require_unlocked
from oppcli.actions.handing import handed, passed
from oppcli.actions.outcome import Outcome
from oppcli.actions.telling import tell
from oppcli.errors import Conflict, UsageError
from oppcli.model.command import BLANK, command
from oppcli.model.deals import Deal
from oppcli.model.digest import sha256
from oppcli.model.follow import HANDOVER, OPEN, Task
from oppcli.model.notices import Notice
from oppcli.model.records import LIVE
from oppcli.model.refs import ref
from oppcli.model.said import say

CARD, HASH, WHY = "card", "sha256", "why"
"""What the task keeps of the deal: its card as text, the SHA-256 of that, and why it is handed over."""


def begin(act: Act, deal: Deal, to: str, *, card: str, why: str | None) -> Outcome:
    """A task for somebody to take a deal over; until it is done the owner stays who it is. Refused (2) without a
    reason, (5) for whose it is already, for nobody, and while another is to take it."""
    act.require_deal("deal assign", deal)
    require_unlocked(act, deal, why)
    name, login = ref("deal", deal.id), owning(act, to)
    if not (why or "").strip():
        hint = command("deal", "assign", name, "--to", login, "--handover", "-m", BLANK)
        raise UsageError(say("say what is to be known of {name}", name=name), hint=hint)
    if deal.owner == login:
        raise Conflict(say("{name} is {login}'s already", name=name, login=login))
    for other in act.door.find(Task, deal_id=deal.id, kind=HANDOVER, state=OPEN, standing=LIVE):
        task = ref("task", other.id)
        raise Conflict(
            say("{name} is being handed over to {login}: {task}", name=name, login=other.assignee, task=task),
            hint=command("task", "decline", task, "-m", BLANK),
        )
    of_pool(act, deal, login, act.me)
    digest = sha256(card.encode())
    made: Task = act.door.add(
        Task(
            title=f"{name} {deal.title}",
            kind=HANDOVER,
            deal_id=deal.id,
            assignee=login,
            extra={CARD: card, HASH: digest, WHY: why},
            created_at=act.now,
            created_by=act.by,
        )
    )
    task = ref("task", made.id)
    text = say("{who} hands {deal} {title} over to you: {why}", who=act.by, deal=name, title=deal.title, why=why)
    _tell(act, made, login, text)
    done = say(
        "{name} {title}: {login} is asked to take it over ({task})", name=name, title=deal.title, login=login, task=task
    )
    return Outcome(done=(done,), ids=(task,), details=(say("card sha256 {digest}", digest=digest[:12]),))


def taken(act: Act, task: Task) -> tuple[str, ...]:
    """A handover that is done: the deal is theirs now. Refused where it cannot be any more: of one that was withdrawn,
    or won since, which an admin alone gives away."""
    if task.deal_id is None or task.assignee is None:
        return ()
    deal: Deal = act.door.get(Deal, task.deal_id)
    act.require_kept(deal)
    if deal.owner == task.assignee:
        return ()
    why = str(task.extra.get(WHY) or "") or None
    if deal.closed_at is not None and deal.closed_at >= task.created_at:
        require_unlocked(act, deal, why)
    login = owning(act, task.assignee)
    how = of_pool(act, deal, login, act.people[task.created_by])
    saved, details = handed(act, deal, login, how=how, why=why)
    return (passed(deal, saved), *details)


def _tell(act: Act, task: Task, login: str, text: str) -> None:
    tell(act, [login], Notice(to="", kind=HANDOVER, deal_id=task.deal_id, task_id=task.id, text=text))
