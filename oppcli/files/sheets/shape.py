"""What every kind of sheet is to those who read it, and what a mapping may say of how it is written."""

import codecs
from collections.abc import Iterator, Sequence
from typing import Protocol

from oppcli.tuples import NamedTuple

Row = list[str]


class Format(NamedTuple):
    """How a file is written. None: find out."""

    encoding: str | None = None
    delimiter: str | None = None
    excel: bool | None = None
    """Whether cells carry the guard of `--excel` output. None: when the file has its BOM and CRLF line ends."""
    header: int | None = 0
    """The line the header stands on; 0: the first that is not blank; None: there is none."""
    columns: tuple[str, ...] = ()
    """What the columns are called, whatever the header says."""
    sheet: str | None = None
    """Which sheet of a workbook."""
    asked: bool = False
    """Whether that was asked for this very file, and not only where it is a workbook."""


UNKNOWN = Format()


class Typed(str):
    """The text of a cell that is more than its text; never equal to the text alone, so that no memory mixes the two."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and str.__eq__(self, other)

    def __hash__(self) -> int:
        return hash((type(self), str(self)))


class Moment(Typed):
    """A date or an instant, as ISO: however the mapping says that dates are written."""

    __slots__ = ()


class Shortened(Typed):
    """A number of so many digits that the program which wrote the file has lost the last of them."""

    __slots__ = ()


class Written(Protocol):
    """How a file of rows is written: so that one of rejected rows is, too, which the same mapping reads."""

    header: tuple[str, ...]
    header_cells: Row
    """The header as it is written; rejected rows go under it. Empty where there is none."""
    header_line: int | None
    """Where it has to stand for the mapping, as in `Format.header`: also in a file of rejected rows."""
    width: int
    """How many cells of a row are the file's own; others were joined to it."""
    encoding: str
    delimiter: str
    crlf: bool


class Sheet(Written, Protocol):
    """An open sheet. `rows` reads it once, in constant memory."""

    name: str
    typed: bool
    """Whether cells may be `Typed` texts."""
    excel: bool
    taken: float | None
    """The share of the rows that is stored; None: they are stored as they are read."""

    @property
    def footer(self) -> Sequence[int]:
        """The lines of a report's footer that were left out so far."""
        ...

    @property
    def repeated(self) -> int:
        """How often the header was met again so far."""
        ...

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
