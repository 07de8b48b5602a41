"""`opp completion SHELL`: the completion file of a shell, generated from the command tree."""

from collections.abc import Callable
from importlib import import_module
from typing import Annotated

import typer

app = typer.Typer(help="Completion for bash, zsh, fish and PowerShell.")
SINGLE = True

FILES = {"bash": "opp.bash", "zsh": "_opp", "fish": "opp.fish", "powershell": "opp.ps1"}
"""Shell → the file in completions/."""


def script(shell: str) -> str:
    """The completion file of a shell, whole."""
    from oppcli.cli.completion import table

    write: Callable[[list[table.Row]], str] = import_module(f"oppcli.cli.completion.{shell}").script
    return write(table.rows())


@app.command("completion")
def completion(
    shell: Annotated[str, typer.Argument(metavar="bash|zsh|fish|powershell", show_default=False)],
) -> None:
    """Print what a shell needs to complete commands, options, ids, stages, people.

    opp completion bash > ~/.local/share/bash-completion/completions/opp
    opp completion zsh > ~/.zfunc/_opp          # with ~/.zfunc in fpath, before compinit
    opp completion fish > ~/.config/fish/completions/opp.fish
    opp completion powershell >> $PROFILE
    """
    from oppcli.errors import UsageError
    from oppcli.model.command import command
    from oppcli.model.said import listed, say

    if shell not in FILES:
        known = listed(command("completion", each) for each in FILES)
        raise UsageError(say("no completion for {shell}", shell=shell), hint=say("one of {known}", known=known))
    typer.echo(script(shell), nl=False)
