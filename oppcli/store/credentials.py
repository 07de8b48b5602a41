"""PINs and codes as they are stored, and what the journal tells of them."""

import json
from collections.abc import Iterator

from oppcli.model.credentials import Credential
from oppcli.model.said import say
from oppcli.store.doors import ReadDoor, Row, WriteDoor

COLUMNS = ("login", "salt", "verifier", "code", "code_ends", "earlier")
REFUSED = "pin refused"
"""The action of an entry for a wrong PIN, in a transaction of its own."""
BAD = "code refused"
"""The action of the entry of a bad code from away in somebody's name."""
PIN_SET, CODE_GIVEN = "pin", "code"
"""The actions that change a credential; each voids the sessions of before."""
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM credential"


def of(door: ReadDoor, login: str) -> Credential | None:
    """The credential of a person; None where they have neither PIN nor code."""
    row = door.one(f"{_SELECT} WHERE login = :login", login=login)
    return _stored(row) if row else None


def _stored(row: Row) -> Credential:
    return Credential(**dict(zip(COLUMNS, row, strict=True)))


def put(door: WriteDoor, credential: Credential) -> None:
    """Store it in place of the one before. The entry that tells of it is the caller's."""
    values = {name: getattr(credential, name) for name in COLUMNS}
    door.rows("DELETE FROM credential WHERE login = :login", login=credential.login)
    marks = ", ".join(f":{name}" for name in COLUMNS)
    door.rows(f"INSERT INTO credential ({', '.join(COLUMNS)}) VALUES ({marks})", **values)


def refused_at(door: ReadDoor, login: str, most: int) -> list[int]:
    """When the newest wrong PINs of a person were given, newest first."""
    rows = door.rows(
        "SELECT at FROM journal WHERE noun = 'user' AND noun_id = :login AND action = :refused "
        f"ORDER BY seq DESC LIMIT {most}",
        login=login,
        refused=REFUSED,
    )
    return [int(at) for (at,) in rows]


def last_voided(door: ReadDoor, login: str) -> int:
    """The seq of the entry with which an admin's code took the PIN of before; 0 for none."""
    sql = "SELECT max(seq) FROM journal WHERE noun = 'user' AND noun_id = :login AND action = :given"
    return int(door.value(sql, login=login, given=CODE_GIVEN) or 0)


def faults(door: ReadDoor) -> Iterator[str]:
    """Credentials that are not those of which the journal tells."""
    sql = "SELECT noun_id, meta FROM journal WHERE noun = 'user' AND action IN (:pin, :code) ORDER BY seq"
    told = {login: json.loads(meta).get("digest") for login, meta in door.rows(sql, pin=PIN_SET, code=CODE_GIVEN)}
    stored = {row[0]: _stored(row).digest for row in door.rows(_SELECT)}
    for login in sorted({*told, *stored}):
        if told.get(login) != stored.get(login):
            yield say("user {login}: the PIN is not the one that was set", login=login)


def bad_since(door: ReadDoor, login: str, since: int) -> int:
    """How many bad codes were given in the name of a person since then."""
    return int(
        door.value(
            "SELECT count(*) FROM journal WHERE noun = 'user' AND noun_id = :login AND action = :bad AND at > :since",
            login=login,
            bad=BAD,
            since=since,
        )
        or 0
    )
