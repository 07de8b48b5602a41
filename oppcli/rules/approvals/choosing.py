"""Steps whose people somebody chooses: the submitter, or who agrees last before them (transition 43)."""

from collections.abc import Mapping, Sequence

from oppcli.errors import Conflict, NotFound, Reason, Refused
from oppcli.model.approver import CHOSEN, approver
from oppcli.model.command import command
from oppcli.model.noun import replace
from oppcli.model.requests import OPEN, WAITING, Request, Step
from oppcli.model.said import listed, say
from oppcli.rules.approvals.eligible import called, excluded, may_be_chosen
from oppcli.rules.approvals.world import World

Choice = Mapping[str, Sequence[str]]
"""Step → logins."""
NOBODY: Choice = {}


def roles(step: Step) -> tuple[str, ...]:
    """The roles of which people are chosen for a step; none for most."""
    return tuple(term.name for term in map(approver, step.who) if term.kind == CHOSEN)


def candidates(step: Step, request: Request, world: World) -> tuple[str, ...]:
    """Whom one may choose: in the role, and without a conflict."""
    out = excluded(request, world, step)
    return tuple(dict.fromkeys(p for role in roles(step) for p in world.members(role) if p not in out))


def chosen(request: Request, world: World, choice: Choice) -> Request:
    """The request with these people for these steps. Refused for a step that asks nobody who is chosen, or that is
    past, and for people who may not be chosen, with those who may."""
    if not choice:
        return request
    steps = {step.name: step for step in request.plan}
    wrong: list[Reason] = []
    for name, logins in choice.items():
        step = steps.get(name)
        if step is None or not roles(step):
            asking = listed(each.name for each in request.plan if roles(each)) or say("none")
            said = say("{request} has no step {step} that is chosen for", request=called(request), step=name)
            raise NotFound(said, hint=say("those that are: {steps}", steps=asking))
        if step.state not in (WAITING, OPEN) or step.seats:
            raise Conflict(say("{step} was opened already", step=name), slug="wrong_state")
        may = candidates(step, request, world)
        wrong += [
            Reason(login, say("cannot be chosen for {step}: {who} may", step=name, who=listed(may) or say("nobody")))
            for login in logins
            if login not in may
        ]
    if wrong:
        raise Conflict(say("not everybody can be chosen"), reasons=tuple(wrong))
    return replace(request, chosen={**request.chosen, **{name: list(logins) for name, logins in choice.items()}})


def require_chosen(before: Request, after: Request, world: World, line: Sequence[str]) -> None:
    """Refuse what opens a step for which nobody was chosen, with the candidates. `line` are the words of the command as
    far as it goes."""
    was = {step.position for step in before.open_steps if step.revision == after.revision}
    opened = (step for step in after.plan if step.opened_at is not None and step.position not in was)
    bare = [step for step in opened if roles(step) and not may_be_chosen(step, after, world)]
    bare = [step for step in bare if before.revision != after.revision or _waited(before, step)]
    if not bare:
        return
    reasons = tuple(
        Reason(
            step.name,
            say("choose of {who}", who=listed(candidates(step, after, world)) or say("nobody")),
            command(*line, "--choose", f"{step.name}=LOGIN", ready=False),
            "missing",
        )
        for step in bare
    )
    raise Refused(
        say("say who decides {steps}", steps=listed(step.name for step in bare)), reasons=reasons, slug="missing"
    )


def _waited(before: Request, step: Step) -> bool:
    """Whether it had not been opened yet, so that somebody may still choose."""
    known = next(
        (each for each in before.steps if (each.revision, each.position) == (step.revision, step.position)), None
    )
    return known is None or known.opened_at is None


def require_next(before: Request, after: Request, choice: Choice) -> None:
    """Refuse a choice for a step that this yes does not open: who agrees last before it chooses."""
    opened = {step.name for step in after.plan if step.opened_at is not None}
    early = [name for name in choice if name not in opened]
    if early and after.live:
        raise Conflict(
            say("{step} does not open by this: who agrees last before it chooses", step=early[0]), slug="wrong_state"
        )
