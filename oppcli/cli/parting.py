"""`opp db diff FILE`: what was tried in a sandbox, beside what the database made of it meanwhile."""

from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from oppcli.cli.context import Context
from oppcli.cli.framing import framed
from oppcli.cli.places import place
from oppcli.errors import Conflict, NeedsUpgrade
from oppcli.model.command import command, written
from oppcli.model.said import say
from oppcli.reads.parted import Two, table
from oppcli.reads.table import Table
from oppcli.store import open_read
from oppcli.store.locations import is_server, shown
from oppcli.store.parting import fork

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oppcli.store.doors import ReadDoor


def diff(opp: Context, file: str) -> Table:
    """The fields that the copy has otherwise. Refused (3) where there is none, (5) for one of another database."""
    from oppcli.store.backup import require_another
    from oppcli.store.knowing import made_after

    if not is_server(file):
        require_another(Path(file), opp.db)
    with ExitStack() as opened:
        here, there = opened.enter_context(opp.read()), opened.enter_context(_other(opp, file))
        # Where they part is asked of the whole journals, of which nothing is shown.
        one = here if here.sight is None else opened.enter_context(opp.read(whole=True))
        two = there if there.sight is None else opened.enter_context(_other(opp, file, whole=True))
        last = fork(one, two)
        if not last:
            told = say("{file} is no copy of {place}", file=file, place=place(opp))
            raise Conflict(told, hint=command("db", "backup", "FILE", "--sandbox", ready=False))
        if made_after(one) is not None and made_after(two) is None:
            return table(Two(here, there, last), framed(opp, here), place(opp))
        return table(Two(there, here, last), framed(opp, here), shown(file) if is_server(file) else file)


@contextmanager
def _other(opp: Context, file: str, *, whole: bool = False) -> "Iterator[ReadDoor]":
    """A door on the other one, as who asks sees it."""
    from oppcli.actions.sights import sight_of

    try:
        with open_read(
            file, me=opp.actor, sight=None if whole else lambda door: sight_of(door, opp.actor, opp.now)
        ) as door:
            yield door
    except NeedsUpgrade as error:
        error.hint = written(("db", "upgrade"), ("--db", file))
        raise
