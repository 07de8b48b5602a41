"""Whether the tables of a database are what this program made: columns, constraints, indexes, triggers; what is
missing, changed, foreign. A dropped trigger lets history be written anew, a foreign one writes it."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from oppcli.model.said import Said, say
from oppcli.store.doors import ReadDoor
from oppcli.store.sqlite import SqliteReadDoor

SCRIPT = Path(__file__).with_name("schema.sql")
"""The newest schema for SQLite, as the migrations make it: they take 0.5 s, this script 15 ms. A test compares."""
SERVER = Path(__file__).with_name("schema.postgresql.txt")
"""What the migrations make on a server, a line for each part. A test compares, and writes it (see CONTRIBUTING.md)."""

Part = tuple[str, str]
"""Kind and name: `("column", "deal.amount")`."""
Parts = dict[Part, str]
"""Each with its definition, spaces and quotes taken out."""


def statements() -> Iterator[str]:
    """The statements of the script; an empty line parts them."""
    return (part.strip().rstrip(";") for part in SCRIPT.read_text("utf-8").split("\n\n") if part.strip())


def faults(door: ReadDoor) -> Iterator[str]:
    """A line for each part that is not as it was made."""
    found, known = parts(door), wanted(door.dialect)
    differ = {part for part in found.keys() | known.keys() if found.get(part) != known.get(part)}
    changed = {name.partition(".")[0] for kind, name in differ if kind == "column"}
    apart = {name for kind, name in found.keys() ^ known.keys() if kind == "table"}
    for kind, name in sorted(differ):
        table = name.partition(".")[0]
        # Of a table that is missing or foreign that alone is said, of one with another column the column.
        if not (table in apart if kind != "table" else name in changed - apart):
            yield _said((kind, name), found.get((kind, name)), known.get((kind, name)))


def _said(part: Part, found: str | None, known: str | None) -> Said:
    told = {"kind": part[0], "name": part[1]}
    if found is None:
        return say("{kind} {name}: missing", **told)
    return say("{kind} {name}: foreign", **told) if known is None else say("{kind} {name}: changed", **told)


def wanted(dialect: str) -> Parts:
    """The parts that a new database of this engine has."""
    if dialect != "sqlite":
        lines = (line.split(" ", 2) for line in SERVER.read_text("utf-8").splitlines())
        return {(kind, name): definition for kind, name, definition in lines}
    with closing(sqlite3.connect(":memory:")) as made:
        for statement in statements():
            made.execute(statement)
        return parts(SqliteReadDoor(made, ":memory:"))


def parts(door: ReadDoor) -> Parts:
    """The parts that a database has."""
    return _of_file(door) if door.dialect == "sqlite" else _of_server(door)


def lines(found: Parts) -> str:
    """The parts as `schema.postgresql.txt` holds them."""
    return "".join(f"{kind} {name} {definition}\n" for (kind, name), definition in sorted(found.items()))


def _plain(definition: str) -> str:
    """A definition without what differs in the telling: spaces, quotes, brackets, casts of constants to text."""
    return re.sub(r'::[a-z]+( varying)?(\[\])?|[\s"()]+', "", definition)


_MASTER = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite@_%' ESCAPE '@' ORDER BY name"


def _of_file(door: ReadDoor) -> Parts:
    found: Parts = {}
    for kind, name, table, sql in door.rows(_MASTER):
        found[kind, f"{table}.{name}" if kind in ("index", "trigger") else name] = _plain(sql or "")
        for _, column, *about in door.rows(f'PRAGMA table_info("{name}")') if kind == "table" else ():
            found["column", f"{name}.{column}"] = _plain(" ".join(map(str, about)))
    return found


_SPACE = "(SELECT relnamespace FROM pg_class WHERE oid = 'alembic_version'::regclass)"
"""The schema of our tables; there are views before them, but for that one."""
_SERVER = f"""
SELECT CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'view' ELSE 'table' END, c.relname, ''
FROM pg_class c WHERE c.relnamespace = {_SPACE} AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
UNION ALL SELECT 'column', c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod) || ' '
    || CASE WHEN a.attnotnull THEN 'required' ELSE '' END || ' ' || coalesce(l.collname, '') || ' '
    || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_collation l ON l.oid = a.attcollation
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relnamespace = {_SPACE} AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL SELECT 'index', c.relname || '.' || x.relname, pg_get_indexdef(i.indexrelid)
    || CASE WHEN i.indisvalid THEN '' ELSE ' not valid' END
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
WHERE c.relnamespace = {_SPACE} AND c.relkind IN ('r', 'p')
UNION ALL SELECT 'constraint', c.relname || '.' || k.conname, pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE c.relnamespace = {_SPACE} AND k.contype IN ('c', 'f', 'u', 'p', 'x')
UNION ALL SELECT 'trigger', c.relname || '.' || t.tgname, pg_get_triggerdef(t.oid) || ' ' || f.prosrc
    || CASE t.tgenabled WHEN 'O' THEN '' ELSE ' not enabled' END
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc f ON f.oid = t.tgfoid
WHERE c.relnamespace = {_SPACE} AND NOT t.tgisinternal
UNION ALL SELECT 'rule', c.relname || '.' || r.rulename, pg_get_ruledef(r.oid)
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
WHERE c.relnamespace = {_SPACE} AND c.relkind IN ('r', 'p')
"""


def _of_server(door: ReadDoor) -> Parts:
    space = door.value(f"SELECT nspname FROM pg_namespace WHERE oid = {_SPACE}")
    rows = door.rows(_SERVER)
    return {(kind, name): _plain(definition).replace(f"{space}.", "") for kind, name, definition in rows}
