"""Running a program with what it is told on its standard input; killed with all its children when it takes too long."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from oppcli.errors import Undelivered
from oppcli.model.said import Said, of_system, say
from oppcli.notify import faults

KEPT = 2_000
"""Bytes of what it says on stderr that are looked at."""


def run(words: Sequence[str], given: bytes, seconds: float) -> None:
    """Returns when the program ended with 0. Raises `Undelivered` with the first line it said on stderr."""
    code, text = outcome(words, given, seconds)
    if code:
        name = Path(words[0]).name
        raise Undelivered(say("{how}: {said}", how=ended(name, code), said=text) if text else ended(name, code))


def ended(name: str, code: int) -> Said:
    """`erp: exit 2`: how a program ended that did not say yes."""
    how = say("exit {returncode}", returncode=code) if code > 0 else say("signal {returncode}", returncode=-code)
    return say("{name}: {how}", name=name, how=how)


def outcome(words: Sequence[str], given: bytes, seconds: float) -> tuple[int, str]:
    """With what it ended, and the first line it said on stderr. Raises `Undelivered` where it cannot be started, or was
    not done in time."""
    name = Path(words[0]).name
    # A file, not a pipe: a child it leaves behind would hold a pipe open for ever.
    with tempfile.TemporaryFile() as errors:
        process = started(words, subprocess.DEVNULL, errors)
        try:
            process.communicate(given, timeout=seconds)
        except subprocess.TimeoutExpired:
            raise Undelivered(
                say("{name} was not done within {seconds:g} s", name=name, seconds=seconds), down=True
            ) from None
        finally:
            end(process)
        return process.returncode, first_line(errors)


def started(words: Sequence[str], out: int, errors: IO[bytes]) -> "subprocess.Popen[bytes]":
    """The program, waiting for what it is told. Raises `Undelivered` where it cannot be started."""
    try:
        return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=out, stderr=errors, start_new_session=True)
    except OSError as error:
        name, said = Path(words[0]).name, of_system(error)
        raise Undelivered(say("{name} cannot be started: {said}", name=name, said=said), down=True) from None


def first_line(errors: IO[bytes]) -> str:
    """The first line of what a program said on stderr, of bounded length; nothing where there is nothing to be read."""
    errors.seek(0)
    return faults.line(errors.read(KEPT).decode("utf-8", "replace").strip().partition("\n")[0])


def end(process: "subprocess.Popen[bytes]") -> None:
    """Kill what still runs of it and of its children, and wait for it: until it was waited for, nobody else has its
    number, even where it ended and left children."""
    if process.returncode is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            process.kill()
    if process.stdin:
        with suppress(BrokenPipeError):
            process.stdin.close()
    process.wait()
