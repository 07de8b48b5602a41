"""What a command runs with: flags > environment > nearest .opp.toml > user file > default. Nothing else reads them.

A folder's .opp.toml may only say where data is and what new leads start with: it can neither run anything nor change
what a command prints.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from oppcli.config.files import Files, read_files
from oppcli.config.machine import at_home, default_database, login, login_at, system_zone
from oppcli.config.settings import SETTINGS, Setting, Settings, known_language, seconds, setting, truth, wrong
from oppcli.model.said import say, told

Found = tuple[Any, str]
"""A value as it was written, and its origin."""


def resolve(
    flags: Mapping[str, Any], environ: Mapping[str, str], cwd: Path | None = None, *, files: Files | None = None
) -> Settings:
    """The settings in force. `flags` has the fields of `Settings` as typed; None, False and "" mean not given; `files`
    stands in for those of this folder and user.

    Refuses (`PolicyError`) a file that is not TOML or holds what it may not, and (`UsageError`) a flag or variable
    whose value cannot be read.
    """
    files = read_files(environ, cwd or _here()) if files is None else files
    found = {setting.key: find(setting, flags, environ, files) for setting in SETTINGS}
    chosen = {setting.field: _value(setting, found[setting.key], environ) for setting in SETTINGS}
    here = login_at(chosen["db"], environ)
    if found["user"][0] is None:
        chosen["actor"] = here
    defaults = {field[9:]: chosen.pop(field) for field in list(chosen) if field.startswith("defaults.")}
    return Settings(
        **chosen | {"now": _now(found["now"], chosen["tz"])},
        defaults={name: value for name, value in defaults.items() if value},
        os_user=here,
        origins={key: origin for key, (_, origin) in found.items()},
    )


def at_hand(flags: Mapping[str, Any], environ: Mapping[str, str]) -> tuple[str, str]:
    """Only where the database is, and who asks: for completion, which has no time to look at anything else."""
    files = read_files(environ, _here())
    wanted = (SETTINGS[0], next(setting for setting in SETTINGS if setting.field == "actor"))
    place, person = (find(setting, flags, environ, files) for setting in wanted)
    db = str(_value(wanted[0], place, environ))
    return db, login_at(db, environ) if person[0] is None else str(_value(wanted[1], person, environ))


def language_at_hand(flags: Mapping[str, Any], environ: Mapping[str, str]) -> str:
    """The language that is asked for, where the settings as a whole are refused, which has to be told in one; empty
    where none is, or none that there is."""
    known = setting("lang")
    try:
        files = read_files(environ, _here())
    except Exception as refused:
        from oppcli.errors import OppError  # completion has no time for it where nothing is refused

        if not isinstance(refused, OppError):
            raise
        files = []
    found = known and find(known, flags, environ, files)[0]
    return known_language(found) or ""


def find(setting: Setting, flags: Mapping[str, Any], environ: Mapping[str, str], files: Files) -> Found:
    """The first of flag, variables, folder's file, user's file; else (None, "default")."""
    given = flags.get(setting.field)
    if given is not None and given is not False and given != "":
        return given, setting.flag
    for name in setting.env.split():
        if environ.get(name):
            return _meaning(name, environ[name]), name
    for path, values in files:
        if setting.key in values:
            value = values[setting.key]
            # A path in a file is relative to the file, whatever the folder the command was typed in.
            relative = setting.kind == "place" and "://" not in str(value)
            return str(path.parent / at_home(value)) if relative else value, str(path)
    return None, "default"


def _meaning(variable: str, text: str) -> str:
    """NO_COLOR and CI say it all by being set; FORCE_COLOR=0 and CI=false are the customary ways to say no."""
    if variable == "NO_COLOR":
        return "never"
    if variable in ("FORCE_COLOR", "CLICOLOR_FORCE"):
        return "never" if text == "0" else "always"
    if variable == "CI":
        return "false" if text.strip().lower() in ("0", "false") else "true"
    return text


def _value(setting: Setting, found: Found, environ: Mapping[str, str]) -> Any:
    value, origin = found
    if value is None:
        return _default(setting, environ)
    if (said := wrong(setting, value)) is not None:
        from oppcli.errors import UsageError

        raise UsageError(say("{origin}: {said}", origin=origin, said=said[0]), hint=said[1])
    if setting.kind == "flag":
        return truth(value)
    if setting.kind == "language":
        return known_language(value)
    return seconds(value) if setting.kind == "seconds" else str(value)


def _default(setting: Setting, environ: Mapping[str, str]) -> Any:
    match setting.kind, setting.field:
        case "place", _:
            return str(default_database(environ))
        case "zone", _:
            return system_zone(environ)
        case "flag", _:
            return False
        case "seconds", _:
            return float(setting.default)
        case _, "actor":
            return login()
        case _:
            return setting.default


def _now(found: Found, tz: str) -> int:
    """The instant meant by --now, or the clock."""
    import time

    clock = time.time_ns() // 1_000_000
    text, origin = found
    if text is None:
        return clock
    from oppcli.errors import UsageError
    from oppcli.rules.clock import require_counted
    from oppcli.words.instants import parse_instant

    try:
        return require_counted(parse_instant(text, now_ms=clock, tz=tz), text)
    except UsageError as error:
        raise UsageError(say("{origin}: {error}", origin=origin, error=told(error)), hint=error.hint) from error


def _here() -> Path | None:
    """The current folder; None when it was deleted under us."""
    try:
        return Path.cwd()
    except OSError:
        return None


__all__ = ["SETTINGS", "Settings", "at_hand", "find", "language_at_hand", "resolve"]
