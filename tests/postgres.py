"""Talking to the server of the tests past the program."""

import uuid
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psycopg

SPARE: list[str] = []
"""Empty databases that somebody was lent and did not use."""
INSTEAD: dict[str, str] = {}
"""An empty database that was lent → the copy that was taken instead."""


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
    administer(address, f"DROP DATABASE {name} WITH (FORCE)")


def lent(address: str) -> str:
    """The name of a database in which nothing is."""
    return SPARE.pop() if SPARE else copied(address, "template1")


def instead(address: str, name: str, template: str) -> str:
    """The name of a copy, for somebody who does not need the database that was lent."""
    if name in INSTEAD.values() or not _empty(address.format(name)):
        dropped(address, name)
        administer(address, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name
    SPARE.append(name)
    INSTEAD[name] = copied(address, template)
    return INSTEAD[name]


def _empty(url: str) -> bool:
    import psycopg

    with psycopg.connect(url) as connection:
        (things,) = connection.execute("SELECT count(*) FROM pg_class WHERE oid >= 16384").fetchone() or (1,)
    return bool(things == 0)


def given_back(address: str, name: str) -> None:
    """Take back what was lent, or what was taken instead."""
    dropped(address, INSTEAD.pop(name, name))
