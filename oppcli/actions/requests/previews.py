"""A request before it exists: who would be asked until when, and what is in the way."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from oppcli.actions.act import Look
from oppcli.actions.requests.surroundings import around
from oppcli.model.command import command
from oppcli.model.deals import Deal
from oppcli.model.noun import replace
from oppcli.model.policy import Policy
from oppcli.model.refs import ref
from oppcli.model.requests import PENDING, Request
from oppcli.model.said import Said, listed, say
from oppcli.rules.approvals import outlook, planning, submitting
from oppcli.rules.approvals.world import World
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from oppcli.rules.approvals.savings import Saving


class Preview(NamedTuple):
    """A plan: the steps in order, none where no approval is required."""

    title: str
    expected: tuple[outlook.Expected, ...]
    notes: tuple[str, ...]
    policy: Policy
    savings: "tuple[Saving, ...]" = ()
    """What would spare steps, the nearest first."""
    skipped: "tuple[Said, ...]" = ()
    """The steps that are not asked, each with why."""


def preview(look: Look, deal: Deal, name: str | None, *, hidden: Collection[str] = ()) -> Preview:
    """What submitting now would start: by the owner, or by the admin who asks, whose superiors are others. Refused like
    submitting, with everything that is missing. Of `hidden` fields the reasons say nothing."""
    from oppcli.rules.approvals import skipping
    from oppcli.rules.approvals.savings import savings

    look.require_kept(deal)
    world = around(look, deal)
    title = say("{name} for {deal} {title}", name=name, deal=ref("deal", deal.id), title=deal.title)
    submitter = look.by if world.is_admin(look.by) else deal.owner or ""
    draft = submitting.prepare(world, submitter, name, asking=True)
    if draft is None:
        why = skipping.not_asked(planning.type_named(world.policy, name or ""), world, world.policy, hidden)
        return Preview(title, (), (say("approval not required: {title}", title=title), why), world.policy)
    found = outlook.outlook(draft, world)
    notes = _notes(found, deal, draft.type)
    if deal.owner not in (None, submitter):
        notes = (say("as {who} would submit it; {owner} may ask others", who=submitter, owner=deal.owner), *notes)
    away = skipping.steps_told(draft, world, hidden) if draft.facts.skipped else {}
    told = tuple(say("{step}: {why}", step=step, why=why) for step, why in away.items())
    return Preview(title, found, notes, world.policy, savings(draft, found, world), told)


def _notes(found: Sequence[outlook.Expected], deal: Deal, name: str) -> tuple[str, ...]:
    repeated = [
        say("{name}: {repeats} is not asked twice", name=each.step.name, repeats=listed(each.repeats))
        for each in found
        if each.repeats
    ]
    return (*repeated, say("to submit: {submit}", submit=command("request", "submit", ref("deal", deal.id), name)))


def expected(request: Request, world: World) -> tuple[outlook.Expected, ...]:
    """The steps of a request that was just submitted, in order."""
    rule, policy = world.type_rule(request), world.rules(request)
    steps = planning.steps_of(planning.applies(rule, world.facts(policy)), policy, request.revision)
    return outlook.outlook(replace(request, state=PENDING, steps=steps, decisions=()), world)
