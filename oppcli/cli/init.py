"""`opp init`: a database with a policy, and you as its first user."""

from pathlib import Path
from typing import Annotated

import typer

from oppcli.actions.outcome import Outcome
from oppcli.cli.context import Context
from oppcli.cli.output import writes
from oppcli.model.command import command
from oppcli.model.said import say

app = typer.Typer()
SINGLE = True


def _template(opp: Context) -> str:
    """The template that is chosen at a terminal; else the one without approvals, which is told
    once it is made."""
    from oppcli.policy.starting import ABOUT, ASKED_FIRST, UNASKED

    if not opp.interactive:
        return UNASKED
    from oppcli.cli import ask
    from oppcli.cli.answers import answered

    options = [ask.Option(name, about) for name, about in ABOUT.items()]
    chosen = ask.choice(opp, say("which policy to start with?"), options, ASKED_FIRST)
    answered(opp.line, "template", chosen)
    return chosen


@app.command()
@writes
def init(
    opp: Context,
    template: Annotated[
        str | None,
        typer.Option("--template", metavar="NAME", help="b2b, saas, service, retail or blank; asked for on a terminal"),
    ] = None,
    policy: Annotated[Path | None, typer.Option("--policy", metavar="FILE", help="your own policy instead")] = None,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="your name as printed in history")] = None,
    group: Annotated[
        str | None, typer.Option("--group", metavar="GROUP", help="share the file with a group of this machine (0660)")
    ] = None,
) -> Outcome:
    """Make a database with a policy, and you as its first user and admin.

    opp init
    opp init --template b2b --lang zh
    opp --db postgresql://localhost/sales init --policy team.toml
    """
    from oppcli.actions import setup
    from oppcli.policy import load

    unasked = template is None and policy is None and not opp.interactive
    if template is None and policy is None:
        template = _template(opp)
    text, source = setup.policy_text(template, policy, opp.voice.lang)
    load(text, source=str(policy or source))  # a policy that is wrong leaves no database behind
    if not opp.dry_run:
        _made(opp, text, source, name, group)
    if unasked:
        _tell_template(opp)
    return setup.welcome(opp.db, source, opp.actor)


def _made(opp: Context, text: str, source: str, name: str | None, group: str | None) -> None:
    """Make it: its first user, and the policy."""
    from oppcli import store
    from oppcli.actions import policies, setup
    from oppcli.actions.act import Act
    from oppcli.errors import Exists
    from oppcli.render.screen import harmless
    from oppcli.store.locations import shown

    with store.creating(opp.db, group), opp.write("init") as door:
        if door.previous_at:  # somebody was sooner
            raise Exists(say("there is a database at {path} already", path=shown(opp.db)), hint=command("db", "info"))
        setup.first_user(door, opp.actor, name)
        applied = policies.apply(Act(door), text, source=source)
    for problem in applied.warnings:
        opp.say(say("warning: {problem}", problem=harmless(str(problem))))


def _tell_template(opp: Context) -> None:
    """Which policy was taken unasked: said of what was made, and not of what was refused."""
    from oppcli.policy.starting import UNASKED

    offer = command("policy", "templates")
    opp.say(say("the policy is the template {name}, without approvals; others: {offer}", name=UNASKED, offer=offer))
