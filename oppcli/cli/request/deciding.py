"""`opp request approve reject return`: what the people asked say."""

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.output import writes
from oppcli.cli.request.options import RequestRef, RequestRefs, Revision, StepName, Why
from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.said import Word, say


def _decide(
    opp: Context, request: str, verdict: str, message: str | None, revision: int | None, step: str | None, bulk: bool
) -> Outcome:
    from oppcli.actions.requests.verbs import decide

    with opp.act(say("request {verdict}", verdict=Word("verb", verdict))) as act:
        return decide(act, request, verdict, reason=message, revision=revision, step=step, bulk=bulk).outcome


@writes
def approve(
    opp: Context, request: RequestRefs, message: Why = None, revision: Revision = None, step: StepName = None
) -> Outcome:
    """Agree. Several at once are decided one by one; types with bulk = false only alone.

    opp approve R-31
    opp approve R-31 --rev 2 -m '同意，毛利已核'
    """
    from oppcli.cli.batch import each

    if revision is not None and len(request) > 1:
        raise UsageError(
            say("--rev goes with one request"), hint=command("approve", request[0], "--rev", str(revision))
        )
    several = len(dict.fromkeys(request)) > 1
    return each(opp, request, lambda one: _decide(opp, one, "approve", message, revision, step, several))


@writes
def reject(
    opp: Context, request: RequestRef, message: Why = None, revision: Revision = None, step: StepName = None
) -> Outcome:
    """Say no, with a reason.

    opp reject R-31 -m '毛利低于底线'
    """
    return _decide(opp, request, "reject", message, revision, step, False)


@writes
def return_(
    opp: Context, request: RequestRef, message: Why = None, revision: Revision = None, step: StepName = None
) -> Outcome:
    """Send back for information, with a question; the clock stops until it comes back.

    opp request return R-31 -m '付款条件？'
    """
    return _decide(opp, request, "return", message, revision, step, False)
