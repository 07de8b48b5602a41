"""What has to happen at a time: one loop wakes whatever is due. A noun hangs in by one entry of `kinds`."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager

from oppcli.actions.act import Act, Look
from oppcli.errors import NotAllowed
from oppcli.model.command import Command, command
from oppcli.model.said import say
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple

AT_ONCE = 100
"""Things per transaction: few enough that nobody waits for a long run, many enough that commits cost little."""


class Kind(NamedTuple):
    """One noun that time does something to."""

    noun: str
    due: Callable[[ReadDoor, int], Sequence[int]]
    """The ids of those whose time has come by an instant, what is longest due first."""
    wake: Callable[[Act, Sequence[int]], Iterable[str]]
    """Does all that is due for them, also what earlier runs missed, and moves their time on; a line for each that
    changed. Each is read anew: what another run did in the meantime is not done twice."""


def kinds() -> tuple[Kind, ...]:
    """Every noun that can be due, in the order in which they are woken."""
    from oppcli.actions.requests import ticks
    from oppcli.store import waiting

    return (Kind("request", waiting.awake, ticks.wake),)


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
    """Wake everything that is due by `now`; a second run at the same instant finds nothing left to do."""
    lines: list[str] = []
    with read() as door:
        found = [(kind, kind.due(door, now)) for kind in (kinds() if among is None else among)]
    for kind, numbers in found:
        for start in range(0, len(numbers), AT_ONCE):
            with act() as acting:
                lines += kind.wake(acting, numbers[start : start + AT_ONCE])
    return tuple(lines)
