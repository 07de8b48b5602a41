"""`--watch`: a read on the terminal's other screen, made anew every few seconds until Ctrl-C."""

import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from io import StringIO
from typing import Any

from oppcli.cli.context import Context
from oppcli.cli.showing import told
from oppcli.errors import OppError, UsageError
from oppcli.model.said import say
from oppcli.reads.table import Table
from oppcli.words.shown import show_instant

SECONDS = 5.0
LEAST = 2.0
Answered = Callable[[Context, Callable[..., None]], int]
"""Makes the table of a read through a door of its own, and hands it on with how it is wanted."""


def watch(context: Context, answered: Answered, flags: Mapping[str, Any]) -> int:
    """Show the read until Ctrl-C, which is the way out; an error that comes up meanwhile is shown in its place. Refused
    where there is no terminal or a file is to be written, for looks that follow too fast, and for what the read itself
    refuses at first."""
    if flags["out"]:
        raise UsageError(say("--watch shows on the terminal, --out writes a file: one of them"))
    if not sys.stdout.isatty():
        raise UsageError(say("--watch needs a terminal"))
    interval = flags["interval"]
    if interval is not None and not interval >= LEAST:
        raise UsageError(say("--interval is {least:g} seconds at least", least=LEAST))
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    with suppress(KeyboardInterrupt):
        first = Text.from_ansi(_looked(context, answered))
        with Live(first, console=Console(), screen=True, auto_refresh=False) as live:
            while True:
                live.refresh()
                time.sleep(interval or SECONDS)
                live.update(Text.from_ansi(_again(_anew(context), answered)))
    return 0


def _anew(context: Context) -> Context:
    """The surroundings of the same line, a moment later."""
    found = Context(context.flags)
    found.argv = context.argv
    return found


def _again(context: Context, answered: Answered) -> str:
    """What the read shows now, or why it cannot."""
    try:
        return _looked(context, answered)
    except OppError as error:
        from oppcli.cli.failure import lines

        return "\n".join(lines(error, context.voice))


def _looked(context: Context, answered: Answered) -> str:
    """The table as the terminal shows it, below when it was looked at, and what is said beside it."""
    text = StringIO()

    def keep(table: Table, opp: Context, chosen: str, flags: Mapping[str, Any], asked: Mapping[str, Any]) -> None:
        notes = told(table, opp, chosen, flags, asked, text, terminal=True)
        for note in notes:
            text.write(opp.spoken(say("note: {text}", text=note.text)) + "\n")

    answered(context, keep)
    return f"{show_instant(context.now, context.tz, context.now)}\n\n{text.getvalue()}"
