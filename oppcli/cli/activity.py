"""`opp activity`: list edit."""

from functools import partial
from typing import Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.output import argument, writes

app = typer.Typer(help="What happened with customers: calls, visits, mails, notes.")


@app.command()
@writes
def edit(
    opp: Context,
    activity: Annotated[str, argument("ACTIVITY", "A-7")],
    text: Annotated[str | None, typer.Option("--text", metavar="TEXT", help="what happened")] = None,
    kind: Annotated[str | None, typer.Option("--kind", "-k", metavar="KIND", help="call visit meeting …")] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="INSTANT", help="when it happened")] = None,
    minutes: Annotated[int | None, typer.Option("--minutes", metavar="N", min=0, max=100_000)] = None,
    with_: Annotated[
        list[str] | None, typer.Option("--with", metavar="P-4", help="who took part, in place of those there are")
    ] = None,
    inbound: Annotated[bool | None, typer.Option("--inbound/--outbound", help="who came to whom")] = None,
) -> Outcome:
    """Correct what was noted; what followed from it stays.

    opp activity edit A-7 --text "they asked for 3 %"
    """
    from oppcli.actions.activities import Asked, named
    from oppcli.actions.activities import edit as verb
    from oppcli.cli import dates_typed

    with opp.act("activity edit") as act:
        _ = act.policy
        moment = partial(dates_typed.instant, opp, past=True)
        asked = Asked(text, kind, None if at is None else moment(at), minutes, with_, inbound)
        return verb(act, named(act, activity), asked)
