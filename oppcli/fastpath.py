"""Answers that must come before a finger leaves the key: `--version`, and the words that complete what is being typed.

Never imports Typer or the store package, reads the embedded database itself (read-only), and never fails: a shell that
asks for a completion has no place for an error. A database on a server is not asked; it could not answer in time.
"""

import sys
from contextlib import contextmanager

from oppcli.model.nouns import BY_WORD, RECORDS

TYPE_CHECKING = False
if TYPE_CHECKING:  # the name of typing's constant, without its import, which costs 9 ms
    import sqlite3
    from collections.abc import Iterator

    from oppcli.model.nouns import Noun
    from oppcli.toml.reading import Document

ENOUGH = 50
"""Candidates offered at once."""
LATELY = 2_000
"""Deals that are looked at for the words people use: sources, tags, currencies."""
NUMBERED = {
    "deal": (
        "SELECT d.id, d.title, coalesce(c.name, ''), s.name FROM deal d JOIN stage s ON s.id = d.stage_id "
        "LEFT JOIN customer c ON c.id = d.customer_id WHERE {where} AND d.standing = 'live' "
        "ORDER BY d.id DESC LIMIT :enough",
        "d.id",
    ),
    "request": (
        "SELECT r.id, r.type, d.title, r.state FROM request r JOIN deal d ON d.id = r.deal_id "
        "WHERE {where} AND d.standing = 'live' ORDER BY r.id DESC LIMIT :enough",
        "r.id",
    ),
}
"""Queries that tell more of a noun than its title, and its key. The others follow from the registry (`_query`)."""
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
OF_FIELDS = ("columns ", "sort ", "where ", "by ", "set")
"""Kinds that are of fields; the place of a read in the tree follows: `columns deal list`."""
POLICY = "SELECT text FROM policy ORDER BY number DESC LIMIT 1"
OWN_FIELDS = "SELECT value FROM meta WHERE key = 'own_fields'"
LANGUAGE = "SELECT value FROM meta WHERE key = 'language'"
Words = list[tuple[str, str]]
"""Candidates, each with a description (which may be empty)."""


def answer(argv: list[str]) -> int:
    """Print the version, or for `__complete [--db DB] KIND PREFIX` a line per candidate: word, tab, description."""
    if argv[0] == "--version":
        from oppcli import __version__

        sys.stdout.write(f"opp {__version__}\n")
        return 0
    try:
        lines = [f"{word}\t{_plain(note)}\n" for word, note in complete(argv[1:]) if word == _plain(word)]
        sys.stdout.buffer.write("".join(lines).encode("utf-8", "replace"))
        sys.stdout.flush()
    except Exception:
        return 1
    return 0


def complete(words: list[str]) -> Words:
    """The candidates for the last word. A leading `!` (not) is kept."""
    flags = {"db": words[1]} if words[:1] == ["--db"] else {}
    kind, prefix = words[-2], words[-1]
    mark = "!" if prefix.startswith("!") else ""
    import os

    from oppcli.config import at_hand

    db, me = at_hand(flags, os.environ)
    if kind.startswith(OF_FIELDS):
        # By its name, for nothing else here needs what a field is.
        from importlib import import_module

        fields: Words = import_module("oppcli.cli.field_words").offered(db, me, kind, prefix)
        return fields
    prefix = prefix.removeprefix("!")
    with seen(db, me) as connection:
        found = _found(connection, kind, prefix, me) if connection else []
    return [(mark + word, note) for word, note in found]


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


def _found(connection: "sqlite3.Connection", kind: str, prefix: str, me: str) -> Words:
    if kind == "ref":
        return _referred(connection, prefix)
    if kind == "described":
        return [(word, note) for word, note in _nouns() if word.startswith(prefix)] + _referred(connection, prefix)
    if kind not in NAMED and kind in BY_WORD:
        return _numbered(connection, kind, prefix)
    if kind in ("type", "reason", "role", "evidence"):
        found = _of_policy(connection, kind)
    else:
        found = named(connection, kind, prefix, me)
    folded = prefix.casefold()
    return [(word, note) for word, note in found if word.casefold().startswith(folded)][:ENOUGH]


def _numbered(connection: "sqlite3.Connection", kind: str, prefix: str) -> Words:
    """Ids that begin with the digits typed, newest first; before a digit is typed, those that are still open.

    The id is spelt the way it was begun (`D-14`, `d14`, `14`), or the shell would not take it for a continuation."""
    noun = BY_WORD[kind]
    sql, key = NUMBERED.get(kind) or _query(noun)
    head = noun.prefix
    begun = prefix.rstrip("0123456789")
    if begun.upper() not in ("", head.upper(), head.rstrip("-").upper()):
        return []
    digits = prefix[len(begun) :]
    if digits.startswith("0") or len(digits) > 9:
        return []
    wheres = [f"{key} BETWEEN {low} AND {high}" for low, high in _ranges(int(digits))] if digits else [noun.live]
    rows: list[tuple[object, ...]] = []
    for where in wheres:
        # One range after the other: each is a walk along the key that stops when there are enough.
        rows += connection.execute(sql.format(where=where), {"enough": ENOUGH - len(rows)}).fetchall()
    spelt = begun if digits or len(begun) == len(head) else head
    return [(f"{spelt}{row[0]}", " · ".join(str(part) for part in row[1:] if part)) for row in rows]


def _query(noun: "Noun") -> tuple[str, str]:
    """What `NUMBERED` has, of a noun that the registry alone tells of."""
    seen = " AND standing = 'live'" if noun.standing else ""
    key = f'"{noun.key}"'
    sql = f"SELECT {key}, {noun.title} FROM {noun.table} WHERE {{where}}{seen} ORDER BY {key} DESC LIMIT :enough"
    return sql, key


def _referred(connection: "sqlite3.Connection", prefix: str) -> Words:
    """Whatever a reference may name: ids by their prefix, and `stage:Lead` for what has none, once the colon is there.
    Before a letter is typed, deals and requests."""
    word, colon, begun = prefix.partition(":")
    if colon:
        noun = BY_WORD.get(word)
        named = _keyed(connection, noun, begun) if noun else []
        return [(f"{word}:{key}", note) for key, note in named]
    letter = prefix[:1].upper()
    wanted = [noun.word for noun in RECORDS if noun.prefix and noun.prefix[0].upper() == letter] if letter else []
    found: Words = []
    for kind in ("deal", "request") if not letter or letter.isdigit() else wanted:
        found += _numbered(connection, kind, prefix)
    return found


def _keyed(connection: "sqlite3.Connection", noun: "Noun", begun: str) -> Words:
    """Records of a noun by what people call them: a stage by its name, the rest by their key."""
    key = "name" if noun.word == "stage" else f'"{noun.key}"'
    sql = f"SELECT {key}, {noun.title} FROM {noun.table} WHERE substr({key}, 1, length(:begun)) = :begun LIMIT :enough"
    rows = connection.execute(sql, {"begun": begun, "enough": ENOUGH}).fetchall()
    return [(str(row[0]), str(row[1] or "")) for row in rows]


def _ranges(number: int) -> list[tuple[int, int]]:
    """14 → …, (1400, 1499), (140, 149), (14, 14): the numbers that begin with it, as ranges, the highest first."""
    return [(number * 10**more, (number + 1) * 10**more - 1) for more in range(9, -1, -1)]


def named(connection: "sqlite3.Connection", kind: str, prefix: str, me: str) -> Words:
    """The names of a kind that people use in this database."""
    if kind == "owner":
        return [("me", ""), *named(connection, "user", prefix, me)]
    like = "".join("\\" + char if char in "\\%_" else char for char in prefix) + "%"
    values = {"like": like, "enough": ENOUGH, "lately": LATELY, "me": me}
    rows = connection.execute(NAMED[kind], values).fetchall()
    return [(str(word), str(note)) for word, note in rows if word is not None]


def _of_policy(connection: "sqlite3.Connection", kind: str) -> Words:
    """Request types, lost reasons and roles are said in the policy that is applied."""
    from oppcli.toml.reading import known

    row = connection.execute(POLICY).fetchone()
    policy = known(row[0]) if row else {}
    if kind == "type":
        return [(name, str(rule.get("title", ""))) for name, rule in policy.get("type", {}).items()]
    if kind == "evidence":
        used = [word for word, _ in named(connection, "attached", "", "")]
        return [(name, "") for name in dict.fromkeys((*_wanted(policy), *used))]
    if kind == "reason":
        return [(reason, "") for reason in policy.get("lost", {}).get("reasons", [])]
    roles = {"admin": (), "manager": (), "sales": ()} | policy.get("roles", {})
    return [(name, str(role.get("title", "")) if isinstance(role, dict) else "") for name, role in roles.items()]


def _wanted(policy: "Document") -> "list[str]":
    """The kinds of files that stages and types of requests ask for."""
    stages = [need for stage in policy.get("stage", []) for way in ("enter", "leave") for need in stage.get(way, [])]
    needs = [need for rule in policy.get("type", {}).values() for need in rule.get("needs", [])]
    return [need[5:] for need in (*stages, *needs) if need.startswith("file:")]


def _nouns() -> Words:
    from importlib import import_module

    found: Words = import_module("oppcli.cli.field_words").nouns()
    return found


def _plain(text: str) -> str:
    """Without control characters: a title must not speak to the terminal, nor end the line."""
    return "".join(char if char.isprintable() else " " for char in text)
