"""`opp request approve reject return`: what the people asked say."""

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.output import writes
from oppcli.cli.request.options import RequestRefs, Revision, StepName, Why
from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.said import Word, say


def _decide(
    opp: Context, request: str, verdict: str, message: str | None, revision: int | None, step: str | None, bulk: bool
) -> Outcome:
    from oppcli.actions.requests.verbs import decide

    with opp.act(say("request {verdict}", verdict=Word("verb", verdict))) as act:
        return decide(act, request, verdict, reason=message, revision=revision, step=step, bulk=bulk).outcome


def _each(
    opp: Context, request: list[str], verdict: str, message: str | None, revision: int | None, step: str | None
) -> Outcome | int:
    """The verdict on each; without any, what is said of each card of the inbox."""
    from oppcli.cli.batch import each, named

    if not request:
        from oppcli.cli.request.walk import walk

        return walk(opp, message, lambda ref, said, why, seen: _decide(opp, ref, said, why, seen, step, False))
    wanted = list(dict.fromkeys(one for text in request for one in named(text)))
    if revision is not None and len(wanted) > 1:
        raise UsageError(say("--rev goes with one request"), hint=command(verdict, wanted[0], "--rev", str(revision)))
    several = len(wanted) > 1
    return each(opp, wanted, lambda one: _decide(opp, one, verdict, message, revision, step, several))


@writes
def approve(
    opp: Context, request: RequestRefs, message: Why = None, revision: Revision = None, step: StepName = None
) -> Outcome | int:
    """Agree. Several at once are decided one by one; types with bulk = false only alone. Without a request, card by
    card through your inbox.

    opp approve R-31
    opp approve R-31 --rev 2 -m 'margin checked'
    """
    return _each(opp, request, "approve", message, revision, step)


@writes
def reject(
    opp: Context, request: RequestRefs, message: Why = None, revision: Revision = None, step: StepName = None
) -> Outcome | int:
    """Say no, with a reason.

    opp reject R-31 -m 'margin below the floor'
    """
    return _each(opp, request, "reject", message, revision, step)


@writes
def return_(
    opp: Context, request: RequestRefs, message: Why = None, revision: Revision = None, step: StepName = None
) -> Outcome | int:
    """Send back for information, with a question; the clock stops until it comes back.

    opp request return R-31 -m 'which terms of payment?'
    """
    return _each(opp, request, "return", message, revision, step)
