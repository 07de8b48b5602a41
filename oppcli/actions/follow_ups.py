"""What a note does to the next step: a touch ends it and opens the next one, a mere note moves its date. The next
contact with a customer without a live deal: planned when the last deal ends, given up when one begins."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from oppcli.actions.act import CLOSED, Act, Cause, Look
from oppcli.actions.plans import NOTED, opened
from oppcli.model.deals import LIVE_KINDS, Customer, Deal
from oppcli.model.follow import CANCELLED, FOLLOW, OPEN, Activity, Task
from oppcli.model.people import SERVICE
from oppcli.model.records import KEPT
from oppcli.model.refs import ref
from oppcli.model.relations import OF_CUSTOMER, OF_DEAL
from oppcli.model.said import Said, listed, say
from oppcli.rules import promising
from oppcli.rules.dues import Due, date_of
from oppcli.rules.idling import touching
from oppcli.words.shown import show_date


def followed(act: Act, cause: Cause) -> tuple[str, ...]:
    """End the next step and open another one, or move its date; one line, and one where it goes beyond the cadence."""
    noted, deal = cause.activity, cause.deal
    if noted is None or (deal is None and noted.customer_id is None):
        return ()
    before = _open(act, cause, noted)
    touch, done = is_touch(act, noted), before is not None and before.id == cause.done
    if not touch and not done:
        return () if cause.step is None else _planned(act, cause, before)
    planned = cause.step is not None
    if before is not None and not done and not promising.ends(before, noted.at, act.local, planned=planned):
        return (say("still planned: {step}", step=described(act, before)),)
    ended = end(act, before, noted) if before is not None else None
    after = opened_next(act, cause, noted) if touch or planned else None
    told = _after(act, cause, after) if after else ""
    over = done_line(ended, noted.at, act.local) if ended and not done else ""
    line = listed(filter(None, (told, over)), "; ")
    return (*((line,) if line else ()), *_too_late(act, cause))


def is_touch(look: Look, noted: Activity) -> bool:
    """Whether what was noted is one: of a touching kind, and by a person."""
    if noted.kind not in touching(look.policy):
        return False
    who = look.people.get(noted.who)
    return who is None or SERVICE not in who.roles


def _open(act: Act, cause: Cause, noted: Activity) -> Task | None:
    if cause.tasks is not None:
        return next((each for each in cause.tasks if (each.kind, each.state) == (FOLLOW, OPEN)), None)
    where = {"deal_id": noted.deal_id} if noted.deal_id else {"customer_id": noted.customer_id, "deal_id": None}
    found = act.door.find(Task, **where, kind=FOLLOW, state=OPEN, standing=KEPT)
    return found[0] if found else None


def end(act: Act, task: Task, noted: Activity) -> Task:
    """The task done by what was noted."""
    saved: Task = act.door.save(task, promising.met(task, noted), action="done", meta={NOTED: noted.id})
    return saved


def opened_next(act: Act, cause: Cause, noted: Activity) -> Task | None:
    """What is to be done next: what was said, else what the cadence asks for; nothing on a deal that is closed."""
    step = cause.step
    by = by_cadence(act, cause.deal, noted.customer_id, noted.at) if step is None else Due(step.on)
    if by is None:
        return None
    title = step.what if step and step.what else usual_title(act)
    where: dict[str, Any] = {"deal": noted.deal_id} if noted.deal_id else {"customer": noted.customer_id}
    origin = promising.CADENCE if step is None else None
    made: Task = act.door.add(opened(act, title, **where, on=by.day, at=by.at, origin=origin), meta={NOTED: noted.id})
    return made


def usual_title(act: Act) -> str:
    """What a next step is called that nobody named."""
    return in_policys_language(act, say("follow up"))


def in_policys_language(act: Act, text: str) -> str:
    """A title that nobody typed, in the language of the policy: it is the team's own text."""
    from oppcli.speech import Voice, spoken

    return spoken(text, Voice(lang=act.policy.spoken or "en"))


def by_cadence(act: Act, deal: Deal | None, customer: int | None, at: int) -> Due | None:
    """By when one has to be in touch again after an instant, not before the customer may be contacted; None without a
    cadence for it."""
    if act.policy.follow is None or not act.policy.follow.cadences:
        return None
    of, facts = _facts(act, deal, customer)
    found = promising.cadence(act.policy.follow.cadences, of, facts) if of else None
    by = promising.next_by(found, at, act.calendar)
    if by is None:
        return None
    from oppcli.store.followed import quiet_until

    return promising.not_before(by, quiet_until(act.door, deal=deal.id if deal else None, customer=customer), act.local)


def _facts(act: Act, deal: Deal | None, customer: int | None) -> tuple[str, Mapping[str, Any]]:
    """(deal or customer, what conditions read of it); neither where no cadence is for it."""
    if deal is not None:
        stage = act.policy.stage(deal.stage)
        if stage is None or stage.kind not in LIVE_KINDS:
            return "", {}
        from oppcli.actions import facts

        return OF_DEAL, facts.of_deal(act, deal, _read(act, OF_DEAL))
    if not customer:
        return "", {}
    from oppcli.store.followed import live_deals

    if live_deals(act.door, customer=customer):
        return "", {}
    return OF_CUSTOMER, facts_of_customer(act, act.door.get(Customer, customer))


def _read(act: Act, of: str) -> set[str]:
    """The names that cadences of deals, or of customers, read."""
    from oppcli.rules import conditions

    return {name for each in act.policy.follow.cadences if each.of == of for name in conditions.reads(each.when)}


def facts_of_customer(act: Act, customer: Customer) -> Mapping[str, Any]:
    """What a cadence reads of a customer without a live deal."""
    from oppcli.actions import facts

    return facts.of_customer(act, customer, _read(act, OF_CUSTOMER))


def _planned(act: Act, cause: Cause, before: Task | None) -> tuple[str, ...]:
    """A date with a mere note: it postpones the next step, or opens one."""
    noted, step = cause.activity, cause.step
    if noted is None or step is None:
        return ()
    if before is None:
        after = opened_next(act, cause, noted)
        return (*((_after(act, cause, after),) if after else ()), *_too_late(act, cause))
    due = Due(step.on) if step.on else promising.due_of(before)
    after = promising.postponed(before, due, step.what or None)
    moved: Task = act.door.save(before, after, meta={NOTED: noted.id})
    return (_after(act, cause, moved), *moved_line(moved, act), *_too_late(act, cause))


def moved_line(task: Task, act: Act) -> tuple[Said, ...]:
    """What is said of a promise whose date was moved: what it was first."""
    promised = date_of(promising.promised_of(task), act.local)
    if not task.moves or promised is None:
        return ()
    return (say("first promised for {day}, moved {n} {n:time|times}", day=_shown(act, promised), n=task.moves),)


def _too_late(act: Act, cause: Cause) -> tuple[Said, ...]:
    if cause.step is None or cause.step.on is None or cause.activity is None:
        return ()
    return beyond_cadence(act, cause.deal, cause.activity.customer_id, cause.step.on)


def beyond_cadence(act: Act, deal: Deal | None, customer: int | None, on: date) -> tuple[Said, ...]:
    """What is said of a next date beyond the cadence as of now, which is taken all the same."""
    most = by_cadence(act, deal, customer, act.now)
    last = promising.beyond(on, most, act.local)
    return () if last is None else (say("beyond the cadence, which asks for {day}", day=_shown(act, last)),)


def _after(act: Act, cause: Cause, task: Task) -> Said:
    return say(
        "next: {step} ({task}, {whose})",
        step=described(act, task),
        task=ref("task", task.id),
        whose=whose(act, holder(act, cause.deal, task)),
    )


def holder(act: Act, deal: Deal | None, task: Task) -> str | None:
    """Whose a next step is: the owner's of its deal, of its customer where it is on no deal; None where nobody's."""
    if task.assignee or deal is not None or task.customer_id is None:
        return task.assignee or (deal.owner if deal else None)
    owner: str | None = act.door.get(Customer, task.customer_id).owner
    return owner


def whose(act: Act, login: str | None) -> Said:
    """`yours`, `li's`, `nobody's`."""
    if login is None:
        return say("nobody's")
    return say("yours") if login == act.by else say("{login}'s", login=login)


def described(act: Act, task: Task) -> str:
    """`发方案, Fri 4 Dec`."""
    return listed(filter(None, (task.title, due_shown(act, promising.due_of(task)))))


def due_shown(act: Act, due: Due) -> str:
    """`Fri 4 Dec`, `Fri 4 Dec 17:00`, nothing: by when something is due, where who acts is."""
    if due.on is not None:
        return _shown(act, due.on)
    return "" if due.at is None else act.when(due.at)


def _shown(act: Act, day: date) -> Said:
    return show_date(day, act.today)


def done_line(task: Task, at: int, zone: str) -> Said:
    """`T-61 跟进 is done, on time`: by when it was promised first."""
    name = promising.named(task)
    kept = promising.in_time(task, max(at, task.created_at), zone)
    if kept is None:
        return say("{task} is done", task=name)
    return say("{task} is done, on time", task=name) if kept else say("{task} is done, late", task=name)


def customers_followed(act: Act, cause: Cause) -> tuple[str, ...]:
    """Plan the next contact with the customer of a deal that is closed, where it was the last one; give up what the
    cadence planned where it has a live one again. Nothing where people planned something themselves."""
    from oppcli.store.followed import live_deals

    deal = cause.deal
    if deal is None or deal.customer_id is None:
        return ()
    found = act.door.find(Task, customer_id=deal.customer_id, deal_id=None, kind=FOLLOW, state=OPEN, standing=KEPT)
    if cause.what != CLOSED:
        for task in found:
            if task.origin == promising.CADENCE:
                act.door.save(task, promising.ended(task, CANCELLED, act.now, act.by), action="cancel")
        return ()
    if found or live_deals(act.door, customer=deal.customer_id):
        return ()
    customer = act.door.get(Customer, deal.customer_id)
    cadence = promising.cadence(act.policy.follow.cadences, OF_CUSTOMER, facts_of_customer(act, customer))
    due = promising.next_by(cadence, act.now, act.policy.hours())
    if due is None:
        return ()
    due = promising.not_before(due, customer.quiet_until, act.local)
    made = opened(act, usual_title(act), customer=customer.id, on=due.day, at=due.at, origin=promising.CADENCE)
    task = act.door.add(made)
    return (
        say(
            "next for {customer}: {step} ({task})",
            customer=f"{ref('customer', customer.id)} {customer.name}",
            step=described(act, task),
            task=ref("task", task.id),
        ),
    )
