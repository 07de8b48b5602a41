"""Texts inside SQL: as a pattern of LIKE, as they stand, constants as a list; whose a task is."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oppcli.store.doors import ReadDoor

_PLACE = {"sqlite": "instr", "postgresql": "strpos"}
LAST = "\U0010ffff"
"""Sorts behind everything that begins alike."""


def like(text: str) -> str:
    """`text` as it stands, for `LIKE … ESCAPE '\\\\'`: nothing in it is a wildcard."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def literal(text: str) -> str:
    """Any text as SQL writes it, for where nothing can be bound: a view, or what an index is made of."""
    return "'" + text.replace("'", "''") + "'"


def quoted(values: Iterable[str | int]) -> str:
    """Constants of the program as a list in SQL: `'lead', 'open'`. Never for what somebody typed."""
    return ", ".join(f"'{value}'" if isinstance(value, str) else str(value) for value in values)


def literals(texts: Iterable[str]) -> str:
    """Any texts as a list in SQL, where an index is to be found by their number: kinds that a team may have called
    anything, logins. Of none, what nothing is in."""
    return ", ".join(map(literal, texts)) or "NULL"


def place_of(door: "ReadDoor", column: str, text: str) -> str:
    """SQL for where a text stands in a column, 1 first; 0 where it does not. A key with what stands before and behind
    it (`,"owner":[`) is found as a key alone: inside of a text every quote has a backslash before it."""
    return f"{_PLACE[door.dialect]}({column}, {literal(text)})"


HOLDER = "coalesce(t.assignee, CASE WHEN t.role IS NULL THEN coalesce(d.owner, c.owner) END)"
"""SQL of whose a task `t` is: who was given it, else, of one for no role, the owner of its deal `d` or customer `c`.
A role's is one person's only where the deal's team says so."""
