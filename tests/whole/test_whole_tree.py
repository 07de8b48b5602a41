"""Whatever a team types, and in whatever order: what has to hold holds after every command, on a file and on a server.

People, policies, clocks and lines are drawn by a seed, and what breaks is printed as a script that can be pasted. With
`OPP_WHOLE=300` other seeds are played for 300 seconds."""

import os
import random
import subprocess
import sys
import time
from itertools import count

import pytest
from lines_drawn import LEFT_OUT, commands, drawable, path_of
from played import play, script, shorter
from words_drawn import CHOICES, choices

LONG = float(os.environ.get("OPP_WHOLE", "0"))
LINES = 200
"""How many a long play types before it begins anew."""


def told(seed: str, lines: int, server: str | None = None) -> str:
    """What broke, and the script that breaks it; nothing where all holds."""
    typed, broken = play(seed, lines, server)
    if broken is None:
        return ""
    fewer = shorter(seed, typed, broken.rule, server)
    return f"seed {seed}: {broken}\n\n{script(seed, fewer)}"


def told_afresh(*given: str) -> str:
    """The same by a program of its own: what a program has printed before is not made again, nor then drawn."""
    ran = subprocess.run(
        [sys.executable, __file__, *given],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.stdout + ran.stderr


@pytest.mark.parametrize("seed", ["a", "n8"])
def test_whatever_is_typed_holds(seed: str) -> None:
    assert told_afresh(seed, "80") == ""


def test_a_file_and_a_server_answer_alike_whatever_is_typed(pg_server: str) -> None:
    assert told_afresh("c", "50", pg_server) == ""


@pytest.mark.skipif(not LONG, reason="OPP_WHOLE says for how many seconds")
@pytest.mark.parametrize("engine", ["file", "both"])
def test_whatever_is_typed_holds_for_long(engine: str, request: pytest.FixtureRequest) -> None:
    end, start = time.monotonic() + LONG / 2, random.randrange(10**9)
    server = str(request.getfixturevalue("pg_server")) if engine == "both" else None
    found = ""
    for number in count(start):
        if found or time.monotonic() > end:
            break
        found = told(str(number), LINES, server)
    assert found == ""


def test_every_verb_is_known() -> None:
    """A new command, or a new flag of one, has to be told here what it may be given."""
    unknown = [
        (path, name)
        for path, command in commands().items()
        if path not in LEFT_OUT
        for kind, name, _ in drawable(command)
        if kind != "flag" and choices(kind, path, name.lstrip("-")) is None
    ]
    assert unknown == []
    assert set(LEFT_OUT) - set(commands()) == set()


def test_nothing_is_told_of_what_is_not_there() -> None:
    """Each entry of the table is of a parameter that some command has."""
    there = {
        (kind, path, name.lstrip("-")) for path, command in commands().items() for kind, name, _ in drawable(command)
    }
    names = {(kind, name) for kind, _, name in there}
    stale = [
        (kind, entry)
        for kind, table in CHOICES.items()
        for entry in table
        if (kind, entry) not in names and (kind, *entry.rsplit(" ", 1)) not in there
    ]
    assert stale == []
    assert path_of(("ls",)) == "deal list"


if __name__ == "__main__":
    sys.stdout.write(told(sys.argv[1], int(sys.argv[2]), *sys.argv[3:]))
