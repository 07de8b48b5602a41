"""Views of one statement: what stands before the tables of a server, written before a query in a WITH.

They are planned as others are, and nothing is made for them, which a replica and a role without TEMPORARY cannot.
"""

import re
from collections.abc import Mapping

from oppcli.store.statements import first_word

_NAME = re.compile(r"[a-z_]\w*")
_EXPLAIN = re.compile(
    r"(?:\s|--[^\n]*\n|/\*.*?\*/)*explain\b(?:\s*\([^()]*\)|\s+(?:analyze|verbose)\b)*", re.IGNORECASE | re.DOTALL
)


def through(views: Mapping[str, str], sql: str) -> str:
    """The statement, asked of these views, each of which may ask those before it. What begins with WITH keeps its own
    names; of a plan (EXPLAIN) it is what is planned."""
    head = _EXPLAIN.match(sql)
    asked = sql[head.end() :] if head else sql
    wanted = _wanted(views, asked)
    if not wanted:
        return sql
    made = "WITH " + ", ".join(f"{name} AS NOT MATERIALIZED ({views[name]})" for name in wanted)
    if first_word(asked) == "with":
        asked = f"SELECT * FROM ({asked}\n) AS asked"
    return f"{head[0] if head else ''} {made} {asked}"


def _wanted(views: Mapping[str, str], sql: str) -> list[str]:
    """The views that it names, and those that they ask, in their order."""
    named = set(_NAME.findall(sql.lower()))
    found: list[str] = []
    for name in reversed(list(views)):
        if name in named:
            named.update(_NAME.findall(views[name]))
            found.append(name)
    return found[::-1]
