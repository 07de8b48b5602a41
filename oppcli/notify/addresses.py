"""Addresses on the web: whether one can be used, and how it is shown without the token it may hold."""

from urllib.parse import urlsplit

from oppcli.model.said import say

PORTS = {"starttls": 587, "ssl": 465, "none": 25}
"""How a mail server is spoken to, and where it usually listens."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")
MASK = "•••"


def wrong(url: str) -> str | None:
    """What is wrong with an address, without repeating it; None when it can be used."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  (reading it raises for one that is no number)
    except ValueError:
        return say("is not an address")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return say("does not begin with https://HOST or http://HOST")
    if not url.isascii() or not url.isprintable() or " " in url:
        return say("holds a space or a letter that must be written as %XX")
    return None


def hidden(url: str) -> list[str]:
    """What of an address must not be shown: all of it behind the host, whole and in pieces (a bot's token is there)."""
    parts = urlsplit(url)
    pieces = [*parts.path.split("/"), *(pair.partition("=")[2] for pair in parts.query.split("&"))]
    user = [text for text in (parts.username, parts.password) if text]
    behind = url.partition(parts.netloc)[2] if parts.netloc else url
    # Short pieces of a path are words (`/api/v1`), and a token is long.
    return [url, behind, *user, *(piece for piece in pieces if len(piece) >= 12)]


def shown(url: str) -> str:
    """`https://hooks.example.com/…`."""
    try:
        parts = urlsplit(url)
        host = f"{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}"
    except ValueError:
        return MASK
    return f"{parts.scheme}://{host}/…"
