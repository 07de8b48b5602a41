"""`opp request cancel revoke rebase override`: what ends or restarts a request from outside its steps."""

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.output import writes
from oppcli.cli.request.acting import act
from oppcli.cli.request.options import RequestRefs, Why
from oppcli.model.said import Word, say


@writes
def cancel(opp: Context, request: RequestRefs, message: Why = None) -> Outcome:
    """End a live request; admins, with a reason.

    opp request cancel R-31 -m 'submitted twice'
    """
    from oppcli.rules.approvals import ending

    return act(opp, request, "cancel", Word("past", "cancelled"), ending.cancel, reason=message or "")


@writes
def revoke(opp: Context, request: RequestRefs, message: Why = None) -> Outcome:
    """Take back an approval that was given; by a last approver or an admin, with a reason.

    opp request revoke R-31 -m 'credit rating fell'
    """
    from oppcli.rules.approvals import ending

    return act(opp, request, "revoke", Word("past", "revoked"), ending.revoke, reason=message or "")


@writes
def rebase(opp: Context, request: RequestRefs, message: Why = None) -> Outcome:
    """Plan a live request again under the policy of now, as a new revision; admins, with a reason.

    opp request rebase R-31 -m 'new policy'
    """
    from oppcli.rules.approvals import rebasing

    past = say("planned under the current policy")
    return act(opp, request, "rebase", past, rebasing.rebase, reason=message or "")


@writes
def override(opp: Context, request: RequestRefs, message: Why = None) -> Outcome:
    """Approve past the people asked; admins without a part in the deal, with a reason, reported for 30 days.

    opp request override R-31 -m 'agreed by telephone'
    """
    from oppcli.rules.approvals import ending

    return act(opp, request, "override", say("approved by override"), ending.override, reason=message or "")
