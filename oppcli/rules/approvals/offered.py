"""The commands that somebody may give on a request now: each is tried by its own rule."""

from collections.abc import Callable, Iterator, Mapping

from oppcli.errors import OppError
from oppcli.model.command import BLANK, Command, command
from oppcli.model.requests import APPROVE, REJECT, RETURN, Request
from oppcli.rules.approvals import deciding, ending, handover, submitting
from oppcli.rules.approvals.authority import Chance, chances
from oppcli.rules.approvals.eligible import called, wants_comment
from oppcli.rules.approvals.telling import seated
from oppcli.rules.approvals.transition import Transition
from oppcli.rules.approvals.world import World
from oppcli.rules.verbs import verb

TRIED: Mapping[str, Callable[[Request, World, str], Transition]] = {
    "resubmit": lambda request, world, who: submitting.resubmit(request, world, who, note=BLANK),
    "recall": ending.recall,
    "nudge": handover.nudge,
    "withdraw": lambda request, world, who: deciding.withdraw(request, world, who, reason=BLANK),
    "revoke": lambda request, world, who: ending.revoke(request, world, who, reason=BLANK),
    "cancel": lambda request, world, who: ending.cancel(request, world, who, reason=BLANK),
}
"""Verbs besides deciding and handing over. What goes past the people asked (override, rebase) is nobody's next step."""


def offered(request: Request, world: World, actor: str) -> tuple[Command, ...]:
    """What `actor` may do, in the order in which it is likely; nothing for who is no active user. The holders must be
    those of now (`seating.settle`)."""
    if not world.active(actor):
        return ()
    return (*_decisions(request, world, actor), *_others(request, world, actor))


def _decisions(request: Request, world: World, actor: str) -> Iterator[Command]:
    found = chances(request, world, actor)
    for chance in found:
        step = ("--step", chance.step.name) if len(found) > 1 else ()
        at = (called(request), "--rev", str(request.revision), *step)
        why = ("-m", BLANK) if wants_comment(request, world, chance.step) else ()
        yield command(APPROVE, *at, *why)
        no = ("--reason" if world.type_rule(request).reasons else "-m", BLANK)
        yield command(REJECT, *at, *no)
        yield command("request", RETURN, *at, *no)
    if found:
        at_step = ("--step", found[0].step.name) if len(found) > 1 else ()
        yield command("request", "ask", called(request), *at_step, "-m", BLANK)
    if any(map(_own, found)) or (request.open_steps and not seated(request) and world.is_admin(actor)):
        yield command("request", "transfer", called(request), "--to", "LOGIN", "-m", BLANK, ready=False)


def _own(chance: Chance) -> bool:
    return chance.on_behalf_of is None


def _others(request: Request, world: World, actor: str) -> Iterator[Command]:
    if request.asking or request.terms:
        yield from _asked(request, world, actor)
    for name, rule in TRIED.items():
        try:
            rule(request, world, actor)
        except OppError:
            continue
        needs = ("-m", BLANK) if verb(f"request {name}").needs_reason else ()
        yield command("request", name, called(request), *needs)


def _asked(request: Request, world: World, actor: str) -> Iterator[Command]:
    """Answers to questions, and terms that are met or waived."""
    from oppcli.rules.approvals import asking, terms

    mine = asking.answerable(request, world, actor)
    for question in mine:
        which = ("--question", str(question.number)) if len(mine) > 1 else ()
        yield command("request", "reply", called(request), *which, "-m", BLANK)
    for term in request.terms:
        at = (called(request), str(term.number))
        for more, waive in (((), False), (("--waive", "-m", BLANK), True)):
            try:
                terms.met(request, world, actor, term.number, why=BLANK, waive=waive)
            except OppError:
                continue
            yield command("request", "met", *at, *more)
