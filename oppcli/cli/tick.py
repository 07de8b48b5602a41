"""`opp tick`: what time does to requests, then the delivery of notices; idempotent, for cron."""

import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.output import writes
from oppcli.model.journal import TICK
from oppcli.model.said import say

if TYPE_CHECKING:
    from oppcli.actions.timed_views import Make, Sheet
    from oppcli.model.people import User
    from oppcli.model.policy import Policy
    from oppcli.model.saved import View
    from oppcli.rules.risks.finding import Finding
    from oppcli.store.doors import ReadDoor

app = typer.Typer()
SINGLE = True


@app.command()
@writes
def tick(
    opp: Context,
    no_delivery: Annotated[bool, typer.Option("--no-delivery", help="leave notices in the outbox")] = False,
) -> Outcome:
    """Reminders, overdue marks, escalations, timeouts, expiry, risks; then mails are taken in from the maildir set up,
    and notices go out. Nothing is done twice.

    opp tick
    */10 * * * *  opp tick -q
    """
    from oppcli.actions import due, risks, timed_views
    from oppcli.cli.notices import deliver, require_somebody
    from oppcli.config.files import has_mailbox

    require_somebody(opp, "tick")
    passed = list[Callable[[], None]]()
    kinds = (*due.kinds(), risks.kind(_found), timed_views.kind(_making(opp, passed)))
    # Whoever lets time do its work: it does all of it, whatever they see themselves.
    act = partial(opp.act, "tick", channel=TICK, anybody=True)
    done = due.run(opp.now, partial(opp.read, whole=True), act, kinds)
    for keep in [] if opp.dry_run else passed:
        keep()
    came = Outcome(done=())
    if has_mailbox(os.environ):
        from oppcli.cli.mail import came_in

        came = came_in(opp)
    sent = Outcome(done=()) if no_delivery else deliver(opp)
    lines = (*done, *came.done, *sent.done)
    if opp.dry_run:  # what one watch would have done the next one finds undone
        lines = tuple(dict.fromkeys(lines))
    return Outcome(done=lines or (say("nothing was due"),), code=sent.code or came.code)


def _making(opp: Context, passed: list[Callable[[], None]]) -> "Make":
    """What makes the letters of views, loaded where one has a time."""

    def make(view: "View", person: "User") -> "Sheet | None":
        from oppcli.cli.notices import letters
        from oppcli.cli.view_letters import maker

        return maker(opp, letters(opp), passed)(view, person)

    return make


def _found(door: "ReadDoor", policy: "Policy", now: int) -> "list[Finding]":
    from oppcli.reads.risks import untold

    return untold(door, policy, now)
