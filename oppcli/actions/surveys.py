"""Asking customers how it went: a task that a note with a rating ends; bad news is a task for the manager."""

from typing import Any

from oppcli.actions.act import CAPTURED, NOTED, REOPENED, Act, Cause
from oppcli.actions.follow_ups import in_policys_language
from oppcli.actions.telling import tell
from oppcli.model import reasons
from oppcli.model.approver import LINE, ROLE, approver
from oppcli.model.command import BLANK, command
from oppcli.model.deals import WON, Deal
from oppcli.model.follow import CANCELLED, OPEN, RESCUE, SURVEY, Activity, Task
from oppcli.model.notices import Notice
from oppcli.model.records import KEPT
from oppcli.model.refs import ref
from oppcli.model.relations import Span, Survey
from oppcli.model.said import listed, say
from oppcli.rules import dues, holders, promising
from oppcli.rules.gate_words import STAGE


def concerns(act: Act, cause: Cause) -> bool:
    """Whether a cause begins or ends a survey."""
    if cause.what == NOTED:
        return cause.activity is not None and cause.activity.rating is not None
    return cause.what == REOPENED or _begins(act, cause)


def _begins(act: Act, cause: Cause) -> bool:
    """Whether the deal has come to where its customer is asked."""
    before, deal = cause.before, cause.deal
    stage = None if deal is None else act.policy.stage(deal.stage)
    if deal is None or stage is None or (cause.what != CAPTURED if before is None else before.stage == deal.stage):
        return False
    start = act.policy.follow.survey.start
    if start == WON:
        was = None if before is None else act.policy.stage(before.stage)
        return stage.kind == WON and (was is None or was.kind != WON)
    return bool(start == f"{STAGE}:{stage.name}")


def followed(act: Act, cause: Cause) -> tuple[str, ...]:
    """Open the survey, or end it by its answer: a bad one opens a task for the manager, a better one after that ends
    it. Reopening takes back the question."""
    deal, noted = cause.deal, cause.activity
    if deal is None:
        return ()
    known = cause.tasks
    if known is None:
        known = act.door.find(Task, deal_id=deal.id, kind=(SURVEY, RESCUE), state=OPEN, standing=KEPT)
    asked = [task for task in known if (task.kind, task.state) == (SURVEY, OPEN)]
    survey: Survey = act.policy.follow.survey
    if noted is not None:
        done = tuple(_answered(act, task, noted) for task in asked)
        return (
            *done,
            *_rated(act, deal, noted, survey, [task for task in known if (task.kind, task.state) == (RESCUE, OPEN)]),
        )
    if cause.what == REOPENED:
        for task in asked:
            act.door.save(task, promising.ended(task, CANCELLED, act.now, act.by), action="cancel")
        return ()
    return () if asked else (_ask(act, deal, survey),)


def _ask(act: Act, deal: Deal, survey: Survey) -> str:
    title = in_policys_language(act, say("ask how it went"))
    task = act.door.add(_opened(act, deal, title, survey.within, kind=SURVEY))
    note = command("note", ref("deal", deal.id), BLANK, "--rating", "4")
    return say("to do: {task} {title}: {note}", task=ref("task", task.id), title=title, note=note)


def _opened(act: Act, deal: Deal, title: str, within: Span, **more: Any) -> Task:
    due = promising.promised(dues.due(within, act.now, act.policy.hours()))
    return Task(title=title, deal_id=deal.id, origin=SURVEY, created_at=act.now, created_by=act.by, **due, **more)


def _answered(act: Act, task: Task, noted: Activity) -> str:
    act.door.save(task, promising.met(task, noted), action="done")
    return say("{task} is done", task=promising.named(task))


def _rated(act: Act, deal: Deal, noted: Activity, survey: Survey, open_: list[Task]) -> tuple[str, ...]:
    """What an answer leads to."""
    bad = noted.rating is not None and noted.rating <= survey.low
    if not bad:
        for task in open_:
            why = reasons.RATED_ANEW.filled(rating=noted.rating)
            act.door.save(task, promising.ended(task, CANCELLED, act.now, act.by, why=why), action="cancel")
        return ()
    if survey.rescue is None or open_:
        return ()
    return (_rescue(act, deal, noted, survey, survey.rescue),)


def _rescue(act: Act, deal: Deal, noted: Activity, survey: Survey, within: Span) -> str:
    """The task for the owner's manager, else for whom the policy falls back to; they are told."""
    title = in_policys_language(act, say("unhappy: {rating} of {scale}", rating=noted.rating, scale=survey.scale))
    people = holders.meant(approver(LINE), deal.owner, act.policy, act.people)
    one = act.policy.fallback[0]
    given = {"assignee": people[0]} if people else {"role": one.name} if one.kind == ROLE else {"assignee": one.name}
    task = act.door.add(_opened(act, deal, title, within, kind=RESCUE, **given))
    about = listed((ref("deal", deal.id), deal.title), " ")
    text = say("{deal}: {title}", deal=about, title=title)
    told = Notice(to="", kind=RESCUE, deal_id=deal.id, task_id=task.id, activity_id=noted.id, text=text)
    tell(act, people[:1], told, myself=True)
    whose = listed(people[:1]) or one
    return say("to do: {task} {title}, {whose}", task=ref("task", task.id), title=title, whose=whose)
