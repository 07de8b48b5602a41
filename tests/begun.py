"""Databases that begin alike: made by the first test that wants one, copied for every other."""

import atexit
import copy
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from command_line import InProcess
from postgres import copied, instead

Made = TypeVar("Made")
MARK = "opp-begun-"


class Beginning(NamedTuple):
    """How a folder and a database stood when the first test began."""

    folder: Path
    env: dict[str, str]
    made: Any
    was: Path
    """The folder in which it was made."""
    server: str
    """The address of its server, {} for the name of a database; nothing for a file."""
    database: str
    """What is to be copied there."""


def begun(make: Callable[..., Made]) -> Callable[..., Made]:
    """For a fixture that types commands on `opp` and hands it on, or something that holds it: what they made is kept
    and copied, for typing them again takes most of the time of most tests. Where something in it names the folder in
    which it was made, they are typed again each time; a server is not looked into, which keeps the paths of attached
    files."""
    return _again(make, settle=False)


def settled(make: Callable[..., Made]) -> Callable[..., Made]:
    """Likewise for a world that names the folder in which it lies, in attached files or in its configuration: it is
    made in one of its own, and put back there for each test. Who has it types there, whatever `tmp_path` is."""
    return _again(make, settle=True)


def _again(make: Callable[..., Made], *, settle: bool) -> Callable[..., Made]:
    kept: dict[bool, Beginning | None] = {}

    @wraps(make)
    def again(**given: Any) -> Made:
        opp = next(each for each in given.values() if isinstance(each, InProcess))
        on_server = "://" in str(opp.env["OPP_DB"])
        if (beginning := kept.get(on_server)) is not None:
            if settle:
                shutil.rmtree(beginning.was, ignore_errors=True)
                _moved(opp, beginning.was)
            copied: Made = _copied(beginning, opp)
            return copied
        if settle:
            own = _folder()
            shutil.copytree(opp.folder, own, dirs_exist_ok=True)
            _moved(opp, own)
        made = make(**given)
        if on_server not in kept:
            kept[on_server] = _held(opp, made) if settle else _kept(opp, made)
        return made

    return again


def _moved(opp: InProcess, folder: Path) -> None:
    """From now on it types in this folder."""
    was = str(opp.folder)
    opp.env = {name: value.replace(was, str(folder)) for name, value in opp.env.items()}
    opp.folder, opp.db = folder, folder / opp.db.relative_to(was)


def _folder() -> Path:
    """A new one, which is gone when the worker ends; one that was killed leaves its folders to the next that begins."""
    _swept()
    folder = Path(tempfile.mkdtemp(prefix=f"{MARK}{os.getpid()}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _swept() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{MARK}*-*"):
        try:
            os.kill(int(folder.name.removeprefix(MARK).partition("-")[0]), 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except (ValueError, OSError):
            continue


def _kept(opp: InProcess, made: Any) -> Beginning | None:
    was = str(opp.folder).encode()
    if any(was in path.read_bytes() for path in opp.folder.rglob("*") if path.is_file()) or opp.db.parent != opp.folder:
        return None
    return _held(opp, made)


def _held(opp: InProcess, made: Any) -> Beginning:
    folder = _folder()
    shutil.copytree(opp.folder, folder, dirs_exist_ok=True, symlinks=True)
    server, database = "", ""
    if "://" in opp.env["OPP_DB"]:
        server, name = _parted(opp.env["OPP_DB"])
        database = copied(server, name)
    as_it_was = made if made is None or isinstance(made, InProcess) else copy.copy(made)
    return Beginning(folder, dict(opp.env), as_it_was, opp.folder, server, database)


def _copied(kept: Beginning, opp: InProcess) -> Any:
    """The same once more: in the folder of `opp`, and in its database."""
    shutil.copytree(kept.folder, opp.folder, dirs_exist_ok=True, symlinks=True)
    address = opp.env["OPP_DB"]
    opp.env = {name: value.replace(str(kept.was), str(opp.folder)) for name, value in kept.env.items()}
    if kept.server:
        opp.env["OPP_DB"] = kept.server.format(instead(kept.server, _parted(address)[1], kept.database))
    if kept.made is None or isinstance(kept.made, InProcess):
        return opp
    made = copy.copy(kept.made)
    for name, value in vars(made).items():
        if isinstance(value, InProcess):
            setattr(made, name, opp)
    return made


def _parted(address: str) -> tuple[str, str]:
    """The server, {} for the name of a database; and the name."""
    front, _, rest = address.rpartition("/") if "?" not in address else address.partition("?")[0].rpartition("/")
    name, query = rest, address[len(front) + 1 + len(rest) :]
    return f"{front}/{{}}{query}", name
