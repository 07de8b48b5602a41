"""What a database knows of itself, its number and whether it is a sandbox, and of who uses it: the server's roles, the
policy's demands, the entries of sessions."""

from oppcli.store import queries
from oppcli.store.doors import ReadDoor, Row

_OF_ROLE = "SELECT login FROM user_account WHERE coalesce(server_role, login) = session_user"
SANDBOX = "sandbox"
MARK_SANDBOX = f"""
INSERT INTO meta (key, value) SELECT '{SANDBOX}', CAST(coalesce(max(seq), 0) AS TEXT) FROM journal WHERE true
ON CONFLICT (key) DO NOTHING
"""
"""Marks a copy as a sandbox, for good: a copy of it knows of the first database alone."""


def role_is_of(door: ReadDoor, login: str) -> bool:
    """Whether the server knows this program by the role of this person; never on a file."""
    return door.dialect == "postgresql" and bool(door.rows(f"{_OF_ROLE} AND login = :login", login=login))


def person_of_role(door: ReadDoor) -> str | None:
    """Whose role it is by which the server knows this program; None where it is nobody's."""
    rows = door.rows(f"{_OF_ROLE} ORDER BY server_role IS NULL, login")
    return str(rows[0][0]) if rows else None


def scope(door: ReadDoor) -> str | None:
    """What the applied policy says of identity and scope, as JSON."""
    return door.value("SELECT scope FROM policy ORDER BY number DESC LIMIT 1")


def database_id(door: ReadDoor) -> str:
    """The database's own number, which no other has but its copies."""
    return str(door.value("SELECT value FROM meta WHERE key = 'id'") or "")


def trail(door: ReadDoor, login: str, seq: int) -> list[Row]:
    """(seq, action, meta, active) of the entries of a person from this one on."""
    return door.rows(
        "SELECT seq, action, meta, (SELECT active FROM user_account WHERE login = :login) FROM journal "
        "WHERE noun = 'user' AND noun_id = :login AND seq >= :seq ORDER BY seq",
        login=login,
        seq=seq,
    )


def made_after(door: ReadDoor) -> int | None:
    """The entry after which a sandbox goes its own way; None for a database that is none."""
    told = queries.derived(door, SANDBOX)
    return None if told is None else int(told)
