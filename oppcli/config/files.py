"""The two configuration files: the user's own, and the nearest .opp.toml of a folder; read whole or refused whole."""

import os
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oppcli.config.machine import machine_files, user_file
from oppcli.config.settings import SETTINGS, Setting, fits, what, wrong
from oppcli.model.command import command
from oppcli.model.said import Said, listed, of_system, say

if TYPE_CHECKING:
    from oppcli.toml.faults import Faults
    from oppcli.toml.shape import Holds, Shape, Table

FOLDER_FILE = ".opp.toml"
CHANNELS, ADAPTERS, HOOKS, MAILBOX = "notify", "adapter", "hook", "mail"
Files = list[tuple[Path, dict[str, Any]]]
"""Each file with its values under flat keys (`defaults.currency`), the nearest first."""


def read_files(environ: Mapping[str, str], cwd: Path | None) -> Files:
    """The folder's file, then the user's, as far as they exist."""
    folder, user = folder_file(cwd), user_file(environ)
    files = [(folder, "folder")] if folder else []
    if is_file(user):
        files.append((user, "user"))
    return [(path, read_file(path, kind)) for path, kind in files]


def is_file(path: Path) -> bool:
    """Whether there is such a file for this login; one in a folder that is closed to it is not there, as is one whose
    name no file can have."""
    return os.path.isfile(path)  # noqa: PTH113  that of pathlib raises


def folder_file(cwd: Path | None) -> Path | None:
    """The nearest .opp.toml, in this folder or above."""
    if cwd is None:
        return None
    there = (path for folder in (cwd, *cwd.parents) if is_file(path := folder / FOLDER_FILE))
    return next((path for path in there if trusted(path)), None)


def skipped(cwd: Path) -> list[Path]:
    """Files of folders that are passed over, because others may write them; up to the one that is read."""
    found = folder_file(cwd)
    there = [path for folder in (cwd, *cwd.parents) if is_file(path := folder / FOLDER_FILE)]
    return [path for path in there[: there.index(found) if found else None] if not trusted(path)]


def trusted(path: Path) -> bool:
    """Whether nobody else may write this file: who could might send what is typed here into a database of theirs. It is
    one's own or the system's, and writable for its owner alone; for a group where nobody else is in it."""
    if os.name != "posix":
        return True
    found = path.stat()
    if found.st_uid not in (0, os.geteuid()) or found.st_mode & 0o002:
        return False
    return not found.st_mode & 0o020 or _of_nobody_else(found.st_gid)


def _of_nobody_else(group: int) -> bool:
    """Whether a group is that of this login alone, as many systems make one for each."""
    import grp
    import pwd

    try:
        return pwd.getpwuid(os.geteuid()).pw_gid == group and not grp.getgrgid(group).gr_mem
    except KeyError:
        return False


def read_file(path: Path, kind: str) -> dict[str, Any]:
    """The values of one file, flat. Refuses it naming every key it may not hold and every value that is no good.

    The channels of the user's file (`[notify.NAME]`) are left to `oppcli.notify`, which reads them when it delivers,
    adapters and hooks (`[adapter.NAME]`, `[hook.NAME]`) to `oppcli.config.adapters`, `[mail]` to `.mailbox` there."""
    from oppcli.toml.faults import Faults
    from oppcli.toml.shape import sound

    text, tree = parsed(path)
    if kind == "user":
        for elsewhere in (CHANNELS, ADAPTERS, HOOKS, MAILBOX):
            tree.pop(elsewhere, None)
    faults = Faults(text)
    values = flat(sound(tree, _shape(kind), faults))
    _refuse(path, faults, "environment")
    return values


PATH_ONLY = say("the path of a file: an address is for your own configuration, for a folder might be anybody's")
"""What `db` of a folder's file is, in which somebody may have put the address of a server of their own."""


def fits_folder(known: Setting, value: Any) -> bool:
    """Whether a folder's file may say so: no address, at which anybody could wait for what is sent there."""
    if known.kind != "place" or not isinstance(value, str) or not ("://" in value or "=" in value):
        return True
    from oppcli.words.secrets import is_address

    return not is_address(value)


def _holds(each: Setting, kind: str) -> "Holds":
    """What a file of the user or a folder may hold of a setting."""
    from oppcli.toml.shape import Holds

    if kind == "folder" and each.kind == "place":
        return Holds(PATH_ONLY, lambda value: fits(each, value) and fits_folder(each, value), secret=True)
    among = tuple(each.kind.split("|")) if "|" in each.kind else ()
    return Holds(what(each), partial(fits, each), among)


def _shape(kind: str) -> "Table":
    """What a file of the user or a folder may hold."""
    from oppcli.toml.shape import Table

    keys: dict[str, Any] = {}
    for each in SETTINGS:
        table, _, name = each.key.rpartition(".")
        if kind in each.files.split():
            (keys.setdefault(table, {}) if table else keys)[name] = _holds(each, kind)
    instead = partial(_not_here, kind)
    return Table(
        {key: Table(found) if isinstance(found, dict) else found for key, found in keys.items()}, instead=instead
    )


def _not_here(kind: str, key: str) -> Said | None:
    """What to say of a setting that this file may not hold."""
    if kind == "folder" and any(each.key.partition(".")[0] == key and each.files for each in SETTINGS):
        return say("{key} is not for a folder's file, which may hold db, tz and defaults only", key=key)
    return None


def parsed(path: Path) -> tuple[str, dict[str, Any]]:
    """The text of a file and its tables. Refuses one that is not TOML."""
    from oppcli.toml.reading import NotToml, text_of
    from oppcli.toml.reading import parsed as read

    try:
        text = text_of(path)
        return text, read(text, quoting=False)  # a password may stand there
    except (NotToml, UnicodeDecodeError, OSError) as error:
        from oppcli.errors import PolicyError

        why: str = error.message if isinstance(error, NotToml) else of_system(error)
        if isinstance(error, UnicodeDecodeError):
            why = say("not UTF-8 at byte {byte}", byte=error.start)
        where = say("{file}:{line}", file=path, line=error.line) if isinstance(error, NotToml) and error.line else path
        raise PolicyError(say("{file} cannot be read: {why}", file=where, why=why)) from error


def objection(known: Setting, value: Any, kind: str) -> str | None:
    """Why this file may not say so; None when it may."""
    if not known.files:
        there = listed(each.key for each in SETTINGS if kind in each.files)
        return say("no such setting; there are {settings}", settings=there)
    if kind not in known.files.split():
        return say("not for a folder's file, which may hold db, tz and defaults only")
    if kind == "folder" and not fits_folder(known, value):
        return PATH_ONLY
    said = wrong(known, value)
    return said[0] if said else None


def flat(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """`{"date": {"order": "dmy"}}` is `{"date.order": "dmy"}`."""
    found: dict[str, Any] = {}
    for key, value in tree.items():
        if isinstance(value, dict):
            found.update(flat(value, f"{prefix}{key}."))
        else:
            found[prefix + key] = value
    return found


def told_in(environ: Mapping[str, str], word: str, shape: "Shape", page: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """What the table of this name says in each file of the machine and in one's own, what counts more first. Refused
    (8) with every mistake of a file, and the `page` of help that tells of it."""
    from oppcli.toml.faults import Faults
    from oppcli.toml.shape import sound

    for path in _own(environ):
        text, tree = parsed(path)
        faults = Faults(text)
        found = sound(tree.get(word, {}), shape, faults, (word,)) or {}
        _refuse(path, faults, page)
        yield path, found


def _refuse(path: Path, faults: "Faults", page: str) -> None:
    """Refuse a file with every mistake of it."""
    if faults.found:
        from oppcli.errors import PolicyError

        said = say("{file} cannot be used", file=path)
        raise PolicyError(said, reasons=faults.reasons(), hint=command("help", page))


def has_adapters(environ: Mapping[str, str]) -> bool:
    """Whether a file of the machine or of the user may have programs that are asked for facts."""
    return _has(environ, f"[{ADAPTERS}")


def has_mailbox(environ: Mapping[str, str]) -> bool:
    """Whether a file of the machine or of the user may say where mails come in."""
    return _has(environ, MAILBOX)


def _has(environ: Mapping[str, str], text: str) -> bool:
    return any(text in path.read_text("utf-8", "replace") for path in _own(environ))


def _own(environ: Mapping[str, str]) -> Iterator[Path]:
    """The files of the machine and one's own, as far as they exist."""
    return filter(is_file, (*machine_files(environ), user_file(environ)))
