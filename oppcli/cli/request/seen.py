"""Which revision of a request somebody was shown last on this machine: what their yes on a terminal is about."""

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from oppcli.config.machine import put_own, state_folder
from oppcli.model.digest import sha256
from oppcli.store import knowing

if TYPE_CHECKING:
    from oppcli.cli.context import Context
    from oppcli.store.doors import ReadDoor

MOST = 500
"""So many requests are remembered for a person and a database, the last shown."""


def note(opp: "Context", door: "ReadDoor", request: int, revision: int) -> None:
    """Remember it; where the folder cannot be written nothing is remembered."""
    path = _file(opp, door)
    kept = {number: seen for number, seen in _read(path).items() if number != request} | {request: revision}
    lines = [f"{number} {seen}" for number, seen in list(kept.items())[-MOST:]]
    with suppress(OSError):
        put_own(path, "\n".join([*lines, ""]))


def last(opp: "Context", door: "ReadDoor", request: int) -> int | None:
    """The revision they were shown last; None where nobody knows."""
    return _read(_file(opp, door)).get(request)


def _file(opp: "Context", door: "ReadDoor") -> Path:
    name = sha256(f"{knowing.database_id(door)}\n{opp.actor}".encode())[:32]
    return state_folder(os.environ) / "seen" / name


def _read(path: Path) -> dict[int, int]:
    try:
        pairs = [line.split(" ") for line in path.read_text("utf-8").split("\n") if line.count(" ") == 1]
        return {int(one): int(two) for one, two in pairs}
    except (OSError, ValueError):
        return {}
