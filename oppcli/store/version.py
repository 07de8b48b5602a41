"""Which schema this program speaks, and whether a database speaks it."""

from oppcli.errors import NeedsUpgrade, NoDatabase, StoreError
from oppcli.store.reading import Reading

SCHEMA = "0002"
"""The newest migration. Revisions are numbers of four digits, so that older and newer can be told by comparing."""


def found(door: Reading) -> str | None:
    """The schema version of an open database; None when it is not one of ours."""
    if door.dialect == "sqlite":
        known = door.one("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'")
    else:
        known = door.one("SELECT 1 WHERE to_regclass('alembic_version') IS NOT NULL")
    row = door.one("SELECT version_num FROM alembic_version") if known else None
    return str(row[0]) if row else None


def require(door: Reading, shown: str) -> None:
    """Refuse a database that is not ours, too old or too new, and say what to run."""
    version = found(door)
    if version == SCHEMA:
        return
    if version is None:
        if door.dialect == "postgresql":
            raise NoDatabase(f"no opp database at {shown}", hint="opp init")
        raise StoreError(f"{shown} is a database, but not one of opp", hint="opp db path")
    if version < SCHEMA:
        raise NeedsUpgrade(
            f"{shown} was written by an older opp (schema {version}, wanted {SCHEMA})", hint="opp db upgrade"
        )
    raise NeedsUpgrade(
        f"{shown} was written by a newer opp (schema {version}, this program knows {SCHEMA})",
        hint="pip install --upgrade oppcli",
    )
