"""Where a database is: a file or a server, and how its address is shown without the password."""

from pathlib import Path

from oppcli.errors import UsageError
from oppcli.model.command import command
from oppcli.model.said import say

SERVER = ("postgresql", "postgres", "postgresql+psycopg")
WAIT_MS = 10_000
"""How long a write waits for the lock, and a read for a commit that is just being written."""


def is_server(url: str) -> bool:
    """Whether the address is one of a server. Refuses a scheme that no engine here speaks, and a password in what
    would be the name of a file."""
    scheme, parted, _ = url.partition("://")
    if not parted and "=" in url and shown(url) != url:
        raise UsageError(say("{place} is no file: give an address, postgresql://…", place=shown(url)))
    if not parted or not scheme.isascii() or "/" in scheme or scheme.lower() == "sqlite":
        return False
    if scheme.lower() in SERVER:
        return True
    raise UsageError(say("no engine for {scheme}:// addresses: give a file, or postgresql://…", scheme=scheme))


def file_of(url: str) -> str:
    """The file of an embedded database; `sqlite:///x.db` is accepted for `x.db`."""
    return url.removeprefix("sqlite:///") if url.startswith("sqlite:") else url


def require_path(target: Path) -> None:
    """Refuse (2) the address of a server where a backup goes, which would become folders; a folder may be called so."""
    from oppcli.words.secrets import looks_like_address

    if looks_like_address(str(target)) and not target.parent.exists():
        raise UsageError(
            say("{path} is the address of a server, and a backup is a file", path=target),
            hint=command("db", "backup", "FILE", ready=False),
        )


def shown(url: str) -> str:
    """The address as people may see it: a password becomes `***`."""
    if "://" not in url and "=" not in url:
        return url
    from oppcli.words.secrets import masked

    return masked(url)


def uri_of(path: str | Path, mode: str) -> str:
    """The SQLite URI of a file, with the characters escaped that mean something in a URI."""
    text = str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return f"file:{text}?mode={mode}"
