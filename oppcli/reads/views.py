"""Saved views as a table: one's own, and those that are shared."""

from collections.abc import Mapping
from typing import Any

from oppcli.errors import UsageError
from oppcli.model.command import written
from oppcli.model.nouns import PREFIXES
from oppcli.model.records import WITHDRAWN
from oppcli.model.said import REPEAT, Told, say
from oppcli.reads.table import Column, Frame, Kind, Read, Table
from oppcli.store.doors import ReadDoor
from oppcli.store.mapping import parsed

COLUMNS = (
    Column("id", Kind.REF),
    Column("name", Kind.REF),
    Column("owner", Kind.REF),
    Column("shared", Kind.BOOL),
    Column("command"),
    Column("created_at", Kind.INSTANT),
    Column("every", words=REPEAT),
    Column("to", Kind.LIST),
)
MINE = "shared = 1 OR owner = {me}"
"""What a person sees of saved views; `me` is the placeholder of their login."""
ADMIN = """EXISTS (SELECT 1 FROM user_account WHERE login = {me} AND roles LIKE '%"admin"%')"""
"""Whether a person is an admin, who sees the private ones, too."""
_VIEWS = f"""
SELECT '{PREFIXES["view"]}' || id, name, owner, shared, command, created_at, every, "to" FROM saved_view
WHERE standing <> '{WITHDRAWN}' AND ({MINE.format(me=":me")}) ORDER BY name, id
"""


def listing(door: ReadDoor, args: Mapping[str, Any], frame: Frame) -> Table:
    """The views that the acting person may run."""
    rows = [
        (id, name, owner, bool(shared), written(parsed(words)), at, _told(every), tuple(parsed(to)))
        for id, name, owner, shared, words, at, every, to in door.rows(_VIEWS, me=frame.actor)
    ]
    return Table(COLUMNS, rows, title=say("Views"))


def _told(every: str | None) -> str | None:
    from oppcli.words.timed import parse

    try:
        return Told(every, parse(every).told) if every else every
    except UsageError:  # a file of another database may have brought a time that nobody can read
        return every


READS = (
    Read(
        path="view list",
        title=say("Views"),
        help="Reads that are kept under a name: your own, and those shared",
        columns=COLUMNS,
        build=listing,
        examples=("opp view list",),
    ),
)
