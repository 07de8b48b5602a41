"""Asking a program: what it answers, what is refused, and that nothing of it is left behind."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from oppcli.errors import Undelivered
from oppcli.notify.asking import LONGEST, ask

SOON = 0.5


def program(folder: Path, text: str) -> list[str]:
    """A shell script to be asked."""
    file = folder / "asked.sh"
    file.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    file.chmod(0o755)
    return [str(file)]


def runs(pid: int) -> bool:
    """Whether a process is still there, looked at until it is not."""
    until = time.monotonic() + 5
    with suppress(ProcessLookupError):
        while time.monotonic() < until:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z":
                return False
            time.sleep(0.02)
        os.kill(pid, signal.SIGKILL)
        return True
    return False


def test_what_it_wrote_is_the_answer(tmp_path: Path) -> None:
    assert ask(program(tmp_path, "cat"), b"asked", 5) == b"asked"


def test_what_it_says_with_its_no_is_why(tmp_path: Path) -> None:
    with pytest.raises(Undelivered, match=r"^down$"):
        ask(program(tmp_path, "echo down >&2; echo more >&2; exit 3"), b"", 5)


def test_what_it_says_is_one_short_line_to_be_read(tmp_path: Path) -> None:
    said = []
    for text in ("head -c 100000 /dev/zero | tr '\\0' x", "printf '\\033[31mno\\007\\n'", "head -c 9000 /dev/zero"):
        with pytest.raises(Undelivered) as caught:
            ask(program(tmp_path, f"{{ {text}; }} >&2; exit 3"), b"", 5)
        said.append(str(caught.value.message))
    assert said == [f"{'x' * 199}…", "[31mno", "asked.sh: exit 3"]


def test_a_program_that_reads_nothing_of_much_is_killed_in_time(tmp_path: Path) -> None:
    begun = time.monotonic()
    with pytest.raises(Undelivered, match="was not done within"):
        ask(program(tmp_path, "sleep 60"), b"x" * 1_000_000, SOON)
    assert time.monotonic() - begun < 5


def test_more_than_an_answer_may_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Undelivered, match="64 KiB"):
        ask(program(tmp_path, "yes"), b"", 5)
    assert len(ask(program(tmp_path, f"head -c {LONGEST} /dev/zero"), b"", 5)) == LONGEST


@pytest.mark.parametrize("then", ["wait", "exit 0"], ids=["that waits for it", "that is gone itself"])
def test_a_child_of_a_program_that_takes_too_long_is_killed_with_it(tmp_path: Path, then: str) -> None:
    kept = tmp_path / "child"
    with pytest.raises(Undelivered, match="was not done within"):
        ask(program(tmp_path, f"sleep 60 & echo $! > {kept}; {then}"), b"", SOON)
    assert not runs(int(kept.read_text(encoding="utf-8")))
