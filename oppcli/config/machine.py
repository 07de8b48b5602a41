"""What this machine says by itself: who is logged in, its zone, and the folders of the XDG specification."""

import os
from collections.abc import Mapping
from pathlib import Path

from oppcli.config.settings import known_language, known_zone
from oppcli.model.said import LANGUAGES


def login() -> str:
    """The login at this machine. From the password database, not from a variable that anybody can set."""
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return os.environ.get("USERNAME") or f"uid{os.getuid()}"


def login_at(db: str, environ: Mapping[str, str]) -> str:
    """The login at this machine of who uses this database. Where its file is guarded, people run the program as its
    owner through sudo, which says who they are: who could forge that is the owner, who may do anything."""
    told = environ.get("SUDO_UID", "")
    return environ.get("SUDO_USER") or known_by_sudo(told) if told.isdecimal() and guarded(db) else login()


def known_by_sudo(uid: str) -> str:
    """The login with this number."""
    import pwd

    try:
        return pwd.getpwuid(int(uid)).pw_name
    except (KeyError, OverflowError):
        return f"uid{uid}"


def lent(environ: Mapping[str, str]) -> bool:
    """Whether `sudo` lent this process the rights of somebody else: then it starts nothing in which one could type
    other commands with them."""
    told = environ.get("SUDO_UID", "")
    return told.isdecimal() and hasattr(os, "geteuid") and int(told) != os.geteuid()


def guarded(db: str) -> bool:
    """Whether a database is a file that nobody but this process's user can write, nor its folder. One that is not there
    yet is as its folder is."""
    if "://" in db or not hasattr(os, "geteuid"):
        return False
    path = Path(db.removeprefix("sqlite:///"))
    try:
        found = [path.parent.stat(), *([path.stat()] if path.exists() else [])]
    except OSError:
        return False
    return all(each.st_uid == os.geteuid() and not each.st_mode & 0o022 for each in found)


def state_folder(environ: Mapping[str, str]) -> Path:
    """Where traces of faults and texts that were not written yet are kept."""
    return _xdg(environ, "XDG_STATE_HOME", ".local/state") / "opp"


def sessions_folder(environ: Mapping[str, str]) -> Path:
    """Where this user's sessions are."""
    told = Path(environ.get("XDG_RUNTIME_DIR", ""))
    return told / "opp" if told.is_absolute() else state_folder(environ)


SESSION = "session-"
"""How the name of a session's file begins."""


def sessions_begun(environ: Mapping[str, str]) -> bool:
    """Whether there may be a session at all; most machines have none, and pay for one look at a folder."""
    try:
        return any(name.startswith(SESSION) for name in os.listdir(sessions_folder(environ)))  # noqa: PTH208 - names alone
    except OSError:
        return False


def system_zone(environ: Mapping[str, str]) -> str:
    """The IANA name of this machine's zone: TZ, else what /etc/localtime points to, else UTC."""
    told = environ.get("TZ", "").lstrip(":")
    if told and known_zone(told):
        return told
    target = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2]
    return target if target and known_zone(target) else "UTC"


def locale_language(environ: Mapping[str, str]) -> str:
    """The language of this machine's locale, English where it has none that there is: the first of LC_ALL, LC_MESSAGES
    and LANG that names one. The locale of no country is English."""
    told = (environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    known = (
        LANGUAGES[0] if name.partition(".")[0] in ("C", "POSIX") else known_language(name) for name in told if name
    )
    return next(filter(None, known), LANGUAGES[0])


def user_file(environ: Mapping[str, str]) -> Path:
    return _xdg(environ, "XDG_CONFIG_HOME", ".config") / "opp" / "config.toml"


def machine_files(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """The files of the machine, what counts more first (XDG Base Directory Specification)."""
    told = environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
    return tuple(path / "opp" / "config.toml" for each in told.split(":") if (path := Path(each)).is_absolute())


def default_database(environ: Mapping[str, str]) -> Path:
    return _xdg(environ, "XDG_DATA_HOME", ".local/share") / "opp" / "opp.db"


def _xdg(environ: Mapping[str, str], name: str, otherwise: str) -> Path:
    """The XDG folder; a relative path in the variable is to be ignored, says the XDG Base Directory Specification."""
    told = Path(environ.get(name, ""))
    if told.is_absolute():
        return told
    home = Path(environ["HOME"]) if environ.get("HOME") else at_home("~")
    return (home if home.is_absolute() else Path("/")) / otherwise


def put_own(path: Path, text: str) -> None:
    """Put a text of this person's alone in place of what was in the file, whole or not at all. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    spare = path.with_name(f".{path.name}-{os.urandom(6).hex()}")
    try:
        spare.touch(mode=0o600)
        spare.write_text(text, "utf-8", "surrogateescape")
        spare.replace(path)
    finally:
        spare.unlink(missing_ok=True)


def at_home(path: str) -> Path:
    """The path with the home in place of a leading ~ or ~LOGIN; as it stands where no such home is known, as in a
    container, whose user may have no name."""
    return Path(os.path.expanduser(path))  # noqa: PTH111  that of pathlib raises


def plain_login(text: str) -> bool:
    """Whether a word is a login and nothing else: small letters, digits and . _ - only. Nobody is looked up for it."""
    return text.isascii() and text.replace(".", "").replace("_", "").replace("-", "").isalnum() and text == text.lower()
