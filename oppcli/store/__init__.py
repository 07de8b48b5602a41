"""The only package that knows a driver: schema, doors, journal, look-ups, administration."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from oppcli.model.records import ANY
from oppcli.store.locations import WAIT_MS, file_of, is_server

if TYPE_CHECKING:
    from oppcli.model.journal import Stamp
    from oppcli.store.doors import ReadDoor, WriteDoor
    from oppcli.store.lens import See
    from oppcli.store.then import Then


def open_read(
    url: str,
    standings: Sequence[str] = ANY,
    *,
    me: str = "",
    sight: "See | None" = None,
    then: "Then | None" = None,
) -> "AbstractContextManager[ReadDoor]":
    """A door that reads one unchanging state of the database at a file path or `postgresql://…`. It sees records of
    these standings only, with what belongs to them: lists want `SHOWN`, figures `COUNTED`, one thing and the journal
    any. Where the policy has a scope, it sees what `sight` finds that `me` may see; without, everything.
    All is as it was `then`, if that is said; refused (2) for before the first entry, (5) for a chain broken since."""
    if is_server(url):
        from oppcli.store import server

        return server.open_read(url, standings, me, sight, then)
    from oppcli.store import sqlite

    return sqlite.open_read(file_of(url), standings, me, sight, then)


def open_write(
    url: str, stamp: "Stamp", *, wait_ms: int = WAIT_MS, dry_run: bool = False
) -> "AbstractContextManager[WriteDoor]":
    """A door that holds the write lock for its block: committed when the block ends well, rolled back when it raises
    and after a dry run. Raises `Busy` when the lock is not free within the wait."""
    if is_server(url):
        from oppcli.store import server

        return server.open_write(url, stamp, wait_ms, dry_run=dry_run)
    from oppcli.store import sqlite_writing

    return sqlite_writing.open_write(file_of(url), stamp, wait_ms, dry_run=dry_run)


def language_of(url: str) -> str:
    """The language of the policy in a file; empty for a server, which is not asked for that, and where none is said."""
    if is_server(url):
        return ""
    from oppcli.store import sqlite

    return sqlite.language_of(file_of(url))


def create(url: str, group: str | None = None) -> None:
    """Make a new, empty database at the newest schema: a file is its owner's alone, or shared with a group. Refuses one
    that is there already."""
    from oppcli.store import schema

    schema.create(url, group)


def vacuum(url: str, *, wait_ms: int = WAIT_MS) -> None:
    """Give a file back what its free pages hold; a server does so by itself. Raises `Busy` while others are at it."""
    if not is_server(url):
        from oppcli.store import sqlite_writing

        sqlite_writing.vacuum(file_of(url), wait_ms)


def unwritten(url: str) -> bool:
    """Whether there is a database of this schema in which nobody ever wrote: what one left that was killed before its
    first user."""
    from oppcli.errors import OppError
    from oppcli.store import journal

    try:
        with open_read(url) as door:
            return journal.head(door).seq == 0
    except OppError:
        return False


@contextmanager
def creating(url: str, group: str | None = None) -> Iterator[None]:
    """Make a new database for the block, or go on with one in which nobody ever wrote; when the block raises, what was
    made is removed again."""
    from oppcli.store import schema

    made = not unwritten(url)
    if made:
        create(url, group)
    elif group is not None:
        schema.share(url, group)
    try:
        yield
    except BaseException:
        if made and unwritten(url):
            schema.remove(url)
        raise
