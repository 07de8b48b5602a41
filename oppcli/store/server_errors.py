"""The errors of the driver for PostgreSQL, as ours."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from oppcli.errors import Busy, Conflict, NoDatabase, StoreError, UsageError
from oppcli.model.command import command
from oppcli.model.said import say
from oppcli.store.locations import shown
from oppcli.store.refusals import Taken

_NO_DATABASE = re.compile(r'database "[^"]*" does not exist|no such database')
_NOT_LET_IN = re.compile(
    r"authentication failed|no password supplied|no pg_hba\.conf entry|SSL required|certificate|"
    r'role "[^"]*" does not exist'
)
"""What servers and poolers say while one connects, when there is no SQLSTATE yet."""


def translated(error: psycopg.Error, url: str) -> Exception:
    """What is raised in place of a driver's error, told apart by SQLSTATE."""
    state = error.sqlstate or ""
    message = str(error).strip().partition("\n")[0].rstrip(".")
    where = shown(url)
    if state in ("23505", "23P01"):
        return Taken(_columns(error))
    if state == "23503":
        return Conflict(say("it refers to something that does not exist (a user, customer, deal or stage)"))
    if state == "22003":
        return UsageError(say("a number is too large to be stored (more than 18 digits)"))
    if state in ("23514", "23502", "22021") or isinstance(error, psycopg.DataError):
        return UsageError(say("the database refuses this value: {message}", message=message))
    if state == "23001":
        return Conflict(message)
    if state == "40001" and "recovery" in message:
        told = say("{where} broke the read off to follow its server: {message}", where=where, message=message)
        return Busy(told, hint=say("ask again, or the server it follows"))
    if state in ("55P03", "57014", "40001", "40P01"):
        told = say("another program is writing to {path}; nothing was written", path=where)
        return Busy(told, hint="--wait 60 waits longer")
    return _of_the_server(state, message, where)


def _of_the_server(state: str, message: str, where: str) -> Exception:
    """What the server does not do for this role, or now."""
    if state == "25006":
        return StoreError(say("{path} cannot be written: {what}", path=where, what=message))
    if state == "42501":
        told = say("{where} does not give you the right: {message}", where=where, message=message)
        return StoreError(told, hint=say("who owns the tables gives it: {grants}", grants=command("db", "grants")))
    if state == "53100":
        return StoreError(say("the disk of the server is full; nothing was written to {where}", where=where))
    if state == "3D000" or (not state and _NO_DATABASE.search(message)):
        return NoDatabase(say("no database at {where}: {message}", where=where, message=message), hint=command("init"))
    if state.startswith("28") or (not state and _NOT_LET_IN.search(message)):
        return StoreError(say("{where} does not let you in: {message}", where=where, message=message))
    if not state and "session is read-only" in message:
        told = say("no server of {where} can be written now: {message}", where=where, message=message)
        return StoreError(told, hint=say("type it again when a replica has been promoted"))
    if not state or state.startswith(("08", "57")):
        told = say("the server of {where} cannot be reached: {message}", where=where, message=message)
        return StoreError(told, hint=command("db", "path"))
    return StoreError(say("{where}: {message}", where=where, message=message))


def _columns(error: psycopg.Error) -> list[str]:
    match = re.match(r"Key \(([^)]*)\)=", error.diag.message_detail or "")
    return [name.strip(' "') for name in match[1].split(",")] if match else [error.diag.constraint_name or "key"]


@contextmanager
def errors_of_a_commit(connection: "psycopg.Connection[Any]", url: str) -> Iterator[None]:
    """For a commit: where the connection breaks meanwhile, nobody knows whether it was kept, and that is raised."""
    try:
        yield
    except psycopg.Error as error:
        if not connection.broken:
            raise translated(error, url) from None
        where = shown(url)
        told = say("the connection to {where} broke at the commit: whether it was written is not known", where=where)
        raise StoreError(told, hint=command("log", "-L", "3")) from None


@contextmanager
def errors_of(url: str) -> Iterator[None]:
    """For work on a connection: raises one of our errors for the driver's."""
    try:
        yield
    except psycopg.Error as error:
        raise translated(error, url) from None
    except UnicodeEncodeError:
        raise UsageError(say("a text is not valid Unicode (it contains half a character)")) from None
