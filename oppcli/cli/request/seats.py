"""`opp request transfer add-approver withdraw recuse`: what people do with their own seat."""

from typing import Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.output import writes
from oppcli.cli.request.acting import act, login_of
from oppcli.cli.request.options import RequestRefs, StepName, Why
from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.said import Word, say


@writes
def withdraw(opp: Context, request: RequestRefs, message: Why = None, step: StepName = None) -> Outcome:
    """Take back your approval while the step is open.

    opp request withdraw R-31
    """
    from oppcli.rules.approvals import deciding

    past = say("approval withdrawn")
    return act(opp, request, "withdraw", past, deciding.withdraw, reason=message, step=step)


@writes
def recuse(opp: Context, request: RequestRefs, message: Why = None, step: StepName = None) -> Outcome:
    """Stand aside because of a conflict of interest; your seat is filled like a leaver's.

    opp request recuse R-31 -m 'a relative works there'
    """
    from oppcli.rules.approvals import handover

    return act(opp, request, "recuse", say("one holder fewer"), handover.recuse, reason=message, step=step)


@writes
def transfer(
    opp: Context,
    request: RequestRefs,
    to: Annotated[str, typer.Option("--to", metavar="LOGIN", help="who decides instead", show_default=False)],
    message: Why = None,
    frm: Annotated[str | None, typer.Option("--from", metavar="LOGIN", help="whose place (admins)")] = None,
    step: StepName = None,
) -> Outcome:
    """Hand your place to somebody else; due does not move.

    opp request transfer R-31 --to zoe -m 'on leave'
    """
    from oppcli.rules.approvals import handover

    heir = login_of(opp, to)
    past = say("handed to {heir}", heir=heir)
    return act(opp, request, "transfer", past, handover.transfer, heir, reason=message or "", frm=frm, step=step)


@writes
def add_approver(
    opp: Context,
    request: RequestRefs,
    before: Annotated[str | None, typer.Option("--before", metavar="LOGIN", help="decides before you")] = None,
    after: Annotated[str | None, typer.Option("--after", metavar="LOGIN", help="decides after you")] = None,
    beside: Annotated[str | None, typer.Option("--beside", metavar="LOGIN", help="must agree as well")] = None,
    message: Why = None,
    step: StepName = None,
) -> Outcome:
    """Ask for one more approval, before, after or beside yours. It only ever adds.

    opp request add-approver R-31 --beside zac -m 'currency'
    """
    from oppcli.rules.approvals import adding

    given = [(where, who) for where, who in (("before", before), ("after", after), ("beside", beside)) if who]
    if len(given) != 1:
        raise UsageError(
            say("name one person, with --before, --after or --beside"),
            hint=command("request", "add-approver", "--help"),
        )
    where, login = given[0][0], login_of(opp, given[0][1])
    past = say("{login} added, {where}", login=login, where=Word("seated", where))
    return act(opp, request, "add-approver", past, adding.add_approver, login, where, reason=message, step=step)
