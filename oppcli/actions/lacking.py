"""What a move still needs, told before and while it is made."""

from oppcli.actions.act import Look
from oppcli.errors import Reason
from oppcli.model.deals import WON, Deal
from oppcli.model.policy import Policy
from oppcli.model.said import listed
from oppcli.rules import fields, pipeline


def missing(look: Look, deal: Deal, way: pipeline.Route) -> tuple[Reason, ...]:
    """Everything this move still needs: fields, files, approvals of every gate on the way, and to be won also an end of
    whatever waits for approval."""
    from oppcli.actions.requests import move_reasons

    policy = look.policy
    files = look.files(deal.id)
    asked = dict.fromkeys(name for stage in way.entered for name in policy.gates.get(stage.name, ()))
    found = pipeline.missing_fields(deal, way, policy, {file.kind for file in files}, lambda: _done(look, deal))
    if any(reason.what.startswith("task:") for reason in found):
        from oppcli.actions.stage_entry import open_ones

        found = open_ones(look, deal, found)
    if found and fields.beside(policy):
        found = _with_values(look, deal, found)
    if any(task.must for stage in way.left for task in stage.tasks):
        from oppcli.actions.stage_entry import undone

        known = {reason.fix for reason in found}
        found += tuple(each for each in undone(look, deal, way) if each.fix not in known)
    # An approval it was let through with, and that no longer holds, keeps it from going further.
    won, into = _wins(deal, way, policy), way.target.name if way.forward else ""
    found += move_reasons(look, deal, asked, files=files, forward=way.forward, winning=won, into=into)
    return tuple(dict.fromkeys(found))


def _wins(deal: Deal, way: pipeline.Route, policy: Policy) -> bool:
    """Whether it is won by this move, and was not before."""
    here = policy.stage(deal.stage)
    return way.target.kind == WON and (here is None or here.kind != WON)


def _done(look: Look, deal: Deal) -> frozenset[str]:
    """The words of gates that hold by what was done on it; read where one asks for that."""
    from oppcli.actions.requests.surroundings import done

    return done(look, deal)


def _with_values(look: Look, deal: Deal, reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """The reasons of a gate; those that read something of these spaces say what it is now."""
    from oppcli.actions.requests.surroundings import around
    from oppcli.rules.told_values import values

    world, found = around(look, deal, requests=()), []
    for reason in reasons:
        told, slug = values(reason.what, world.raw_facts(look.policy), look.policy, deal.currency, world.stale)
        parts = [each for each in (told, reason.detail) if each]
        known = reason._replace(detail=listed(parts, "; "), slug=slug or reason.slug)
        found.append(known if told else reason)
    return tuple(found)
