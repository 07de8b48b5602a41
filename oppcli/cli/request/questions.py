"""`opp request ask reply met`: what those who decide want to know or to be done, and the answers."""

from pathlib import Path
from typing import Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.cli.request.acting import act, login_of
from oppcli.cli.request.options import RequestRefs, StepName, Why
from oppcli.model.said import say


@writes
def ask(
    opp: Context,
    request: RequestRefs,
    message: Why = None,
    to: Annotated[str | None, typer.Option("--to", metavar="LOGIN", help="who answers; the submitter")] = None,
    step: StepName = None,
) -> Outcome:
    """Ask something before you decide; nobody stops for it and no clock stands still.

    opp request ask R-31 -m 'which terms of payment?'
    opp request ask R-31 --to gao -m 'can it be built by May?'
    """
    from oppcli.rules.approvals import asking

    whom = to and login_of(opp, to)
    return act(opp, request, "ask", say("asked"), asking.ask, message or "", to=whom, step=step)


@writes
def reply(
    opp: Context,
    request: RequestRefs,
    message: Why = None,
    question: Annotated[
        int | None, typer.Option("--question", metavar="N", help="which question, where several are open")
    ] = None,
) -> Outcome:
    """Answer a question that was asked in a request: who was asked, its submitter, the deal's owner.

    opp request reply R-31 -m '60 days after delivery'
    """
    from oppcli.rules.approvals import asking

    return act(opp, request, "reply", say("answered"), asking.reply, message or "", question=question)


@writes
def met(
    opp: Context,
    request: Annotated[str, argument("REQUEST", "R-31")],
    number: Annotated[int | None, argument("N", "which condition, where several are open")] = None,
    message: Why = None,
    file: Annotated[Path | None, typer.Option("--file", metavar="FILE", help="what shows it")] = None,
    waive: Annotated[bool, typer.Option("--waive", help="nobody waits for it any more, with a reason")] = False,
) -> Outcome:
    """Say that a condition of an approval is met, or waive it.

    opp request met R-31 1 -m 'the letter came today' --file letter.pdf
    opp request met R-31 2 --waive -m 'not needed any more'
    """
    from oppcli.actions.requests.conditions import met as close

    with opp.act("request met") as act:
        return close(act, request, number, why=message, file=file, waive=waive).outcome
