"""`opp tick`: what time does to requests, then the delivery of notices; idempotent, for cron."""

from typing import Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.output import writes
from oppcli.model.journal import TICK
from oppcli.model.said import say

app = typer.Typer()
SINGLE = True


@app.command()
@writes
def tick(
    opp: Context,
    no_delivery: Annotated[bool, typer.Option("--no-delivery", help="leave notices in the outbox")] = False,
) -> Outcome:
    """Reminders, overdue marks, escalations, timeouts, expiry; then notices go out. Nothing is done twice.

    opp tick
    */10 * * * *  opp tick -q
    """
    from oppcli.actions import due
    from oppcli.cli.notices import deliver, require_somebody

    require_somebody(opp, "tick")
    done = due.run(opp.now, opp.read, lambda: opp.act("tick", channel=TICK, anybody=True))
    sent = Outcome(done=()) if no_delivery else deliver(opp)
    lines = (*done, *sent.done)
    return Outcome(done=lines or (say("nothing was due"),), code=sent.code)
