"""Arguments and options that several verbs of `opp request` share, each said once."""

from typing import Annotated

import typer

from oppcli.cli.output import argument
from oppcli.model.requests import RETURN

RequestRefs = Annotated[list[str], argument("REQUEST...", "one or more requests")]
TypeName = Annotated[str | None, argument("TYPE", "a type of the policy")]
StepName = Annotated[
    str | None, typer.Option("--step", metavar="NAME", help="which step, for somebody with seats in several")
]
Why = Annotated[str | None, typer.Option("--message", "-m", metavar="TEXT", help="why; the others read it")]
Revision = Annotated[
    int | None, typer.Option("--rev", metavar="N", help="the revision you saw; refused when it moved on since")
]
ReasonName = Annotated[
    str | None, typer.Option("--reason", metavar="REASON", help="one of the reasons that the policy lists")
]
Choose = Annotated[
    list[str] | None,
    typer.Option("--choose", metavar="STEP=LOGIN,…", help="who decides a step that is chosen for; repeatable"),
]


def typed(verdict: str) -> tuple[str, ...]:
    """The words of the command that gives it: a yes and a no have a short one, `opp approve`."""
    return ("request", verdict) if verdict == RETURN else (verdict,)
