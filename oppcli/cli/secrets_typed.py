"""What is asked hidden on a terminal, or stands in a file that is one's own alone."""

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from oppcli.errors import PolicyError, UsageError
from oppcli.model.said import of_system, say

if TYPE_CHECKING:
    from oppcli.cli.surroundings import Surroundings

LONGEST = 4096
"""Bytes that are looked at."""
SHORTEST_KEY = 16
VARIABLE = "OPP_PIN_FILE"


def first_line(path: str, origin: str) -> str:
    """The first line of a file that is one's own alone. Refuses (8) any other."""
    line = _content(path, origin).partition(b"\n")[0].removesuffix(b"\r")
    text = line.decode("utf-8", "surrogateescape")
    if not text:
        raise PolicyError(say("{origin}: the first line of {path} is empty", origin=origin, path=path))
    return text


def key_in(opp: "Surroundings", path: str, origin: str) -> bytes:
    """The key in a file that is one's own alone, without its line end; a missing file is made with a new one. Refuses
    (8) any other, and a key under 16 bytes."""
    if _made(path):
        opp.say(say("a new key is in {path}: the same key gives the same pseudonyms", path=path))
    key = _content(path, origin).removesuffix(b"\n").removesuffix(b"\r")
    if len(key) < SHORTEST_KEY:
        told = say("{origin}: the key in {path} has fewer than {n} bytes", origin=origin, path=path, n=SHORTEST_KEY)
        raise PolicyError(told)
    return key


def _made(path: str) -> bool:
    """Whether a new key is there now, whole: not where there is a file, or none can be made, which reading it says."""
    if os.path.lexists(path):
        return False
    spare = f"{path}.{os.urandom(6).hex()}.new"
    try:
        with os.fdopen(os.open(spare, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{os.urandom(32).hex()}\n")
        os.link(spare, path)
    except OSError:
        return False
    finally:
        with suppress(OSError):
            os.unlink(spare)  # noqa: PTH108 - as it was typed
    return True


def _content(path: str, origin: str) -> bytes:
    """What is in a file that belongs to this person and that nobody else may read or write. Refuses (8) any other."""
    try:
        opened = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        try:
            _require_own(os.fstat(opened), path, origin)
            return os.read(opened, LONGEST)
        finally:
            os.close(opened)
    except OSError as error:
        reason = of_system(error)
        raise PolicyError(
            say("{origin}: {path} cannot be read: {reason}", origin=origin, path=path, reason=reason)
        ) from None


def _require_own(found: os.stat_result, path: str, origin: str) -> None:
    """Refuse what is no file, another person's, or open to others."""
    if not stat.S_ISREG(found.st_mode):
        raise PolicyError(say("{origin}: {path} is no file", origin=origin, path=path))
    if hasattr(os, "getuid") and found.st_uid != os.getuid():
        raise PolicyError(say("{origin}: {path} is not your own file", origin=origin, path=path))
    if os.name == "posix" and found.st_mode & 0o077:
        told = say("{origin}: others have rights on {path}", origin=origin, path=path)
        raise PolicyError(told, hint=say("chmod 600 {name}", name=Path(path).name))


def asked(opp: "Surroundings", what: str) -> str:
    """What `OPP_PIN_FILE` holds, else what is typed for `what` without being shown. Refused (2) where there is neither
    a file nor a terminal."""
    if opp.settings.pin_file:
        return first_line(opp.settings.pin_file, VARIABLE)
    return typed(opp, what)


def typed(opp: "Surroundings", what: str) -> str:
    """What is typed. Refused (2) where nobody can be asked. The prompt names the database."""
    if not opp.interactive:
        raise UsageError(
            say("{what} is needed, and there is no terminal to ask for it", what=what),
            hint=say("{variable} names a file of your own that holds it", variable=VARIABLE),
        )
    from getpass import getpass

    from oppcli.store.locations import shown

    prompt = opp.spoken(say("{what} for {db}: ", what=what, db=shown(opp.db)))
    try:
        return getpass(prompt, stream=sys.stderr)
    except EOFError:
        raise UsageError(say("{what} is needed", what=what)) from None
