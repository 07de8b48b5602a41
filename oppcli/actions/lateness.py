"""What time does to tasks: late, once for each due, with whose they were then; the escalations of deadlines; reminders
of what is due today, once, when business hours begin, to whoever has to do it."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from oppcli.actions.act import Act, Look
from oppcli.actions.follow_ups import due_shown
from oppcli.actions.waking import Kind
from oppcli.model.command import BLANK, command
from oppcli.model.deals import Customer, Deal
from oppcli.model.follow import OPEN, Task
from oppcli.model.notices import Notice
from oppcli.model.noun import replace
from oppcli.model.policy import Escalation, Policy
from oppcli.model.records import LIVE
from oppcli.model.refs import ref
from oppcli.model.relations import Deadline
from oppcli.model.said import Said, listed, say
from oppcli.model.units import HOUR_MS, MINUTE_MS
from oppcli.rules import deadlines, dues, holders
from oppcli.rules.absence import absence
from oppcli.rules.dues import date_of
from oppcli.rules.promising import due_of, named
from oppcli.rules.tenures import ASSIGN
from oppcli.store import due_tasks
from oppcli.store.fired import fire, when
from oppcli.words import zones

LATE = "late"
"""The action, the mark, and the kind of the notices."""
FARTHEST_EAST_MS = 14 * HOUR_MS
"""Nowhere is a day further ahead: before the policy is read, everything is looked at that may be over."""
REMIND = "remind"
ALL = 0
"""In place of a task: all that are due on a day have been reminded of."""
NINE = 9 * 60
"""When a day begins that has no business hours, in minutes."""


def late() -> Kind:
    """Tasks become late: those due on a day with the midnight after it, in the zone of the policy's calendar."""
    return Kind("task", _over, _mark)


def escalation() -> Kind:
    """Deadlines that are late are told, or handed on."""
    return Kind("task", lambda look: due_tasks.awake(look.door, look.now), _escalate, table="follow")


def _over(look: Look) -> Sequence[int]:
    if not due_tasks.any_over(look.door, look.now, zones.today(look.now + FARTHEST_EAST_MS, "UTC").isoformat()):
        return ()
    today = zones.today(look.now, look.policy.hours().timezone).isoformat()
    return due_tasks.over(look.door, look.now, today)


def _mark(act: Act, numbers: Sequence[int]) -> Iterator[str]:
    zone = act.policy.hours().timezone
    around = _Around(act, numbers)
    for task in around.tasks:
        promise = due_of(task)
        since = dues.late_from(promise, zone)
        if task.state != OPEN or task.late_at is not None or since is None or since > act.now:
            continue
        deal, customer = around.deal(task), around.customer(task)
        rule = deadlines.rule_of(task, act.policy)
        levels = [] if rule is None else deadlines.levels(rule, task, act.policy)
        after = replace(
            task,
            late_at=since,
            late_by=holders.holder_at(task, deal, customer, since),
            wake_at=min(levels, default=None),
        )
        act.door.save(task, after, action=LATE)
        if fire(act.door, "task", task.id, LATE, cycle=_cycle(task), at=since) and act.policy.follow is not None:
            _tell_late(act, task, deal, holders.holders(task, deal, customer, act.policy, act.people), rule)
        yield say("{task} is late: it was due {due}", task=named(task), due=due_shown(act, due_of(task)))


class _Around:
    """Some tasks, and what they are about."""

    def __init__(self, act: Act, numbers: Sequence[int]) -> None:
        self.tasks = act.door.find(Task, id=list(numbers), standing=LIVE)
        deals = sorted({task.deal_id for task in self.tasks if task.deal_id is not None})
        customers = sorted({task.customer_id for task in self.tasks if task.customer_id is not None})
        self._deals = {deal.id: deal for deal in act.door.find(Deal, id=deals)} if deals else {}
        self._customers = {each.id: each for each in act.door.find(Customer, id=customers)} if customers else {}

    def deal(self, task: Task) -> Deal | None:
        return self._deals.get(task.deal_id or 0)

    def customer(self, task: Task) -> Customer | None:
        return self._customers.get(task.customer_id or 0)


def _about(act: Act, numbers: Sequence[int]) -> Iterator[tuple[Task, Deal | None, Customer | None]]:
    """These tasks, each with what it is about."""
    around = _Around(act, numbers)
    for task in around.tasks:
        yield task, around.deal(task), around.customer(task)


def _told(act: Act, task: Task, deal: Deal | None, people: Sequence[str]) -> None:
    """Those who have to do it, and who stands in for them, that it is due today."""
    _tell(act, task, people, say("{what}: due today", what=_where(task, deal)), kind="task")


def _cycle(task: Task) -> str:
    """What is due: moved, it is another turn."""
    return task.due_on or str(task.due_at)


def _where(task: Task, deal: Deal | None) -> str:
    """`T-7 首次联系, D-142 上海精密 MES 二期`."""
    about = [named(task)]
    if deal is not None:
        about.append(listed((ref("deal", deal.id), deal.title), " "))
    return listed(about)


def _tell_late(act: Act, task: Task, deal: Deal | None, people: Sequence[str], rule: Deadline | None) -> None:
    """To whoever has to do it, once; of a deadline that stops losses with the question whether to go on."""
    text = say("{what}: was due {due}", what=_where(task, deal), due=due_shown(act, due_of(task)))
    if rule is not None and rule.stop_loss and deal is not None:
        go_on = command("task", "waive", ref("task", task.id), "-m", BLANK)
        lose = command("lose", ref("deal", deal.id), "--reason", BLANK)
        text = say("{text}. Go on, or give the deal up? {go_on}, or {lose}", text=text, go_on=go_on, lose=lose)
    _tell(act, task, people, text)


def reached(act: Act, people: Sequence[str]) -> tuple[str, ...]:
    """The active ones of these people and of who stands in for those who are away, none twice."""
    away = {each.frm: each.to for each in act.delegations if absence(each)}
    found = dict.fromkeys(login for each in people for login in (each, away.get(each) or each))
    return tuple(login for login in found if login in act.people and act.people[login].active)


def _tell(act: Act, task: Task, people: Sequence[str], text: str, *, kind: str = LATE) -> None:
    made = (
        Notice(to=login, kind=kind, deal_id=task.deal_id, task_id=task.id, text=text, at=act.now)
        for login in reached(act, people)
    )
    act.door.add_many(made, action="notice")


def _escalate(act: Act, numbers: Sequence[int]) -> Iterator[str]:
    around = _Around(act, numbers)
    for task in around.tasks:
        deal, rule = around.deal(task), deadlines.rule_of(task, act.policy)
        late = dues.late(due_of(task), act.now, act.policy.hours().timezone)
        levels: list[int] = []
        if task.state == OPEN and late and deal is not None and rule is not None:
            levels = deadlines.levels(rule, task, act.policy)
            for number, at in enumerate(levels):
                cycle = _cycle(task)
                if at <= act.now and fire(act.door, "task", task.id, f"escalate {number + 1}", cycle=cycle, at=at):
                    yield from _step(act, task, deal, rule.escalate[number], at)
        _sleep(act, task, min((at for at in levels if at > act.now), default=None))


def _sleep(act: Act, task: Task, until: int | None) -> None:
    """Wake it for the next level; not at all where it ended meanwhile."""
    now = act.door.get(Task, task.id)
    until = until if now.state == OPEN else None
    if now.wake_at != until:
        act.door.save(now, replace(now, wake_at=until), action=LATE)


def _step(act: Act, task: Task, deal: Deal, level: Escalation, at: int) -> Iterator[Said]:
    """One level: who is meant is told; or the deal is given away, and both are told."""
    deal = act.door.get(Deal, deal.id)
    whom = holders.meant(level.to, deal.owner, act.policy, act.people)
    text = say("{what}: was due {due}", what=_where(task, deal), due=due_shown(act, due_of(task)))
    if deal.owner is not None:
        text = say("{text}, of {owner}", text=text, owner=deal.owner)
    if level.do == "reassign":
        yield from _reassign(act, task, deal, whom[0] if whom else deal.owner, text)
        return
    _tell(act, task, whom, text)
    yield say("{task}: told to {people}", task=named(task), people=listed(whom) or say("nobody"))


def _reassign(act: Act, task: Task, deal: Deal, manager: str | None, text: str) -> Iterator[Said]:
    """The deal goes to somebody else, by the assignment rules, else to whom the level names."""
    from oppcli.actions.given_by_rule import another
    from oppcli.actions.handing import handed

    found = another(act, deal)
    login, how = found or (manager, ASSIGN)
    if login is None or deal.owner == login:
        _tell(act, task, (login,) if login else (), text)
        return
    handed(act, deal, login, how=how, why=task.title)
    given = say("{text}; it is {login}'s now", text=text, login=login)
    _tell(act, task, [each for each in (deal.owner, login) if each], given)
    yield say("{task}: {deal} goes to {login}", task=named(task), deal=ref("deal", deal.id), login=login)


def reminder() -> Kind:
    """A team without `[follow]` is reminded of nothing."""
    return Kind("task", _today, _remind, table="follow")


def _begun(policy: Policy, now: int) -> tuple[date, int]:
    """(Today, the instant at which it begins for people)."""
    calendar = policy.hours()
    today = zones.today(now, calendar.timezone)
    hours = calendar.hours_on(today)
    return today, zones.midnight(today, calendar.timezone) + (hours[0][0] if hours else NINE) * MINUTE_MS


def _today(look: Look) -> Sequence[int]:
    today, begins = _begun(look.policy, look.now)
    day = today.isoformat()
    if look.now < begins or when(look.door, "task", ALL, REMIND, cycle=day) is not None:
        return ()
    ends = zones.midnight(today + timedelta(days=1), look.policy.hours().timezone)
    return [*due_tasks.on(look.door, day, look.now, ends), ALL]


def _remind(act: Act, numbers: Sequence[int]) -> Iterator[str]:
    today, begins = _begun(act.policy, act.now)
    day, reminded, zone = today.isoformat(), 0, act.policy.hours().timezone
    for task, deal, customer in _about(act, [number for number in numbers if number != ALL]):
        if (
            task.state != OPEN
            or date_of(due_of(task), zone) != today
            or not fire(act.door, "task", task.id, REMIND, cycle=day, at=begins)
        ):
            continue
        people = holders.holders(task, deal, customer, act.policy, act.people)
        _told(act, task, deal, people)
        reminded += bool(people)
    if ALL in numbers:
        fire(act.door, "task", ALL, REMIND, cycle=day, at=begins)
    if reminded:
        yield say("{n} {n:task|tasks} due today: reminded", n=reminded)
