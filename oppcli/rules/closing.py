"""How a deal is lost, and how one that is closed is opened again."""

from oppcli.errors import Conflict, Reason, Refused, UsageError
from oppcli.model.command import BLANK, command
from oppcli.model.deals import LIVE_KINDS, LOST, Deal
from oppcli.model.noun import replace
from oppcli.model.policy import Policy
from oppcli.model.records import ARCHIVED, LIVE
from oppcli.model.refs import ref
from oppcli.model.said import label, listed, say
from oppcli.rules.pipeline import along, moved, only, route


def lost(
    deal: Deal, policy: Policy, now: int, *, reason: str | None, detail: str | None, competitor: str | None
) -> Deal:
    """The deal lost for a reason of the policy. Refused with the reasons there are, or where a text is required."""
    target = only(policy, LOST, deal)
    route(deal, target, policy)
    if reason is None:
        fix = command("deal", "lose", ref("deal", deal.id), "--reason", BLANK)
        known = listed(policy.lost_reasons) or say("any text")
        raise UsageError(
            say("say why {deal} is lost", deal=ref("deal", deal.id)), reasons=(Reason("--reason", known, fix),)
        )
    problems = loss_problems(policy, reason, detail)
    if problems:
        raise Refused(say("{deal} cannot be lost yet", deal=ref("deal", deal.id)), reasons=problems)
    after = moved(deal, target, now)
    after = replace(after, close_reason=reason, close_detail=detail)
    if not competitor:
        return after
    from oppcli.rules.rivals import beaten

    return beaten(after, competitor)


def loss_problems(policy: Policy, reason: str, detail: str | None) -> tuple[Reason, ...]:
    """What is wrong with a reason for losing."""
    found = []
    if not reason.strip():
        found.append(Reason(label("reason"), say("is empty"), "--reason …"))
    elif policy.lost_reasons and reason not in policy.lost_reasons:
        from oppcli.words.spelling import not_one_of

        found.append(Reason(label("reason"), not_one_of(reason, policy.lost_reasons)))
    if reason in policy.lost_detail_required and not (detail or "").strip():
        found.append(Reason(label("detail"), say("{reason} needs a text", reason=reason), "-m TEXT"))
    return tuple(found)


def reopened(deal: Deal, policy: Policy, now: int) -> Deal:
    """The deal back in its last open stage. Refused while it is open."""
    here = policy.stage(deal.stage)
    if here is not None and here.kind in LIVE_KINDS:
        raise Conflict(say("{deal} is open, in {stage}", deal=ref("deal", deal.id), stage=deal.stage))
    back = policy.stage(deal.last_open_stage) if deal.last_open_stage else None
    line = policy.pipeline if here is None else along(here, policy)
    target = back or next(stage for stage in line if stage.kind in LIVE_KINDS)
    after = moved(deal, target, now)
    # Reason, detail and competitor say how it ended, and it has not.
    if after.standing == ARCHIVED:  # what goes on is put away no longer
        after = replace(after, standing=LIVE)
    return replace(after, close_reason=None, close_detail=None, competitor=None, last_open_stage=deal.last_open_stage)
