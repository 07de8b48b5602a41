"""What this machine says by itself: who is logged in, its zone, and the folders of the XDG specification."""

import os
from collections.abc import Mapping
from pathlib import Path

from oppcli.config.settings import known_zone


def login() -> str:
    """The login at this machine. From the password database, not from a variable that anybody can set."""
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return os.environ.get("USERNAME") or f"uid{os.getuid()}"


def system_zone(environ: Mapping[str, str]) -> str:
    """The IANA name of this machine's zone: TZ, else what /etc/localtime points to, else UTC."""
    told = environ.get("TZ", "").lstrip(":")
    if told and known_zone(told):
        return told
    target = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2]
    return target if target and known_zone(target) else "UTC"


def user_file(environ: Mapping[str, str]) -> Path:
    return _xdg(environ, "XDG_CONFIG_HOME", ".config") / "opp" / "config.toml"


def default_database(environ: Mapping[str, str]) -> Path:
    return _xdg(environ, "XDG_DATA_HOME", ".local/share") / "opp" / "opp.db"


def _xdg(environ: Mapping[str, str], name: str, otherwise: str) -> Path:
    """The XDG folder; a relative path in the variable is to be ignored, says the XDG Base Directory Specification."""
    told = Path(environ.get(name, ""))
    if told.is_absolute():
        return told
    return (Path(environ["HOME"]) if environ.get("HOME") else Path("~").expanduser()) / otherwise
