"""A file of anchors that lies where the owner of the database has no hand: a line `SEQ:HASH TIME` for each."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.digest import SHORTEST
from oppcli.model.said import of_system, say

LONGEST_LINE = 1_000
Noted = tuple[int, str]
"""The number of an entry, and the beginning of its hash."""


def anchor(text: str) -> Noted:
    """The anchor of `311:9f86d081884c7d65`, or more digits, up to 64. Refused for any other text."""
    found = re.fullmatch(rf"e?([0-9]+):([0-9a-f]{{{SHORTEST},64}})", text.strip().lower(), re.ASCII)
    if found is None or not int(found[1]):
        hint = say("one is SEQ:HASH, as printed by: {anchor}", anchor=command("audit", "anchor"))
        raise UsageError(say("{text!r} is no anchor", text=text), hint=hint)
    return int(found[1]), found[2]


def anchors(file: Path) -> tuple[Noted, ...]:
    """All anchors of a file, in order. Refused for one that is not there, that has none, and a line that is none."""
    found = _lines(file)
    if not found:
        raise UsageError(say("{file} holds no anchor", file=file), hint=_APPEND)
    return found


def append(file: Path, line: str) -> None:
    """Write a line at the end of the file, which is made for its owner alone, and see that it is on the disk. Refused
    where it cannot be written."""
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w", encoding="ascii") as opened:
            opened.write(f"{line}\n")
            opened.flush()
            os.fsync(opened.fileno())
    except OSError as error:
        raise UsageError(_cannot(file, error)) from None


def last(file: Path) -> Sequence[Noted]:
    """The last anchor of a file, in a list; none where there is no file yet, or nothing in it."""
    return _lines(file)[-1:] if file.exists() else ()


_APPEND = command("audit", "anchor", "--append", "FILE", ready=False)


def _lines(file: Path) -> tuple[Noted, ...]:
    try:
        with file.open("r", encoding="utf-8", errors="replace") as opened:
            lines = enumerate(iter(lambda: opened.readline(LONGEST_LINE), ""), 1)
            return tuple(_line(file, number, text) for number, text in lines if text.strip())
    except OSError as error:
        raise UsageError(_cannot(file, error), hint=_APPEND) from None


def _line(file: Path, number: int, text: str) -> Noted:
    try:
        return anchor(text.split(maxsplit=1)[0])
    except UsageError:
        raise UsageError(
            say("{file}:{line}: {text!r} is no anchor", file=file, line=number, text=text.strip()[:80])
        ) from None


def _cannot(file: Path, error: OSError) -> str:
    return say("{file}: {why}", file=file, why=of_system(error))
