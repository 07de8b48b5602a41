"""`opp lock`: this terminal's session ends."""

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.output import writes
from oppcli.model.said import say

app = typer.Typer()
SINGLE = True


@app.command()
@writes
def lock(opp: Context) -> Outcome:
    """End this terminal's session.

    opp lock
    """
    from oppcli.cli import sessions
    from oppcli.cli.writing import unasked

    here, session = sessions.place(), opp.session
    if here is None or opp.dry_run:
        return Outcome(done=(say("no session here"),))
    if session is not None:
        opp.actor = session.login
        with unasked(opp, opp.stamp("lock")) as door:
            door.note("lock", "user", session.login, {"session": session.seq})
    there = sessions.forget(opp.db, here)
    if session is None:
        return Outcome(done=(say("an old session was forgotten") if there else say("no session here"),))
    return Outcome(done=(say("the session of {login} is over", login=session.login),), ids=(session.login,))
