"""Who may read a file of ours: its owner, and the people of a group where that is asked for."""

import os
from collections.abc import Sequence
from pathlib import Path

from oppcli.errors import StoreError, UsageError
from oppcli.model.command import quoted
from oppcli.model.said import listed, say

OWN, SHARED, FOLDER = 0o600, 0o660, 0o2770
"""For the owner alone; for a group as well; a folder in which a group makes files of its own."""
_OPEN = 0o300
"""What the owner of a folder needs to make a file in it."""


def narrow(file: Path | int, url: str, rights: int = 0o666) -> None:
    """Give a file that was just made these rights, and no more than who may read the database has: the database's
    group, or none where that cannot be given; that of a server is for its maker alone. Raises OSError."""
    from oppcli.store.locations import file_of, is_server

    known = None if is_server(url) else Path(file_of(url))
    of_it = known.stat() if known is not None and known.exists() else None
    rights &= of_it.st_mode if of_it else OWN
    if of_it and rights & 0o060 and os.stat(file).st_gid != of_it.st_gid:  # noqa: PTH116  it may be a number
        try:
            os.chown(file, -1, of_it.st_gid)
        except OSError:
            rights &= ~0o060
    os.chmod(file, rights)  # noqa: PTH101


def unopened(path: str, message: str) -> StoreError:
    """What to say of a database that cannot be opened: where this login of the machine may not read it whose it is, or
    whose the folder is that keeps it shut; else the driver's `message`."""
    file = Path(path).absolute()
    if os.access(file, os.R_OK):
        return StoreError(say("{path} cannot be opened: {message}", path=path, message=message))
    shut = next((each for each in reversed(file.parents) if not os.access(each, os.X_OK)), file)
    if not (owner := _owner(shut)):
        return StoreError(say("{path} may not be read by you", path=path))
    told = say("{path} may not be read by you: it is {owner}'s", path=path, owner=owner)
    if shut != file:
        told = say("{path} may not be read by you: the folder {place} is {owner}'s", path=path, place=shut, owner=owner)
    return StoreError(told, hint=_let_in(owner))


def unwritten(path: str) -> StoreError:
    """What to say of a database that can be read only: whose it is, or its folder, where that is somebody else."""
    file = Path(path).absolute()
    shut = next((each for each in (file, file.parent) if not os.access(each, os.W_OK)), file)
    owner = None if _is_mine(shut) else _owner(shut)
    if not owner:
        told = say("{path} cannot be written: the file or its folder is read-only", path=path)
        return StoreError(told, hint=None if shut.stat().st_mode & 0o200 else chmod("u+w", [shut]))
    told = say("{path} may not be written by you: it is {owner}'s", path=path, owner=owner)
    if shut != file:
        told = say(
            "{path} may not be written by you: the folder {place} is {owner}'s", path=path, place=shut, owner=owner
        )
    return StoreError(told, hint=_let_in(owner))


def unmade(path: str, reason: str) -> StoreError:
    """What to say of a database that cannot be made: whose the folder is that nobody else may write to, or what lets
    its owner; else the system's `reason`."""
    folders = [each for each in Path(path).absolute().parents if os.path.isdir(each)]  # noqa: PTH112 - a Path raises where one is shut
    folder = next((each for each in reversed(folders) if not os.access(each, os.X_OK)), folders[0])
    may = _is_mine(folder) and folder.stat().st_mode & _OPEN == _OPEN
    if may or os.access(folder, os.W_OK | os.X_OK):
        return StoreError(say("{path} cannot be made: {error}", path=path, error=reason))
    owner = None if _is_mine(folder) else _owner(folder)
    if not owner:
        told = say("{path} cannot be made: the folder {place} is read-only", path=path, place=folder)
        return StoreError(told, hint=chmod("u+wx", [folder]))
    told = say("{path} cannot be made: the folder {place} is {owner}'s", path=path, place=folder, owner=owner)
    return StoreError(told, hint=_let_in(owner))


def chmod(mode: str, files: Sequence[Path]) -> str:
    """The command that gives files other rights; where that is for others to type, it says for whom."""
    line = f"chmod {mode} {' '.join(quoted(str(file)) for file in files)}"
    if not hasattr(os, "geteuid") or os.geteuid() == 0:
        return line
    owners = dict.fromkeys(owner for file in files if not _is_mine(file) and (owner := _owner(file)))
    return say("{owner} can do it: {line}", owner=listed(owners), line=line) if owners else line


def _owner(file: Path) -> str | None:
    """The login whose it is, where the machine knows one."""
    try:
        return file.owner()
    except (OSError, KeyError, NotImplementedError):
        return None


def _is_mine(file: Path) -> bool:
    return not hasattr(os, "geteuid") or file.stat().st_uid == os.geteuid()


def _let_in(owner: str) -> str:
    return say("{owner} can let you in; --db names another database", owner=owner)


def group_id(name: str) -> int:
    """The number of a group of this machine. Refused for one that there is not."""
    try:
        import grp

        return grp.getgrnam(name).gr_gid
    except (ImportError, KeyError):
        raise UsageError(say("there is no group {name} on this machine", name=name)) from None


def make(file: Path, group: str | None) -> None:
    """An empty file with the rights of a new database. Folders on the way are made; the last one, where it is new and a
    group is named, is the group's, for SQLite makes its journal there. Raises OSError; refused for a group that this
    person is not of."""
    number = None if group is None else group_id(group)
    fresh = not file.parent.exists()
    file.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, OWN))
    if number is None:
        file.chmod(OWN)
        return
    try:
        os.chown(file, -1, number)
        if fresh:
            os.chown(file.parent, -1, number)
            file.parent.chmod(FOLDER)
    except PermissionError:
        file.unlink()
        raise StoreError(
            say("you are not of the group {group}, and cannot share a file with it", group=group)
        ) from None
    file.chmod(SHARED)
