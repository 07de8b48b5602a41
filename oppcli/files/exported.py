"""What `opp export all` wrote: a header, and an object a line."""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, BinaryIO

from oppcli.files.sheets.opening import Unreadable
from oppcli.model.said import say
from oppcli.tuples import NamedTuple

VERSION = 1
"""Of the form that is understood."""
LONGEST = 1 << 26
"""Bytes of an object at most."""


class Header(NamedTuple):
    """The first line."""

    database: str
    """The number of the database that it came from."""
    exported_at: str
    head: str
    """The last entry there: `811:9f86…`."""


def begins(stream: BinaryIO) -> bool:
    """Whether a file begins like such a file; it is then where it was."""
    head = stream.read(16)
    stream.seek(0)
    return head.removeprefix(b"\xef\xbb\xbf").replace(b" ", b"").startswith(b'{"opp":')


class Exported:
    """An open file."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        """Refused (`Unreadable`) for a header that is none, or of a newer program."""
        self.name, self._stream, self._hash = name, stream, sha256()
        found = self._object(1, self._line())
        if found.get("opp") != VERSION:
            raise Unreadable(say("{name} was written by a newer opp", name=name))
        self.header = Header(*(str(found.get(key, "")) for key in Header._fields))

    def objects(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Every object with the line it stands on. Raises `Unreadable` at one that is none."""
        for line, text in enumerate(iter(self._line, b""), 2):
            if text.strip():
                yield line, self._object(line, text)

    @property
    def hash(self) -> str:
        """SHA-256 of what was read of the file."""
        return self._hash.hexdigest()

    def _line(self) -> bytes:
        text = self._stream.readline(LONGEST + 1)
        if len(text) > LONGEST:
            raise Unreadable(say("{name}: an object is too long", name=self.name))
        self._hash.update(text)
        return text

    def _object(self, line: int, text: bytes) -> dict[str, Any]:
        try:
            found = json.loads(text.decode("utf-8-sig" if line == 1 else "utf-8"))
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise Unreadable(say("{name}:{line}: no object of an export", name=self.name, line=line))
        return found
