"""Tasks that wait for people, as things to be done next."""

from collections.abc import Iterator
from functools import partial

from oppcli.model.command import BLANK, Command, command
from oppcli.model.follow import CONFLICT, DEADLINE, FOLLOW, HANDOVER, OPEN, SURVEY
from oppcli.model.policy import Policy
from oppcli.model.refs import ref
from oppcli.model.relations import ASSIGNED, CREATED, Deadline
from oppcli.model.said import Said, say
from oppcli.reads import tasks
from oppcli.reads.waiting_work import Item, Work
from oppcli.rules import urgency
from oppcli.rules.dues import stored
from oppcli.rules.gate_words import TOUCH, mended
from oppcli.store.doors import ReadDoor
from oppcli.store.patterns import literals

KINDS = {CONFLICT: urgency.CONFLICT, HANDOVER: urgency.HANDOVER, FOLLOW: urgency.FOLLOW, DEADLINE: urgency.DEADLINE}
_MORE = """SELECT t.id, t.kind, t.title, t.deal_id, {who}, t.due_on, t.due_at, t.must_id, t.origin, c.name,
       t.customer_id FROM"""
_TASKS = f"""
{_MORE.format(who="t.assignee")} task t LEFT JOIN customer c ON c.id = t.customer_id
WHERE t.state = '{OPEN}' AND t.assignee IN ({{people}})
UNION ALL
{_MORE.format(who="d.owner")} deal d JOIN task t ON t.deal_id = d.id LEFT JOIN customer c ON c.id = t.customer_id
WHERE t.state = '{OPEN}' AND t.assignee IS NULL AND t.role IS NULL AND d.owner IN ({{people}})
UNION ALL
{_MORE.format(who="c.owner")} customer c JOIN task t ON t.customer_id = c.id
WHERE t.state = '{OPEN}' AND t.assignee IS NULL AND t.role IS NULL AND t.deal_id IS NULL AND c.owner IN ({{people}})
UNION ALL
{_MORE.format(who="NULL")} task t LEFT JOIN deal d ON d.id = t.deal_id LEFT JOIN customer c ON c.id = t.customer_id
WHERE t.state = '{OPEN}' AND t.role IS NOT NULL AND {{theirs}}
"""
"""What `tasks.theirs` says, each part by an index of its own: those given to them, of their deals, of their customers,
of their roles."""


def waiting(door: ReadDoor, work: Work, policy: Policy) -> Iterator[Item]:
    """Open tasks of theirs: those given to them, those of their deals and customers, those of their roles."""
    known = {login: user.roles for login, user in work.people.items()}
    theirs = tasks.theirs(work.owners, tasks.roles_of(work.owners, known, policy))
    people = literals(work.owners)
    rows = door.rows(_TASKS.format(theirs=theirs, people=people))
    for key, kind, title, deal, who, on, at, must, origin, customer, of in rows:
        rule = policy.follow.opening(origin) if kind == DEADLINE and policy.follow is not None else None
        what = _kind(kind, must, rule)
        place = ref("deal", deal) if deal else ref("customer", of) if of else None
        answer = partial(_command, kind, place, rule)
        yield Item(what, "task", key, deal, who, partial(_told, title), stored(on, at), customer, answer)


def _command(kind: str, place: str | None, rule: Deadline | None) -> Command | None:
    """What does a task that `opp done` is not for: a deadline is met by the first that its rule asks for."""
    if kind == CONFLICT:
        return command("dupes", "list", "deal")
    if place is None:
        return None
    if kind == SURVEY:
        return command("note", place, BLANK, "--rating", "4")
    if kind == FOLLOW or (rule is not None and TOUCH in rule.done):
        return command("note", place, BLANK)
    if rule is None or not rule.done:
        return None
    return mended(place, rule.done[0])


def _told(title: str) -> Said:
    return say("{title}", title=title) if title else say("next step")


def _kind(kind: str, must: int | None, rule: Deadline | None) -> str:
    """How urgent a task is by what it is: a deadline that a touch meets is a first contact."""
    if must is not None:
        return urgency.MUST
    if rule and rule.start in (ASSIGNED, CREATED) and TOUCH in rule.done:
        return urgency.FIRST_CONTACT
    return KINDS.get(kind, urgency.TASK)
