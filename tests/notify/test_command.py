"""Commands of the team's own: JSON on standard input, exit 0 means delivered."""

import json
import os
import time
from pathlib import Path

import pytest
from letters import LETTER, channel

from oppcli.errors import Undelivered


def script(folder: Path, text: str) -> str:
    path = folder / "tell"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_a_command_gets_the_letter_as_json_and_its_words_without_a_shell(tmp_path: Path) -> None:
    program = script(tmp_path, f'cat > {tmp_path}/got; printf "%s" "$1" > {tmp_path}/word; echo noise')
    channel(kind="command", command=[program, "$(date); *"]).send(LETTER)
    got = json.loads((tmp_path / "got").read_text("utf-8"))
    assert (got["id"], got["to"]["name"]) == (LETTER.key, "王芳")
    assert got["text"] == LETTER.text
    assert (tmp_path / "word").read_text() == "$(date); *"


@pytest.mark.parametrize(
    ("text", "said", "down"),
    [
        ("exit 3", "tell: exit 3", False),
        ("echo 'no 手机 here' >&2; echo more >&2; exit 1", "tell: exit 1: no 手机 here", False),
        ("kill -9 $$", "tell: signal 9", False),
        ("sleep 30", "tell was not done within 0.4 s", True),
        ("sleep 30 & wait", "tell was not done within 0.4 s", True),
    ],
)
def test_a_command_that_fails_is_reported_in_bounded_time(tmp_path: Path, text: str, said: str, down: bool) -> None:
    begun = time.monotonic()
    with pytest.raises(Undelivered) as raised:
        channel(kind="command", command=[script(tmp_path, text)], timeout=0.4 if down else 5).send(LETTER)
    assert (raised.value.message, raised.value.down) == (said, down)
    assert time.monotonic() - begun < 3


def test_a_command_that_hangs_is_killed_with_its_children(tmp_path: Path) -> None:
    program = script(tmp_path, f"sleep 30 & echo $! > {tmp_path}/child; wait")
    with pytest.raises(Undelivered):
        channel(kind="command", command=[program], timeout=0.4).send(LETTER)
    child = int((tmp_path / "child").read_text())
    ended = time.monotonic() + 5
    while runs(child) and time.monotonic() < ended:
        time.sleep(0.01)
    assert not runs(child)


def runs(process: int) -> bool:
    """Whether it does anything still; one that is dead and not yet buried does not."""
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_a_command_that_reads_nothing_is_no_fault(tmp_path: Path) -> None:
    letter = LETTER._replace(text="x" * 1_000_000)
    channel(kind="command", command=[script(tmp_path, "exit 0")]).send(letter)


def test_a_command_that_leaves_something_running_does_not_hold_us_up(tmp_path: Path) -> None:
    begun = time.monotonic()
    channel(kind="command", command=[script(tmp_path, "sleep 2 & exit 0")]).send(LETTER)
    assert time.monotonic() - begun < 1.5


def test_a_command_that_is_not_there_is_said_so() -> None:
    wanted = channel(kind="command", command=["/nowhere/tell"])
    with pytest.raises(Undelivered, match=r"^tell cannot be started: no such file or directory$") as raised:
        wanted.send(LETTER)
    assert raised.value.down
    assert wanted.carrier.lacks() == "there is no program /nowhere/tell"
