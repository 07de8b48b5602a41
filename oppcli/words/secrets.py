"""Passwords in addresses of databases, and in any text that holds one: found, and masked alike wherever it is shown."""

import re

_NAMES = r"(?:ssl)?password|passfile"
_BEFORE_HOST = re.compile(r"(:/{1,2}[^\s:/@'\"]*):[^\s/'\"]*@")
"""Of an address; taken for the path of a file, it has lost a stroke."""
_IN_QUERY = re.compile(rf"([?&](?:{_NAMES})=)[^&\s'\"]*", re.IGNORECASE)
_BY_NAME = re.compile(rf"((?<![\w?&])(?:{_NAMES})['\"]?\s*[=:]\s*)('[^']*'|\"[^\"]*\"|[^\s&'\",)]+)", re.IGNORECASE)
_PARTS = re.compile(r"(?:^|\s)(?:host|hostaddr|dbname|user|port|password|service)\s*=", re.IGNORECASE)


def masked(text: str) -> str:
    """The text without passwords: of addresses (`://ann:***@host`), and where one is given by name."""
    return _BY_NAME.sub(r"\1***", in_addresses(text))


def in_addresses(text: str) -> str:
    """The same of addresses alone: what stands beside them may speak of passwords."""
    return _IN_QUERY.sub(r"\1***", _BEFORE_HOST.sub(r"\1:***@", text))


def has_password(place: str) -> bool:
    """Whether the address of a database holds a password."""
    return masked(place) != place


def looks_like_address(path: str) -> bool:
    """Whether what was taken for the path of a file begins as an address does; a single letter is a drive."""
    return re.match(r"\w[\w+]+:/", path) is not None


def is_address(place: str) -> bool:
    """Whether it is the address of a server, `postgresql://…` or `host=… dbname=…`, and not the path of a file."""
    scheme, parted, _ = place.partition("://")
    return bool(parted and scheme.lower() != "sqlite") or _PARTS.search(place) is not None
