"""A row for a deal that people work on here: it obeys locks, gates and reasons as if somebody had typed it."""

from oppcli.actions import lacking
from oppcli.actions.act import Act
from oppcli.actions.imports.merge import Known
from oppcli.errors import Conflict, Reason, Refused
from oppcli.model.deals import LIVE_KINDS, LOST, SOLD, WON, Deal
from oppcli.model.noun import replace
from oppcli.model.refs import ref
from oppcli.model.requests import PENDING, Request
from oppcli.model.said import say
from oppcli.rules import pipeline
from oppcli.rules.closing import loss_problems


def refuse_against_rules(act: Act, before: Deal, after: Deal, state: Known, *, trusted: bool = False) -> None:
    """Refuse a change of what was sold in a deal that people won, and any change of one that a pending approval locks,
    unless an admin vouches for the file (`trusted`); and of one that people work on here a move past a gate with
    something missing, to lost without a reason of the policy, or out of an end. What imports alone made and moved
    follows its files."""
    here = act.policy.stage(before.stage)
    won = here is not None and here.kind == WON and (state.moved_here or state.made_here)
    sold = any(getattr(before, name) != getattr(after, name) for name in (*SOLD, "owner"))
    if won and sold and not trusted:
        raise Conflict(say("{deal} was won here and is locked", deal=ref("deal", before.id)))
    if not trusted:
        _refuse_locked(act, before)
    if before.stage == after.stage or state.followed:
        return
    target = act.policy.stage(after.stage)
    assert target is not None
    goes_on = here is not None and (here.kind, target.kind) == (WON, WON)
    if here is not None and here.kind not in LIVE_KINDS and not goes_on:
        raise pipeline.closed(before, act.policy)
    if target.kind == LOST:
        _refuse(before, target.name, loss_problems(act.policy, after.close_reason or "", after.close_detail))
        return
    # The row's figures count at the gate it passes.
    there = replace(after, stage=before.stage, visits=before.visits, closed_at=before.closed_at)
    way = pipeline.route(there, target, act.policy)
    _refuse(before, target.name, lacking.missing(act, there, way))


def _refuse_locked(act: Act, deal: Deal) -> None:
    from oppcli.actions.requests.surroundings import frozen

    for request in act.door.find(Request, deal_id=deal.id, state=PENDING):
        rules = frozen(act.door, act.policy, (request,), {})[request.policy]
        if PENDING in rules.types[request.type].lock:
            raise Conflict(
                say(
                    "{deal} is locked while {request} is pending",
                    deal=ref("deal", deal.id),
                    request=ref("request", request.id),
                )
            )


def _refuse(deal: Deal, stage: str, reasons: tuple[Reason, ...]) -> None:
    if reasons:
        raise Refused(
            say("{deal} cannot enter {stage} by a file yet", deal=ref("deal", deal.id), stage=stage), reasons=reasons
        )
