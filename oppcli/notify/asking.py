"""Asking a program that answers on its standard output; killed with all its children when it takes too long."""

import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from time import monotonic

from oppcli.errors import Undelivered
from oppcli.model.said import say
from oppcli.notify.program import end, ended, first_line, started

LONGEST = 64 * 1024
"""Bytes of an answer."""


def ask(words: Sequence[str], given: bytes, seconds: float) -> bytes:
    """What it wrote before it ended with 0. Raises `Undelivered`, with the first line it said on stderr where it said
    no. The time covers handing over what is given: a program that reads nothing is killed, too."""
    name, until = Path(words[0]).name, monotonic() + seconds
    with tempfile.TemporaryFile() as errors:
        process = started(words, subprocess.PIPE, errors)
        answer: list[bytes] = []
        hands = (
            Thread(target=_give, args=(process, given), daemon=True),
            Thread(target=_take, args=(process, answer), daemon=True),
        )
        late = True
        try:
            for each in hands:
                each.start()
            hands[1].join(max(until - monotonic(), 0))
            if answer and len(answer[0]) > LONGEST:
                raise Undelivered(say("{name} answers with more than {n} KiB", name=name, n=LONGEST // 1024))
            if answer:
                process.wait(max(until - monotonic(), 0))
                late = False
        except subprocess.TimeoutExpired:
            pass
        finally:
            end(process)
            _let_go(process, hands)
        if late:
            raise Undelivered(say("{name} was not done within {seconds:g} s", name=name, seconds=seconds), down=True)
        if process.returncode:
            raise Undelivered(first_line(errors) or ended(name, process.returncode))
    return answer[0]


def _let_go(process: "subprocess.Popen[bytes]", hands: Sequence[Thread]) -> None:
    """Close what it wrote to, unless a program that it left behind still holds it."""
    for each in hands:
        each.join(0.5)
    if process.stdout and not hands[1].is_alive():
        process.stdout.close()


def _give(process: "subprocess.Popen[bytes]", given: bytes) -> None:
    with suppress(OSError, ValueError):
        if process.stdin:
            process.stdin.write(given)
            process.stdin.close()


def _take(process: "subprocess.Popen[bytes]", answer: list[bytes]) -> None:
    with suppress(OSError, ValueError):
        if process.stdout:
            answer.append(process.stdout.read(LONGEST + 1))
