"""A table to stdout, as a person reads it on a screen or another program does; what it leaves out to stderr."""

import sys
from collections.abc import Mapping, Sequence
from functools import partial
from io import StringIO
from typing import Any, TextIO

from oppcli import render
from oppcli.cli.context import Context
from oppcli.errors import PolicyError
from oppcli.model.noun import NOTHING
from oppcli.model.said import say
from oppcli.reads.table import COMMAND, Footnote, Table
from oppcli.render.output import Output
from oppcli.render.screen import harmless, room, size, width
from oppcli.render.view import UNTOLD, named, words

SHOWN_ON_A_TERMINAL = 50
PLAIN: Mapping[str, Any] = {"columns": None, "sort": None, "limit": None, "no_header": False, "excel": False}
"""The flags of a read where none was typed."""


def limit(asked: int | None, chosen: str, terminal: bool) -> int | None:
    """How many rows; None means all. Only a person at a terminal gets a default limit, and is told of it."""
    if asked is not None:
        return asked or None
    return SHOWN_ON_A_TERMINAL if terminal and chosen == "table" else None


def wanted(
    flags: Mapping[str, Any], chosen: str, terminal: bool
) -> tuple[int | None, tuple[tuple[tuple[str, str], ...], int] | None]:
    """How many rows are wanted of a read in its own order, and how many of the first in the order that is asked for;
    None for all: what is new is chosen from all of them."""
    most = limit(flags["limit"], chosen, terminal)
    if flags["since_last"] is not None or most is None:
        return None, None
    return (None, (tuple(words(flags["sort"])), most)) if flags["sort"] else (most, None)


def seen(table: Table, context: Context, chosen: str, flags: Mapping[str, Any], title: str) -> Table:
    """The table as this person may see it, and take it away; with what came later than they ask about."""
    if context.later:
        from oppcli.cli.looking_back import noted

        table = noted(context, title, table)
    if context.sight is None:
        return table
    from oppcli.cli import seeing

    sight, terminal = context.sight, sys.stdout.isatty()
    asked = [name for spec in (flags["columns"], flags["sort"]) for _, name in words(named(spec, table.columns))]
    table = seeing.without_hidden(table, sight, title, asked)
    if context.taker is None and (not terminal or chosen not in ("table", "plain")):
        table = seeing.let_out(context, table, title, limit(flags["limit"], chosen, terminal))
    return table if sight.whole else seeing.of_those_seen(table)


def new(table: Table, code: int, context: Context, flags: Mapping[str, Any], title: str) -> tuple[Table, int]:
    """What is new of the table since its name was last used; no alarm where nothing is."""
    from oppcli.cli.since_last import only_new

    table, context.cursor = only_new(context, table, title, flags)
    return table, code if table.rows else 0


def kept(context: Context, code: int) -> int:
    """The code; that all was told is kept, where it was asked what is new."""
    if context.cursor is not None:
        sys.stdout.flush()  # a reader that is gone has not read it
        context.cursor.keep()
    return code


def show(
    table: Table,
    context: Context,
    chosen: str = "table",
    flags: Mapping[str, Any] = PLAIN,
    asked: Mapping[str, Any] = NOTHING,
) -> None:
    """Write the table to stdout in the chosen format, on a terminal by a pager where it has more lines than the screen.
    What it leaves out is said on stderr, whatever the format and wherever stdout goes; what was counted on a terminal
    or with `-v`."""
    stdout = sys.stdout
    if chosen not in ("table", "plain") and hasattr(stdout, "reconfigure"):
        # Machine formats are UTF-8 whatever the terminal is set to, with the line ends the format says.
        stdout.reconfigure(encoding="utf-8", errors="surrogateescape", newline="")
    if not stdout.isatty():
        notes = told(table, context, chosen, flags, asked, stdout, terminal=False)
    else:
        from oppcli.cli.paging import paged

        with paged(stdout) as pages:
            notes = told(table, context, chosen, flags, asked, pages, terminal=True)
    for note in notes:
        if note.omission or context.settings.verbose or sys.stderr.isatty():
            context.say(say("note: {text}", text=note.text))
    if table.footer and stdout.isatty():
        context.tell(_footer(table.footer, context))


def _footer(parts: Sequence[Footnote], context: Context) -> str:
    """What is said below the rows, in one line, what is left out dim where there is colour; commands below."""
    dim = coloured(context, sys.stderr.isatty())
    heard = [(harmless(context.spoken(part.text)), part) for part in parts]
    texts = [(text, dim and part.omission) for text, part in heard if part.code != COMMAND]
    line = " · ".join(f"\x1b[2m{text}\x1b[0m" if left_out else text for text, left_out in texts)
    cells = room(terminal=True) or 0
    if width(" · ".join(text for text, _ in texts)) > cells:
        from oppcli.render.wrap import joined

        line = "\n".join(joined(((text, False) for text, _ in texts), cells))
    return "\n  ".join([line, *(text for text, part in heard if part.code == COMMAND)])


def told(
    table: Table,
    context: Context,
    chosen: str,
    flags: Mapping[str, Any],
    asked: Mapping[str, Any],
    stream: TextIO,
    *,
    terminal: bool,
) -> tuple[Footnote, ...]:
    """Write the table to a stream, and return what is to be said beside it."""
    out = Output(
        format=chosen,
        columns=flags["columns"],
        sort=flags["sort"],
        limit=limit(flags["limit"], chosen, terminal),
        header=not flags["no_header"],
        excel=flags["excel"],
        width=room(terminal=terminal),
        height=size()[1] if terminal else None,
        terminal=terminal,
        color=coloured(context, terminal),
        tz=context.tz,
        now=context.now,
        quiet=context.quiet or not sys.stderr.isatty(),
        currency=partial(_currency, context),
        asked=asked,
        money="short" if context.settings.money == "short" and not (table.single or table.exact) else "",
        voice=context.voice._replace(lang="en") if chosen in UNTOLD else context.voice,
        showing=context.cursor and context.cursor.hear,
    )
    return render.write(table, out, stream)


def page(table: Table, context: Context, *, terminal: bool) -> str:
    """The table as people read it, as one text."""
    stream = StringIO()
    told(table, context, "table", PLAIN, NOTHING, stream, terminal=terminal)
    return stream.getvalue()


def _currency(context: Context) -> str:
    """The policy's currency; nothing where there is no policy yet."""
    try:
        with context.read() as door:
            return context.policy(door).currency
    except PolicyError:
        return ""


def coloured(context: Context, terminal: bool) -> bool:
    """Whether to colour what goes to a stream that is a terminal, or is none."""
    import os

    when = context.settings.color
    if when != "auto":
        return when == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR") or os.environ.get("CLICOLOR_FORCE") not in (None, "", "0"):
        return True
    return terminal and os.environ.get("TERM") != "dumb"
