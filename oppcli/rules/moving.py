"""What a stage says of moves: who may bring deals into it, how it is left backwards, what must be done in it."""

from collections.abc import Iterable, Mapping

from oppcli.errors import NotAllowed, Reason, UsageError
from oppcli.model.approver import ROLE, Approver
from oppcli.model.command import BLANK, command
from oppcli.model.deals import LIVE_KINDS, Deal
from oppcli.model.follow import CANCELLED, OPEN, STAGE, Task
from oppcli.model.people import User
from oppcli.model.policy import Policy, StageRule
from oppcli.model.refs import ref
from oppcli.model.relations import OWNER, StageTask
from oppcli.model.said import listed, say
from oppcli.rules.dues import Due, due
from oppcli.rules.holders import named
from oppcli.rules.pipeline import Route, forbidden
from oppcli.rules.promising import promised

NEVER, REASON = "never", "reason"


def require_movers(deal: Deal, way: Route, actor: User, policy: Policy, people: Mapping[str, User]) -> None:
    """Refuse (4) who may not bring deals into one of the stages on the way, saying who may. An admin may."""
    for stage in way.entered or (way.target,):
        if stage.who and not actor.is_admin and actor.login not in movers(stage, deal, policy, people):
            who = listed((_mover(one, policy) for one in stage.who), " or ")
            able = listed(movers(stage, deal, policy, people)) or say("nobody")
            raise NotAllowed(
                say("{login} may not move deals into {stage}", login=actor.login, stage=stage.name),
                hint=say("{who} may: {able}", who=who, able=able),
            )


def movers(stage: StageRule, deal: Deal, policy: Policy, people: Mapping[str, User]) -> tuple[str, ...]:
    """The logins of those who may bring this deal into a stage that names them."""
    found: list[str] = []
    for one in stage.who:
        if one == OWNER:
            found += [deal.owner] if deal.owner else []
        else:
            found += named(Approver(one), deal.owner, policy, people)
    return tuple(dict.fromkeys(found))


def _mover(one: str, policy: Policy) -> str:
    from oppcli.model.calling import called

    return say("its owner") if one == OWNER else called(one, policy.role_titles)


def require_back(deal: Deal, way: Route, policy: Policy, note: str | None) -> None:
    """Refuse to leave a stage backwards that is never left so (7), or without a reason (2) where it asks for one."""
    here = policy.stage(deal.stage)
    if here is None or way.forward or way.target.kind not in LIVE_KINDS:
        return
    name = ref("deal", deal.id)
    if here.back == NEVER:
        raise forbidden(deal, here, way.target, say("{stage} is never left backwards", stage=here.name))
    if here.back == REASON and not (note or "").strip():
        raise UsageError(
            say("say why {deal} goes back from {stage}", deal=name, stage=here.name),
            hint=command("deal", "advance", name, "--to", way.target.name, "-m", BLANK),
        )


def origin(stage: str, task: str) -> str:
    """What the tasks of a stage come from."""
    return f"{STAGE}:{stage}/{task}"


def asks(stages: Iterable[StageRule]) -> bool:
    """Whether one of these has a task that must be done."""
    return any(task.must for stage in stages for task in stage.tasks)


def undone(way: Route, tasks: Iterable[Task]) -> tuple[Reason, ...]:
    """The tasks that keep a deal from leaving these stages forward, each with its command."""
    left = {stage.name for stage in way.left}
    return tuple(
        Reason(
            say("task:{it}", it=task.title),
            say("needed to leave {name}", name=task.must or ""),
            command("done", ref("task", task.id)),
        )
        for task in tasks
        if task.must in left and task.state == OPEN
    )


def fresh(stage: StageRule, known: Iterable[Task]) -> list[StageTask]:
    """The tasks of a stage that entering it opens: those that are neither open nor were done or waived before."""
    there = {task.origin for task in known if task.state != CANCELLED}
    return [task for task in stage.tasks if origin(stage.name, task.name) not in there]


def opened(
    rule: StageTask, stage: StageRule, deal: Deal, policy: Policy, people: Mapping[str, User], now: int, by: str
) -> Task:
    """A task that entering a stage opens, due from now on; its owner's, a role's or one person's."""
    by_when = Due() if rule.within is None else due(rule.within, now, policy.hours())
    assignee: str | None = None
    role: str | None = None
    if rule.who != OWNER:
        whom = Approver(rule.who)
        role = whom.name if whom.kind == ROLE else None
        assignee = None if role else next(iter(named(whom, deal.owner, policy, people)), None)
    return Task(
        title=rule.name,
        kind=STAGE,
        deal_id=deal.id,
        assignee=assignee,
        role=role,
        origin=origin(stage.name, rule.name),
        must=stage.name if rule.must else None,
        created_at=now,
        created_by=by,
        **promised(by_when),
    )
