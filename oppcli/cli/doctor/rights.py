"""Whether files of ours are for no more eyes than they have to be: the database and its copies, logs, sessions."""

import os
from collections.abc import Iterator
from glob import escape
from pathlib import Path

from oppcli.cli.context import Context
from oppcli.cli.doctor.finding import Finding, fail, ok
from oppcli.config.machine import sessions_folder, state_folder
from oppcli.model.said import say
from oppcli.store.locations import file_of, is_server
from oppcli.store.modes import OWN, SHARED, chmod


def examine(opp: Context) -> Iterator[Finding]:
    """One finding; nothing where the system knows no such rights."""
    if os.name != "posix":
        return
    wide = [each for each in (*_copies(opp), *_private()) if _mode(each[0]) & ~each[1]]
    if not wide:
        yield ok("modes", say("files are for who has to read them"))
        return
    (file, allowed), *others = wide
    named = {"file": file, "mode": f"{_mode(file):o}", "allowed": f"{allowed:o}", "n": len(others)}
    told = say("{file}: {mode}, and not {allowed}", **named)
    if others:
        told = say("{file}: {mode}, and not {allowed}; {n} more like it", **named)
    files = [file, *(other for other, most in others if most == allowed)]
    yield fail("modes", told, chmod(f"{allowed:o}", files))


def _mode(file: Path) -> int:
    return file.stat().st_mode & 0o777


def _copies(opp: Context) -> Iterator[tuple[Path, int]]:
    """The database and what lies beside it by its name, each with the rights it may have: a group's, where the database
    is shared with one, else the owner's alone."""
    file = Path("" if is_server(opp.db) else file_of(opp.db)).absolute()
    if is_server(opp.db) or not os.access(file, os.F_OK) or not file.is_file():
        return
    allowed = SHARED if _mode(file) & SHARED == SHARED else OWN
    yield file, allowed
    for copy in sorted(file.parent.glob(f"{escape(file.stem)}.*{escape(file.suffix)}")):
        if copy != file and copy.is_file():
            yield copy, allowed


def _private() -> Iterator[tuple[Path, int]]:
    """Logs of unexpected errors, and sessions."""
    for folder in dict.fromkeys((state_folder(os.environ), sessions_folder(os.environ))):
        if folder.is_dir():
            yield from ((file, OWN) for file in sorted(folder.rglob("*")) if file.is_file())
