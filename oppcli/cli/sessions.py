"""A terminal's session: a file of one's own that is worth something only here, with the entry that began it.

The file holds login, seq of the entry `login` and a random token; the entry holds the SHA-256 over token, database id,
terminal, session leader and uid. Copied to another place or made by hand it matches no entry. Its mtime is its last
use. Times are those of the machine, whatever a trial database pretends.
"""

import json
import os
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING

from oppcli.config.machine import SESSION, sessions_folder
from oppcli.errors import OppError
from oppcli.model.digest import sha256
from oppcli.rules import identity
from oppcli.store import knowing, open_read
from oppcli.store.locations import file_of, is_server, shown
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from oppcli.cli.surroundings import Surroundings
    from oppcli.store.doors import ReadDoor

LONGEST = 1_000
"""Bytes of a session's file."""
VOIDING = ("pin", "code", "deactivate", "lock")
"""Entries of a person after which no session of before holds; `lock` ends the one it names."""


class Session(NamedTuple):
    """A session that holds."""

    login: str
    seq: int
    ends_at: int
    """Milliseconds; sooner where it is used once more and lies idle then, later never than 12 hours after it began."""


class Place(NamedTuple):
    """What a session is bound to on this machine."""

    terminal: str
    leader: str
    uid: str


def place() -> Place | None:
    """Where this process is; None without a terminal."""
    for number in (0, 2, 1):
        try:
            return Place(os.ttyname(number), _leader(), str(os.environ.get("SUDO_UID") or os.getuid()))
        except (OSError, AttributeError):
            continue
    return None


def _leader() -> str:
    """The session leader and, where the system tells it, when it began: numbers of processes are given again."""
    leader = os.getsid(0)
    try:
        began = Path(f"/proc/{leader}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        began = ""
    return f"{leader}:{began}"


def file_at(db: str, here: Place) -> Path:
    """The session's file for this database, terminal and leader."""
    where = shown(db) if is_server(db) else str(Path(file_of(db)).resolve())
    name = sha256("\n".join([where, *here]).encode())[:32]
    return sessions_folder(os.environ) / f"{SESSION}{name}"


def held(opp: "Surroundings") -> Session | None:
    """This terminal's session, used once more; None where there is none that holds."""
    here = place()
    path = file_at(opp.db, here) if here else None
    if here is None or path is None or (found := _read(path)) is None:
        return None
    (login, seq, token), used_at = found
    try:
        with open_read(opp.db) as door:
            ends_at = _holds(door, login, seq, sealed(door, token, here), used_at)
    except OppError:
        return None
    if ends_at is None:
        return None
    os.utime(path)
    return Session(login, seq, ends_at)


def _read(path: Path) -> tuple[tuple[str, int, str], int] | None:
    """(login, seq, token) of a file that is one's own alone, and its last use in milliseconds."""
    try:
        opened = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return None
    with os.fdopen(opened, "rb") as file:
        known = os.fstat(file.fileno())
        if not stat.S_ISREG(known.st_mode) or known.st_uid != os.geteuid() or known.st_mode & 0o077:
            return None
        lines = file.read(LONGEST).decode("utf-8", "replace").splitlines()
    if len(lines) != 3 or not lines[1].isdecimal():
        return None
    return (lines[0], int(lines[1]), lines[2]), known.st_mtime_ns // 1_000_000


def sealed(door: "ReadDoor", token: str, here: Place) -> str:
    """What the entry keeps of a token in this place."""
    return sha256("\n".join([token, knowing.database_id(door), *here]).encode())


def _holds(door: "ReadDoor", login: str, seq: int, digest: str, used_at: int) -> int | None:
    """When the session ends at the latest; None where it does not hold."""
    rows = knowing.trail(door, login, seq)
    if not rows or rows[0][:2] != (seq, "login") or not rows[0][3]:
        return None
    began, *later = [(action, json.loads(meta)) for _, action, meta, _ in rows]
    voided = any(act in VOIDING and (act != "lock" or meta.get("session") == seq) for act, meta in later)
    if voided or began[1].get("session") != digest:
        return None
    now, idle_ms = time.time_ns() // 1_000_000, identity.read(knowing.scope(door)).idle_ms
    last = int(began[1]["wall"]) + identity.LONGEST_MS
    if not used_at <= now + identity.IDLE_MS or now >= min(used_at + idle_ms, last):
        return None
    return min(now + idle_ms, last)


def keep(db: str, here: Place, login: str, seq: int, token: str) -> None:
    """Write the session's file, in place of the one before."""
    path = file_at(db, here)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "w", encoding="utf-8") as file:
        file.write(f"{login}\n{seq}\n{token}\n")


def forget(db: str, here: Place) -> bool:
    """Take the session's file away; whether there was one."""
    path = file_at(db, here)
    there = path.exists()
    path.unlink(missing_ok=True)
    return there
