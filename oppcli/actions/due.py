"""What has to happen at a time: one list of watches, each what is due and what then; one loop goes through it.

A watch hangs in by one entry of `kinds`. What it did for a turn it keeps with the effect (`store.fired`), so that
nothing is done twice and nothing is left out after a gap.
"""

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache

from oppcli.actions.act import Act, Look
from oppcli.actions.waking import Kind
from oppcli.errors import NotAllowed
from oppcli.model.command import Command, command
from oppcli.model.journal import SYSTEM
from oppcli.model.said import say
from oppcli.store.doors import ReadDoor
from oppcli.store.queries import applied_text

AT_ONCE = 500
"""Things per transaction: few enough that nobody waits for a long run, many enough that commits cost little."""


def kinds() -> tuple[Kind, ...]:
    """Every watch, in the order in which things are woken: what one does may be due for those behind it."""
    from oppcli.actions import comparing_all, handing_watches, imported_deals, lateness, scores, suggestions, tiers
    from oppcli.actions.requests import ticks
    from oppcli.store import waiting

    return (
        Kind("request", lambda look: waiting.awake(look.door, look.now), ticks.wake),
        imported_deals.kind(),
        lateness.reminder(),
        lateness.late(),
        lateness.escalation(),
        tiers.daily_tiers(),
        scores.daily_scores(),
        scores.daily_tags(),
        suggestions.daily_suggestions(),
        comparing_all.kind(),
        *handing_watches.kinds(),
    )


def require_active(look: Look, line: Command) -> None:
    """Refuse to let time do its work for who is no active user; a crontab's login is told how it becomes one."""
    try:
        _ = look.me
    except NotAllowed as refused:
        if look.by in look.people:
            raise
        add = command("user", "add", look.by, "--role", "service", another=True)
        hint = say("an admin types {add}; or the crontab says whose it is: OPP_USER=LOGIN {line}", add=add, line=line)
        raise NotAllowed(refused.message, hint=hint) from None


def run(
    now: int,
    read: Callable[[], AbstractContextManager[ReadDoor]],
    act: Callable[[], AbstractContextManager[Act]],
    among: Sequence[Kind] | None = None,
) -> tuple[str, ...]:
    """Wake everything that is due by `now`; a second run at the same instant finds nothing left to do. After a watch
    that had something to do the others look anew."""
    lines: list[str] = []
    rest = list(kinds() if among is None else among)
    while rest:
        with read() as door:
            kind, numbers = _first(rest, Look(door, SYSTEM, now=now))
        for start in range(0, len(numbers), AT_ONCE):
            with act() as acting:
                lines += kind.wake(acting, numbers[start : start + AT_ONCE])
        rest = rest[rest.index(kind) + 1 :]
    return tuple(lines)


def _first(among: Sequence[Kind], look: Look) -> tuple[Kind, Sequence[int]]:
    """The first watch for which something is due, and what; else the last and nothing."""
    text = applied_text(look.door) if any(kind.table for kind in among) else None
    for kind in among:
        if kind.table and not may_have(text or "", kind.table):
            continue
        if numbers := kind.due(look):
            return kind, numbers
    return among[-1], ()


@lru_cache(maxsize=64)
def may_have(text: str, table: str) -> bool:
    """Whether a policy may have a table, by its text: what it has not is known without reading it whole. A key with a
    text, or with a list of them, is none."""
    key = r"""(?!["']?\s*=\s*\[?\s*["'])"""
    return re.search(rf"""^\s*(\[\[?\s*)?["']?{table}\b{key}""", text, re.MULTILINE) is not None
