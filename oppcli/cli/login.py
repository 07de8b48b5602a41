"""`opp login` and `opp lock`: this terminal's session begins, and ends."""

from typing import Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes
from oppcli.errors import UsageError
from oppcli.model.said import say

app = typer.Typer()
SINGLE = True


@app.command()
@writes
def login(
    opp: Context,
    login: Annotated[str | None, argument("[LOGIN]", "who you are; you, unless said")] = None,
) -> Outcome:
    """Give your PIN once for this terminal: writes go by your name until you lock it or leave it idle.

    Decisions ask for the PIN all the same where the policy says so.

    opp login
    opp login cay
    """
    import secrets

    from oppcli.cli import proving, sessions
    from oppcli.cli.writing import unasked
    from oppcli.store import open_read
    from oppcli.words.shown import show_instant

    here = sessions.place()
    if here is None:
        raise UsageError(
            say("a session is a terminal's, and there is none"),
            hint=say("without a terminal each command takes the PIN from the file that OPP_PIN_FILE names"),
        )
    if login is not None:
        opp.actor = opp.flags["actor"] = login  # what is printed is for them
    with open_read(opp.db) as door:
        _ = opp.look(door).me
        credential = proving.required(opp, door)
    if opp.dry_run:
        return Outcome(done=(say("{login} would be known in this terminal", login=opp.actor),))
    opp.session = None
    proving.answer(opp, credential, unasked)
    token = secrets.token_hex(32)
    with unasked(opp, opp.stamp("login")) as door:
        door.note("login", "user", opp.actor, {"session": sessions.sealed(door, token, here)})
        seq = door.entries[-1].seq
    sessions.keep(opp.db, here, opp.actor, seq, token)
    held = sessions.held(opp)
    until = show_instant(held.ends_at, opp.tz, opp.now) if held else "-"
    told = say("{login} is known in this terminal, until {until} if it lies idle", login=opp.actor, until=until)
    return Outcome(done=(told,), ids=(opp.actor,))


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
