"""Answers that must come before a finger leaves the key: `--version`, and the words that complete what is being typed.

Never imports Typer or the store package, reads the embedded database itself (read-only), and never fails: a shell that
asks for a completion has no place for an error. A database on a server is not asked; it could not answer in time.
"""

import sys

from oppcli import __version__
from oppcli.model.nouns import BY_WORD, RECORDS
from oppcli.named_here import ENOUGH, NAMED, POLICY, Words, named, seen

TYPE_CHECKING = False
if TYPE_CHECKING:  # the name of typing's constant, without its import, which costs 9 ms
    import sqlite3

    from oppcli.model.nouns import Noun
    from oppcli.toml.reading import Document

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
OF_FIELDS = ("columns ", "sort ", "where ", "by ", "set")
"""Kinds that are of fields; the place of a read in the tree follows: `columns deal list`."""


def answer(argv: list[str]) -> int:
    """Print the version, or for `__complete [--db DB] KIND PREFIX` a line per candidate: word, tab, description."""
    if argv[0] == "--version":
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
        from oppcli.cli.field_words import offered

        return offered(db, me, kind, prefix)
    prefix = prefix.removeprefix("!")
    with seen(db, me) as connection:
        found = _found(connection, kind, prefix, me) if connection else []
    return [(mark + word, note) for word, note in found]


def _found(connection: "sqlite3.Connection", kind: str, prefix: str, me: str) -> Words:
    if kind == "ref":
        return _referred(connection, prefix)
    if kind == "described":
        from oppcli.cli.field_words import nouns

        return [(word, note) for word, note in nouns() if word.startswith(prefix)] + _referred(connection, prefix)
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


def _plain(text: str) -> str:
    """Without control characters: a title must not speak to the terminal, nor end the line."""
    return "".join(char if char.isprintable() else " " for char in text)
