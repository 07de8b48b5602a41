"""`--as-of`: what a read would have told at an instant that is past. A day is its end there, today is now."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from oppcli.cli.context import Context
from oppcli.cli.dates_typed import instant
from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.said import say
from oppcli.reads.table import Footnote, Table
from oppcli.store.then import Then
from oppcli.words.shown import echo_instant, show_instant

AS_OF = "--as-of"
OF_DEALS = ("deal", "lead", "report", "export", "board")
"""The first words of reads that count deals, and so are told which came later."""


def look_back(opp: Context, text: str, flags: Mapping[str, Any]) -> None:
    """Let what is read from here on be what was known at an instant. Refused (2) for what is no instant, or is still
    to come, and with the `flags` that show it again and again."""
    from oppcli.actions.derived import for_reads

    other = "--since-last" if flags["since_last"] is not None else "--watch"
    if flags["watch"] or flags["interval"] is not None or flags["since_last"] is not None:
        raise UsageError(
            say("what was does not change: {flag} goes without {other}", flag=AS_OF, other=other),
            hint=command("help", "as-of"),
        )
    first, end = (instant(opp, text, edge=edge, past=True) for edge in ("start", "end"))
    now = opp.now
    if first > now:
        told = say("{text} is still to come: nobody knows what will be true then", text=text.strip())
        raise UsageError(told, hint=say("{flag} takes a day or an instant that is past", flag=AS_OF))
    at = first if first == end else min(end - 1, now)
    said = echo_instant(text, end if end > first else first, opp.tz, now, end=end > first)
    if said:
        opp.say(said)
    opp.then = Then(at=at, kept=for_reads, shown=partial(show_instant, tz=opp.tz, now_ms=now))


def noted(opp: Context, path: str, table: Table) -> Table:
    """The table with what has to be said of what came later."""
    later = opp.later
    if table.single or path.partition(" ")[0] not in OF_DEALS:
        return table
    told = say("{n:,} {n:deal came|deals came} later by import with earlier dates", n=later)
    return table._replace(notes=(*table.notes, Footnote("imported_later", later, told)))
