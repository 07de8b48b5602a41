"""Talking to the server of the tests past the program."""

import time
import uuid
from functools import cache
from typing import TYPE_CHECKING

from oppcli.store import schema

if TYPE_CHECKING:
    import psycopg

SPARE: list[str] = []
"""Empty databases that somebody was lent and did not use."""
UNUSED: set[str] = set()
"""Empty databases that were lent, and in which nothing was made since."""
INSTEAD: dict[str, str] = {}
"""An empty database that was lent → the copy that was taken instead."""
WORN: list[str] = []
"""Databases that nobody needs any more, oldest first."""
FEW = 4
"""How many of them may lie about."""
PATIENCE_S = 2.0
_create = schema._create_on_server


@cache
def connected(address: str) -> "psycopg.Connection[tuple[object, ...]]":
    """One session in the server's own database, for all that is administered."""
    import psycopg

    return psycopg.connect(address.format("postgres"), autocommit=True)


def administer(address: str, *statements: str) -> None:
    """Run statements in the server's own database, each by itself. `address` has {} for the name of a database."""
    for statement in statements:
        connected(address).execute(statement.encode())


def copied(address: str, template: str) -> str:
    """The name of a new database with what is in another. Files are copied: what would be logged is thrown away."""
    name = f"copy_{uuid.uuid4().hex[:12]}"
    administer(address, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    return name


def dropped(address: str, name: str) -> None:
    """Nobody needs it any more: it goes a little later, for a server waits a tenth of a second where it finds the
    session that has just been closed."""
    WORN.append(name)
    while len(WORN) > FEW:
        administer(address, f"DROP DATABASE {WORN.pop(0)} WITH (FORCE)")


def left_alone(address: str, name: str) -> bool:
    """Whether nobody is connected to it, once those have gone who were about to."""
    end, asked = time.monotonic() + PATIENCE_S, "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
    while connected(address).execute(asked, [name]).fetchone() != (0,):
        if time.monotonic() > end:
            return False
        time.sleep(0.001)
    return True


def copy_schema(address: str, template: str) -> None:
    """From now on an empty database that was lent becomes one of ours by being a copy of `template`, under an id of its
    own, the first time that one is made there: 300 statements take a second, and make the same each time."""

    def create(url: str) -> None:
        front, back = address.split("{}")
        name = url.removeprefix(front).removesuffix(back)
        if name not in UNUSED or not _empty(url) or not left_alone(address, name):
            _create(url)
            return
        UNUSED.discard(name)
        SPARE.append(f"copy_{uuid.uuid4().hex[:12]}")
        administer(address, f"ALTER DATABASE {name} RENAME TO {SPARE[-1]}")
        administer(address, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        _identified(url)

    schema._create_on_server = create


def lent(address: str) -> str:
    """The name of a database in which nothing is."""
    name = SPARE.pop() if SPARE else copied(address, "template1")
    UNUSED.add(name)
    return name


def instead(address: str, name: str, template: str) -> str:
    """The name of a copy, for somebody who does not need the database that was lent."""
    if name in INSTEAD.values() or not _empty(address.format(name)):
        left_alone(address, name)
        administer(address, f"DROP DATABASE {name} WITH (FORCE)")
        administer(address, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name
    SPARE.append(name)
    UNUSED.discard(name)
    INSTEAD[name] = copied(address, template)
    return INSTEAD[name]


def _empty(url: str) -> bool:
    import psycopg

    with psycopg.connect(url) as connection:
        (things,) = connection.execute("SELECT count(*) FROM pg_class WHERE oid >= 16384").fetchone() or (1,)
    return bool(things == 0)


def _identified(url: str) -> None:
    import psycopg

    with psycopg.connect(url) as connection:
        connection.execute("UPDATE meta SET value = %s WHERE key = 'id'", [uuid.uuid4().hex])


def given_back(address: str, name: str) -> None:
    """Take back what was lent, or what was taken instead."""
    UNUSED.discard(name)
    dropped(address, INSTEAD.pop(name, name))
