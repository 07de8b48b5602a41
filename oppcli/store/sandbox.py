"""A copy to try things in: what marks it, and what it knows of the database that it was made of."""

from oppcli.store import queries
from oppcli.store.doors import ReadDoor

KEY = "sandbox"
MARK = f"""
INSERT INTO meta (key, value) SELECT '{KEY}', CAST(coalesce(max(seq), 0) AS TEXT) FROM journal WHERE true
ON CONFLICT (key) DO NOTHING
"""
"""Marks a copy as a sandbox, for good: a copy of it knows of the first database alone."""


def made_after(door: ReadDoor) -> int | None:
    """The entry after which a sandbox goes its own way; None for a database that is none."""
    told = queries.derived(door, KEY)
    return None if told is None else int(told)
