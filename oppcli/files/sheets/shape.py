"""What every kind of sheet is to those who read it, and what a mapping may say of how it is written."""

import codecs
from collections.abc import Iterator
from typing import Protocol

from oppcli.tuples import NamedTuple

Row = list[str]


class Format(NamedTuple):
    """How a file is written. None: find out."""

    encoding: str | None = None
    delimiter: str | None = None
    excel: bool | None = None
    """Whether cells carry the guard of `--excel` output. None: when the file has its BOM and CRLF line ends."""


UNKNOWN = Format()


class Sheet(Protocol):
    """An open sheet. `rows` reads it once, in constant memory."""

    name: str
    header: tuple[str, ...]
    header_cells: Row
    """The header as it is written; rejected rows go under it."""
    encoding: str
    delimiter: str
    crlf: bool
    """How a file of rejected rows is written, so that the same mapping reads it."""
    excel: bool
    taken: float | None
    """The share of the rows that is stored; None: they are stored as they are read."""

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Every row below the header with the line it begins on. Raises `Unreadable` where the file is no good to its
        end."""
        ...

    @property
    def share(self) -> float:
        """How much of the import is done, 0 to 1."""
        ...

    @property
    def described(self) -> str | None:
        """How the file was read, where that is worth a line: `gb18030, semicolon`."""
        ...


def known_encoding(name: str) -> bool:
    """Whether Python can read this encoding into text."""
    try:
        return "".encode(name) is not None and codecs.getincrementaldecoder(name) is not None
    except LookupError:
        return False
