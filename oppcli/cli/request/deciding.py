"""`opp request approve reject return`: what the people asked say."""

from pathlib import Path
from typing import Annotated, Any

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.output import writes
from oppcli.cli.request.options import Choose, ReasonName, RequestRefs, Revision, StepName, Why, typed
from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.said import Word, say
from oppcli.store.doors import ReadDoor


def _decide(opp: Context, request: str, verdict: str, **given: Any) -> Outcome:
    from oppcli.actions.requests.verbs import decide

    with opp.act(say("request {verdict}", verdict=Word("verb", verdict))) as act:
        if verdict == "approve" and given.get("revision") is None and opp.interactive:
            given["revision"] = _seen(opp, act.door, request)
        return decide(act, request, verdict, **given).outcome


def _seen(opp: Context, door: ReadDoor, text: str) -> int | None:
    """On a terminal a yes is about the revision that was shown last."""
    from oppcli.cli.request import seen
    from oppcli.model.refs import number

    known = number("request", text)
    return None if known is None else seen.last(opp, door, known)


def _each(
    opp: Context, request: list[str], verdict: str, message: str | None, revision: int | None, **given: Any
) -> Outcome | int:
    """The verdict on each; without any, what is said of each card of the inbox."""
    from oppcli.cli.batch import once, one_by_one

    if not request:
        from oppcli.cli.request.walk import walk

        rest = {name: value for name, value in given.items() if name != "code"}
        return walk(
            opp,
            message,
            lambda ref, said, why, seen, code: _decide(
                opp, ref, said, reason=why, revision=seen, code=code or given.get("code"), **rest
            ),
        )
    wanted = once(opp, request, "request")
    if revision is not None and len(wanted) > 1:
        why = ("-m", message) if message else ()
        line = command(*typed(verdict), wanted[0], "--rev", str(revision), *why)
        raise UsageError(say("--rev goes with one request"), hint=line)
    several = len(wanted) > 1
    said = {"reason": message, "revision": revision, "bulk": several, **given}
    return one_by_one(opp, wanted, lambda one: _decide(opp, one, verdict, **said))


@writes
def approve(
    opp: Context,
    request: RequestRefs,
    message: Why = None,
    revision: Revision = None,
    step: StepName = None,
    condition: Annotated[
        list[str] | None, typer.Option("--condition", metavar="TEXT", help="yes, if this is done; repeatable")
    ] = None,
    if_: Annotated[
        list[str] | None, typer.Option("--if", metavar="CONDITION", help="yes, while this holds; repeatable")
    ] = None,
    before: Annotated[
        str | None, typer.Option("--before", metavar="STAGE", help="which stage waits for it; the next")
    ] = None,
    choose: Choose = None,
    file: Annotated[Path | None, typer.Option("--file", metavar="FILE", help="a file that comes with it")] = None,
    kind: Annotated[str | None, typer.Option("--kind", metavar="KIND", help="what the file is: 盖章")] = None,
) -> Outcome | int:
    """Agree. Several at once are decided one by one; types with bulk = false only alone. Without a request, card by
    card through your inbox.

    opp approve R-31
    opp approve R-31 --rev 2 -m 'margin checked'
    opp approve R-31 --condition 'the customer confirms in writing' --if 'payment_days <= 30'
    """
    given: dict[str, Any] = {"step": step}
    if condition or if_ or before:
        from oppcli.rules.approvals.terms import Asked

        given["terms"] = Asked(tuple(condition or ()), tuple(if_ or ()), before)
    if choose:
        from oppcli.cli.request.acting import choice_of

        given["choice"] = choice_of(opp, choose)
    if file is not None or kind is not None:
        if file is None or kind is None:
            raise UsageError(say("--file and --kind go together"))
        given["file"] = (file, kind)
    return _each(opp, request, "approve", message, revision, **given)


@writes
def reject(
    opp: Context,
    request: RequestRefs,
    message: Why = None,
    reason: ReasonName = None,
    revision: Revision = None,
    step: StepName = None,
) -> Outcome | int:
    """Say no, with a reason.

    opp reject R-31 -m 'margin below the floor'
    """
    return _each(opp, request, "reject", message, revision, step=step, code=reason)


@writes
def return_(
    opp: Context,
    request: RequestRefs,
    message: Why = None,
    reason: ReasonName = None,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="STEP", help="an earlier step, to be asked again; the submitter"),
    ] = None,
    revision: Revision = None,
    step: StepName = None,
) -> Outcome | int:
    """Send back for information, with a question; the clock stops until it comes back.

    opp request return R-31 -m 'which terms of payment?'
    opp request return R-31 --to Finance -m 'the rate is another'
    """
    return _each(opp, request, "return", message, revision, step=step, code=reason, to=to)
