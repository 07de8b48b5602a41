"""The two configuration files: the user's own, and the nearest .opp.toml of a folder; read whole or refused whole."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oppcli.config.machine import user_file
from oppcli.config.settings import SETTINGS, Setting, fits, what, wrong
from oppcli.model.command import command
from oppcli.model.said import Said, listed, say

if TYPE_CHECKING:
    from oppcli.toml.shape import Table

FOLDER_FILE = ".opp.toml"
CHANNELS = "notify"
Files = list[tuple[Path, dict[str, Any]]]
"""Each file with its values under flat keys (`defaults.currency`), the nearest first."""


def read_files(environ: Mapping[str, str], cwd: Path | None) -> Files:
    """The folder's file, then the user's, as far as they exist."""
    folder, user = folder_file(cwd), user_file(environ)
    files = [(folder, "folder")] if folder else []
    if user.is_file():
        files.append((user, "user"))
    return [(path, read_file(path, kind)) for path, kind in files]


def folder_file(cwd: Path | None) -> Path | None:
    """The nearest .opp.toml, in this folder or above."""
    if cwd is None:
        return None
    return next((path for folder in (cwd, *cwd.parents) if (path := folder / FOLDER_FILE).is_file()), None)


def read_file(path: Path, kind: str) -> dict[str, Any]:
    """The values of one file, flat. Refuses it naming every key it may not hold and every value that is no good.

    The channels of the user's file (`[notify.NAME]`) are left to `oppcli.notify`, which reads them when it delivers."""
    from oppcli.toml.faults import Faults
    from oppcli.toml.shape import sound

    text, tree = parsed(path)
    if kind == "user":
        tree.pop(CHANNELS, None)
    faults = Faults(text)
    values = flat(sound(tree, _shape(kind), faults))
    if faults.found:
        from oppcli.errors import PolicyError

        said = say("{file} cannot be used", file=path)
        raise PolicyError(said, reasons=faults.reasons(), hint=command("help", "environment"))
    return values


def _shape(kind: str) -> "Table":
    """What a file of the user or a folder may hold."""
    from oppcli.toml.shape import Holds, Table

    keys: dict[str, Any] = {}
    for each in SETTINGS:
        table, _, name = each.key.rpartition(".")
        if kind in each.files.split():
            among = tuple(each.kind.split("|")) if "|" in each.kind else ()
            (keys.setdefault(table, {}) if table else keys)[name] = Holds(what(each), partial(fits, each), among)
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
        return text, read(text)
    except (NotToml, UnicodeDecodeError, OSError) as error:
        from oppcli.errors import PolicyError

        why = (getattr(error, "strerror", None) or str(error)).lower()
        where = say("{file}:{line}", file=path, line=error.line) if isinstance(error, NotToml) and error.line else path
        raise PolicyError(say("{file} cannot be read: {why}", file=where, why=why)) from error


def objection(known: Setting, value: Any, kind: str) -> str | None:
    """Why this file may not say so; None when it may."""
    if not known.files:
        there = listed(each.key for each in SETTINGS if kind in each.files)
        return say("no such setting; there are {settings}", settings=there)
    if kind not in known.files.split():
        return say("not for a folder's file, which may hold db, tz and defaults only")
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
