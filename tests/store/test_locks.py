"""Several programs at once, and programs that are killed: real processes on both engines."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import made
import pytest

from oppcli import store
from oppcli.errors import Busy
from oppcli.model.deals import Deal
from oppcli.model.journal import Stamp
from oppcli.store import journal

WRITERS = str(Path(__file__).with_name("writers.py"))
PROCESSES, TIMES = 8, 40


def start(verb: str, url: str, *args: str) -> subprocess.Popen[str]:
    command = [sys.executable, WRITERS, verb, url, *args]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
    )


@contextmanager
def running(verb: str, url: str) -> Iterator[subprocess.Popen[str]]:
    """A writer that has said its first word; killed at the end."""
    writer = start(verb, url)
    assert writer.stdout is not None
    try:
        assert writer.stdout.readline()
        yield writer
    finally:
        writer.send_signal(signal.SIGKILL)
        writer.communicate()


def test_eight_programs_that_read_change_and_write_lose_nothing(db_url: str, stamp: Stamp) -> None:
    with store.open_write(db_url, stamp) as door:
        deal = made.deal(door)
    writers = [start("raise", db_url, f"writer{n}", str(TIMES)) for n in range(PROCESSES)]
    said = [writer.communicate(timeout=120)[0] for writer in writers]
    assert (said, [writer.returncode for writer in writers]) == ([""] * PROCESSES, [0] * PROCESSES)
    with store.open_read(db_url) as reader:
        after = reader.get(Deal, deal.id)
        edits = reader.rows("SELECT count(DISTINCT actor), count(*) FROM journal WHERE action = 'edit'")
        proof = journal.verify(reader.stream(journal.SELECT))
    assert after.amount == made.DEAL.amount + PROCESSES * TIMES  # type: ignore[operator]
    assert after.version == 1 + PROCESSES * TIMES
    assert edits == [(PROCESSES, PROCESSES * TIMES)]
    assert proof.fault is None


def test_a_writer_that_waited_long_enough_is_told_what_to_do(db_url: str, stamp: Stamp) -> None:
    with store.open_write(db_url, stamp) as door:
        made.team(door)
        started = time.monotonic()
        with pytest.raises(Busy) as refused, store.open_write(db_url, stamp, wait_ms=50):
            pass
    assert "database is locked" not in str(refused.value)
    assert refused.value.hint == "--wait 60 waits longer"
    assert refused.value.code == 6
    assert 0.04 < time.monotonic() - started < 5


def test_a_read_goes_on_while_another_program_is_writing(db_url: str, stamp: Stamp) -> None:
    with store.open_write(db_url, stamp) as door:
        made.team(door)
        with store.open_read(db_url) as reader:
            assert reader.rows("SELECT count(*) FROM stage") == [(0,)]


def test_a_write_after_a_refused_one_finds_the_lock_free(db_url: str, stamp: Stamp) -> None:
    with pytest.raises(ZeroDivisionError), store.open_write(db_url, stamp):
        raise ZeroDivisionError
    with store.open_write(db_url, stamp, wait_ms=50) as door:
        made.team(door)


def sound(url: str) -> None:
    """The file is whole, nothing refers to nothing, the chain holds, and every deal is as whole as it was written."""
    with store.open_read(url) as door:
        assert door.rows("PRAGMA integrity_check") == [("ok",)]
        assert door.rows("PRAGMA foreign_key_check") == []
        assert journal.verify(door.stream(journal.SELECT)).fault is None
        deals = door.rows(
            "SELECT count(*), coalesce(sum(version - 1), 0), (SELECT count(*) FROM visit), "
            "(SELECT count(*) FROM journal WHERE noun = 'deal') FROM deal"
        )
    assert deals[0] == (deals[0][0], deals[0][0], 2 * deals[0][0], 2 * deals[0][0])


def cut_off(path: str) -> bool:
    """Whether the file was being changed already, so that the journal beside it has to be rolled back."""
    return Path(path + "-journal").read_bytes()[:8] == bytes.fromhex("d9d505f920a163d7")


def test_a_program_killed_in_the_middle_of_a_write_leaves_nothing_of_it(sqlite_url: str, stamp: Stamp) -> None:
    with store.open_write(sqlite_url, stamp) as door:
        made.team(door)
    with running("stop", sqlite_url):
        pass
    assert cut_off(sqlite_url)
    sound(sqlite_url)
    assert not Path(sqlite_url + "-journal").exists()
    with store.open_write(sqlite_url, stamp) as door:
        assert door.add(replace(made.DEAL, title="next")).id == 1


def test_a_program_killed_on_a_server_leaves_nothing_and_frees_the_lock(pg_url: str, stamp: Stamp) -> None:
    with store.open_write(pg_url, stamp) as door:
        made.team(door)
    with running("stop", pg_url):
        pass
    with store.open_write(pg_url, stamp) as door:
        assert door.find(Deal) == []
        assert door.add(made.DEAL).id == 1


def test_a_program_killed_at_any_moment_leaves_every_change_whole_or_absent(sqlite_url: str, stamp: Stamp) -> None:
    with store.open_write(sqlite_url, stamp) as door:
        made.team(door)
    for _ in range(6):
        with running("go on", sqlite_url):
            time.sleep(random.uniform(0, 0.15))
        sound(sqlite_url)
    with store.open_read(sqlite_url) as reader:
        assert reader.rows("SELECT count(*) > 0 FROM deal") == [(1,)]


def test_a_reader_recovers_what_a_killed_writer_left_without_losing_the_rest(sqlite_url: str, stamp: Stamp) -> None:
    with store.open_write(sqlite_url, stamp) as door:
        deal = made.deal(door)
    with running("stop", sqlite_url):
        pass
    assert cut_off(sqlite_url)
    with store.open_read(sqlite_url) as reader:
        assert reader.find(Deal) == [deal]
