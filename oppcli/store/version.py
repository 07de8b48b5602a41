"""Which schema this program speaks, and whether a database speaks it."""

from typing import Any

from oppcli.errors import NeedsUpgrade, NoDatabase, OppError, StoreError, UsageError
from oppcli.model.command import command
from oppcli.model.said import say
from oppcli.store.reading import ENDS, Reading

SCHEMA = "0033"
"""The newest migration. Revisions are numbers of four digits, so that older and newer can be told by comparing."""

SCOPE = "(SELECT scope FROM policy ORDER BY number DESC LIMIT 1)"
"""What reads need of the applied policy (`rules.scopes.kept`)."""
SPOKEN = "(SELECT value FROM meta WHERE key = 'language')"
"""The language of the applied policy, as `policy apply` keeps it beside it."""
ACTIVE = "(SELECT active FROM user_account WHERE login = :me)"


def found(door: Reading) -> str | None:
    """The schema version of an open database; None when it is not one of ours."""
    if door.dialect == "sqlite":
        known = door.one("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'")
    else:
        known = door.one("SELECT 1 WHERE to_regclass('alembic_version') IS NOT NULL")
    version = door.value("SELECT version_num FROM alembic_version") if known else None
    return version if version and _ours(version) else None


def _ours(version: str) -> bool:
    """Other programs have tables of this name too; their versions are not four digits."""
    return len(version) == 4 and version.isdigit()


def known(door: Reading, shown: str) -> str:
    """The schema version of a database of ours, old or new; refuses any other."""
    version = found(door)
    if version is not None:
        return version
    if door.dialect == "postgresql" or not door.rows("SELECT 1 FROM sqlite_master LIMIT 1"):
        raise NoDatabase(say("no database at {shown}: it has no tables of opp", shown=shown), hint=command("init"))
    raise StoreError(say("{shown} is a database, but not one of opp", shown=shown), hint=command("db", "path"))


def require(door: Reading, shown: str, me: str = "") -> None:
    """Refuse a database that is not ours, too old or too new, and say what to run. Of one that is, the door then knows
    what its policy says of seeing, and whether `me` is somebody."""
    if not ask(door, me):
        compare(known(door, shown), shown)
        ask(door, me)
    compare(door.version, shown)


def ask(door: Reading, me: str, more: str = "") -> tuple[Any, ...] | None:
    """What a door has to know first, in one statement, with the answers to `more`; None from a database that cannot
    say it, which is none of ours or older."""
    try:
        row = door.one(f"SELECT version_num, {SCOPE}, {SPOKEN}, {ACTIVE}, {ENDS}{more} FROM alembic_version", me=me)
    except UsageError:  # who asks is no text: that says nothing of the database
        raise
    except OppError:  # no such table or column, or no database at all: the careful way says which
        door.afresh()
        return None
    if row is None or not _ours(str(row[0])):
        return None
    door.version, door.scope, door.language = str(row[0]), row[1], row[2] or ""
    door.active = None if row[3] is None else bool(row[3])
    door.ends = tuple(row[4:7])
    return tuple(row[7:]) or (True,)


def compare(version: str, shown: str) -> None:
    """Refuse a version other than the newest."""
    if version == SCHEMA:
        return
    if version < SCHEMA:
        raise NeedsUpgrade(
            say(
                "{shown} was written by an older opp (schema {version}, wanted {schema})",
                shown=shown,
                version=version,
                schema=SCHEMA,
            ),
            hint=command("db", "upgrade"),
        )
    raise NeedsUpgrade(
        say(
            "{shown} was written by a newer opp (schema {version}, this program knows {schema})",
            shown=shown,
            version=version,
            schema=SCHEMA,
        ),
        hint="pip install --upgrade oppcli",
    )
