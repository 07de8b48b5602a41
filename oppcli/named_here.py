"""What has a name in the embedded database, as who asks sees it: asked while a word is being typed.

Like `oppcli.fastpath` it never imports Typer or the store package.
"""

from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:  # the name of typing's constant, without its import, which costs 9 ms
    import sqlite3
    from collections.abc import Iterator

ENOUGH = 50
"""Candidates offered at once."""
LATELY = 2_000
"""Deals that are looked at for the words people use: sources, tags, currencies."""
_LIVE = "FROM deal WHERE standing = 'live' ORDER BY id DESC LIMIT :lately"
NAMED = {
    "stage": "SELECT name, kind FROM stage WHERE position IS NOT NULL ORDER BY position",
    "user": "SELECT login, name FROM user_account WHERE active = 1 ORDER BY login",
    "customer": "SELECT name, 'C-' || id FROM customer "
    r"WHERE name LIKE :like ESCAPE '\' AND standing = 'live' ORDER BY name LIMIT :enough",
    "source": f"SELECT source, '' FROM (SELECT source {_LIVE}) GROUP BY 1",
    "currency": f"SELECT currency, '' FROM (SELECT currency {_LIVE}) GROUP BY 1",
    "view": "SELECT name, CASE shared WHEN 1 THEN 'shared' ELSE '' END FROM saved_view "
    "WHERE standing = 'live' AND (shared = 1 OR owner = :me) ORDER BY name",
    "mapping": "SELECT name, '' FROM mapping WHERE standing = 'live' ORDER BY name",
    "tag": f"SELECT value, '' FROM (SELECT tags {_LIVE}), json_each(tags) GROUP BY 1",
    "attached": "SELECT kind, '' FROM (SELECT kind FROM file WHERE standing = 'live' ORDER BY id DESC LIMIT :lately) "
    "GROUP BY 1",
}
ASKED = (
    "SELECT (SELECT scope FROM policy ORDER BY number DESC LIMIT 1), (SELECT active FROM user_account WHERE login = ?)"
)
POLICY = "SELECT text FROM policy ORDER BY number DESC LIMIT 1"
OWN_FIELDS = "SELECT value FROM meta WHERE key = 'own_fields'"
LANGUAGE = "SELECT value FROM meta WHERE key = 'language'"
Words = list[tuple[str, str]]
"""Candidates, each with a description (which may be empty)."""


@contextmanager
def seen(db: str, me: str) -> "Iterator[sqlite3.Connection | None]":
    """The database as this person sees it; None for a server, and for who left."""
    if "://" in db:
        yield None
        return
    import sqlite3

    # In a URI these three characters would end the path.
    path = db.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=0.2)
    try:
        scope, active = _asked(connection, me)
        whole = scope is None or '"scope"' not in scope
        if whole or active == 0:
            yield connection if active != 0 else None  # who left is told nothing
            return
    finally:
        connection.close()
    # By its name, for it may end in the command tree, which nobody waits for otherwise.
    from importlib import import_module

    with import_module("oppcli.cli.keystroke").seen(db) as through:
        yield through


def _asked(connection: "sqlite3.Connection", me: str) -> tuple[str | None, int | None]:
    """What the policy says of seeing, and whether who asks is active; nothing in a database of before it could."""
    import sqlite3

    try:
        found: tuple[str | None, int | None] = connection.execute(ASKED, [me]).fetchone()
        return found
    except sqlite3.OperationalError:
        return None, None


def named(connection: "sqlite3.Connection", kind: str, prefix: str, me: str) -> Words:
    """The names of a kind that people use in this database."""
    if kind == "owner":
        return [("me", ""), *named(connection, "user", prefix, me)]
    like = "".join("\\" + char if char in "\\%_" else char for char in prefix) + "%"
    values = {"like": like, "enough": ENOUGH, "lately": LATELY, "me": me}
    rows = connection.execute(NAMED[kind], values).fetchall()
    return [(str(word), str(note)) for word, note in rows if word is not None]
