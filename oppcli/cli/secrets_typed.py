"""What is asked hidden on a terminal, or stands in a file that is one's own alone."""

import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from oppcli.errors import PolicyError, UsageError
from oppcli.model.said import say

if TYPE_CHECKING:
    from oppcli.cli.surroundings import Surroundings

LONGEST = 4096
"""Bytes that are looked at for the first line."""
VARIABLE = "OPP_PIN_FILE"


def first_line(path: str, origin: str) -> str:
    """The first line of a file that belongs to this person and that nobody else may read or write. Refuses (8) any
    other."""
    try:
        opened = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise PolicyError(
            say("{origin}: {path} cannot be read: {reason}", origin=origin, path=path, reason=reason)
        ) from None
    with os.fdopen(opened, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise PolicyError(say("{origin}: {path} is no file", origin=origin, path=path))
        if hasattr(os, "getuid") and found.st_uid != os.getuid():
            raise PolicyError(say("{origin}: {path} is not your own file", origin=origin, path=path))
        if os.name == "posix" and found.st_mode & 0o077:
            raise PolicyError(
                say("{origin}: others have rights on {path}", origin=origin, path=path),
                hint=say("chmod 600 {name}", name=Path(path).name),
            )
        line = file.read(LONGEST).partition(b"\n")[0].removesuffix(b"\r")
    text = line.decode("utf-8", "surrogateescape")
    if not text:
        raise PolicyError(say("{origin}: the first line of {path} is empty", origin=origin, path=path))
    return text


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
