"""Tasks that wait for people, as things to be done next."""

from collections.abc import Iterator
from datetime import date

from oppcli.model.follow import CONFLICT, DEADLINE, FOLLOW, HANDOVER
from oppcli.model.policy import Policy
from oppcli.model.relations import ASSIGNED, CREATED
from oppcli.model.said import Said, say
from oppcli.reads.waiting_work import Item, Work
from oppcli.rules import urgency
from oppcli.rules.dues import Due
from oppcli.rules.gate_words import TOUCH
from oppcli.store.doors import ReadDoor

KINDS = {CONFLICT: urgency.CONFLICT, HANDOVER: urgency.HANDOVER, FOLLOW: urgency.FOLLOW, DEADLINE: urgency.DEADLINE}
_TASKS = """
SELECT t.id, t.kind, t.title, t.deal_id, coalesce(t.assignee, d.owner, c.owner), t.due_on, t.due_at, t.must_id,
       t.origin, c.name
FROM task t LEFT JOIN deal d ON d.id = t.deal_id LEFT JOIN customer c ON c.id = t.customer_id
WHERE t.state = 'open' AND (t.assignee IS NULL OR {mine})
ORDER BY t.id
"""


def tasks(door: ReadDoor, work: Work, policy: Policy) -> Iterator[Item]:
    """Open tasks of theirs: those given to them, and those of their deals."""
    condition, owners = door.any_of("t.assignee", "owners", work.owners)
    for key, kind, title, deal, who, on, at, must, origin, customer in door.rows(
        _TASKS.format(mine=condition), owners=owners
    ):
        if who in work.owners:
            due = Due(None if on is None else date.fromisoformat(on), at)
            what = _kind(kind, must, origin, policy)
            yield Item(what, "task", key, deal, who, _told(title), due, customer)


def _told(title: str) -> Said:
    return say("{title}", title=title) if title else say("next step")


def _kind(kind: str, must: int | None, origin: str | None, policy: Policy) -> str:
    """How urgent a task is by what it is: a deadline that a touch meets is a first contact."""
    if must is not None:
        return urgency.MUST
    rule = policy.follow and kind == DEADLINE and policy.follow.deadline((origin or "").partition(":")[2])
    if rule and rule.start in (ASSIGNED, CREATED) and TOUCH in rule.done:
        return urgency.FIRST_CONTACT
    return KINDS.get(kind, urgency.TASK)
