"""For notebooks: a SQLModel session on a team's database, which reads and cannot write."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session

from oppcli.store import session as sessions
from oppcli.store.tables import TABLES

__all__ = ["TABLES", "session"]


@contextmanager
def session(path: str) -> Iterator[Session]:
    """A session on the file or `postgresql://` address, of one unchanging state, with what the person sees who runs it
    (`OPP_USER`, else the login of the system). Refused where `opp` itself would refuse to read. A statement that writes
    fails."""
    from oppcli.cli.context import Context

    with Context({"db": path, "quiet": True}).read() as door, sessions.over(door) as opened:
        yield opened
