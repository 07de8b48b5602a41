"""`opp request cancel revoke rebase override`: what ends or restarts a request from outside its steps."""

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.output import writes
from oppcli.cli.request.acting import act, past
from oppcli.cli.request.options import RequestRefs, Why
from oppcli.model.said import say


@writes
def cancel(opp: Context, request: RequestRefs, message: Why = None) -> Outcome:
    """End a live request; admins, with a reason.

    opp request cancel R-31 -m 'submitted twice'
    """
    from oppcli.rules.approvals import ending

    return act(
        opp, request, "cancel", past("cancelled"), lambda r, w, me: ending.cancel(r, w, me, reason=message or "")
    )


@writes
def revoke(opp: Context, request: RequestRefs, message: Why = None) -> Outcome:
    """Take back an approval that was given; by a last approver or an admin, with a reason.

    opp request revoke R-31 -m 'credit rating fell'
    """
    from oppcli.rules.approvals import ending

    return act(opp, request, "revoke", past("revoked"), lambda r, w, me: ending.revoke(r, w, me, reason=message or ""))


@writes
def rebase(opp: Context, request: RequestRefs, message: Why = None) -> Outcome:
    """Plan a live request again under the policy of now, as a new revision; admins, with a reason.

    opp request rebase R-31 -m 'new policy'
    """
    from oppcli.rules.approvals import rebasing

    return act(
        opp,
        request,
        "rebase",
        say("planned under the current policy"),
        lambda r, w, me: rebasing.rebase(r, w, me, reason=message or ""),
    )


@writes
def override(opp: Context, request: RequestRefs, message: Why = None) -> Outcome:
    """Approve past the people asked; admins without a part in the deal, with a reason, reported for 30 days.

    opp request override R-31 -m 'agreed by telephone'
    """
    from oppcli.rules.approvals import ending

    return act(
        opp,
        request,
        "override",
        say("approved by override"),
        lambda r, w, me: ending.override(r, w, me, reason=message or ""),
    )
