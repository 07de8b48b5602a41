"""Where a database is: a file or a server, and how its address is shown without the password."""

import re
from pathlib import Path

from oppcli.errors import UsageError

_SCHEME = re.compile(r"^([a-z][a-z0-9+.-]+)://", re.IGNORECASE)
_PASSWORD = re.compile(r"(://[^/@:]*):[^/]*@")
_SECRET = re.compile(r"([?&](?:password|sslpassword|passfile)=)[^&]*", re.IGNORECASE)
SERVER = ("postgresql", "postgres", "postgresql+psycopg")


def is_server(url: str) -> bool:
    """Whether the address is one of a server. Refuses a scheme that no engine here speaks."""
    match = _SCHEME.match(url)
    if not match or match[1].lower() == "sqlite":
        return False
    if match[1].lower() in SERVER:
        return True
    raise UsageError(f"no engine for {match[1]}:// addresses: give a file, or postgresql://…")


def file_of(url: str) -> str:
    """The file of an embedded database; `sqlite:///x.db` is accepted for `x.db`."""
    return url.removeprefix("sqlite:///") if url.startswith("sqlite:") else url


def shown(url: str) -> str:
    """The address as people may see it: a password becomes `***`."""
    return _SECRET.sub(r"\1***", _PASSWORD.sub(r"\1:***@", url))


def uri_of(path: str | Path, mode: str) -> str:
    """The SQLite URI of a file, with the characters escaped that mean something in a URI."""
    text = str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return f"file:{text}?mode={mode}"
