"""Workbooks (xlsx, xls, xlsb, ods) by python-calamine, of the extra `excel`: one of their sheets as rows of texts.

Cells become the texts that a CSV of the sheet has: whole numbers without a point, dates as ISO, formulas as what they
come to, errors as `#N/A`. The whole sheet is in memory while it is read, as the library has it.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from oppcli.errors import Reason
from oppcli.files.sheets.heading import Heading
from oppcli.files.sheets.opening import OLE, ZIP, Unreadable, WhichSheet, damaged, empty
from oppcli.files.sheets.shape import UNKNOWN, Format, Moment, Row, Shortened
from oppcli.model.command import quoted
from oppcli.model.said import listed, say
from oppcli.tuples import NamedTuple
from oppcli.words import names

if TYPE_CHECKING:
    from oppcli.files.packed import Errors

HEAD = 50
"""Rows that are looked at for a header."""
EXACT = 10**15
"""Numbers from here on are kept without their last digits."""


def begins(head: bytes) -> bool:
    """Whether a file that begins so is a workbook, or nothing that anybody can read."""
    return head.startswith((ZIP, OLE))


class Sheet:
    """An open sheet of a workbook."""

    delimiter, encoding, crlf, excel, typed = ",", "utf-8", False, False, True

    def __init__(self, stream: BinaryIO, name: str, told: Format = UNKNOWN, wanted: Collection[str] = ()) -> None:
        """Refused (`Unreadable`) without the library, for a workbook with a password, a damaged one and one that has no
        such sheet; where several sheets have rows and none is chosen, the one that has the wanted columns is meant."""
        self.name = name
        self.taken: float | None = None
        self._rows_read = 0
        book, errors = _opened(stream, name)
        self._alone = len(book.sheet_names) == 1
        self._sheet = _chosen(book, name, told, wanted)
        if not self._sheet.height:
            raise empty(name)
        self._errors, self._left = errors.get(self._sheet.name, {}), self._sheet.start[1] + 1
        self.heading = Heading(self._cells(), told, name, wanted)
        self.header, self.header_cells, self.width = self.heading.names, self.heading.cells, self.heading.width
        self.header_line = told.header

    def _cells(self) -> Iterator[tuple[int, Row]]:
        """Rows that are not blank, each with its number in the sheet."""
        for number, row in enumerate(self._sheet.iter_rows(), 1):
            self._rows_read = number
            cells = [value if value.__class__ is str else _text(value) for value in row]
            for column, error in self._errors.get(number, {}).items():
                cells[column - self._left] = error
            if any(cells):
                yield number, cells

    def rows(self) -> Iterator[tuple[int, Row]]:
        return self.heading.rows()

    @property
    def footer(self) -> Sequence[int]:
        """The lines of a report's footer that were left out so far."""
        return self.heading.footer

    @property
    def repeated(self) -> int:
        """How often the header was met again so far."""
        return self.heading.repeated

    @property
    def share(self) -> float:
        """How much of the import is done, 0 to 1."""
        read: float = self._rows_read / (self._sheet.end[0] + 1)
        return read if self.taken is None else (read + self.taken) / 2

    @property
    def described(self) -> str | None:
        """Which sheet was read, where there are several."""
        return None if self._alone else say("sheet {sheet}", sheet=self._sheet.name)


def _text(value: Any) -> str:
    """What a cell says, as a CSV of the sheet would."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        near = value + timedelta(microseconds=500)  # a day and its share, as a number, is not exact
        plain = near.replace(microsecond=near.microsecond // 1000 * 1000)
        return Moment(plain.date().isoformat() if plain.time() == time.min else plain.isoformat(" "))
    if isinstance(value, date):
        return Moment(value.isoformat())
    if isinstance(value, time | timedelta):
        return str(value)
    return str(value)


def _number(value: float) -> str:
    """The number with the fifteen digits that a workbook keeps; one of more is `Shortened`."""
    if value == int(value) and abs(value) < EXACT:
        return str(int(value))
    if abs(value) >= EXACT:
        return Shortened(int(value))
    return format(Decimal(format(value, ".15g")), "f")


def _opened(stream: BinaryIO, name: str) -> tuple[Any, "dict[str, Errors]"]:
    try:
        from python_calamine import CalamineError, CalamineWorkbook, PasswordError
    except ImportError:
        said = say("{name} is a workbook: pip install 'oppcli[excel]', or save the sheet as CSV", name=name)
        raise Unreadable(said) from None
    errors = _errors(stream, name)
    stream.seek(0)
    try:
        return CalamineWorkbook.from_filelike(stream), errors
    except PasswordError:
        raise _protected(name) from None
    except (CalamineError, OSError, ValueError) as error:
        if _is_encrypted(stream):
            raise _protected(name) from None
        raise damaged(name, error) from None


def _errors(stream: BinaryIO, name: str) -> "dict[str, Errors]":
    """The cells with errors of each sheet; none where it is not packed."""
    stream.seek(0)
    if stream.read(4) != ZIP:
        return {}
    from oppcli.files.packed import errors

    return errors(stream, name)


def _protected(name: str) -> Unreadable:
    return Unreadable(say("{name} has a password", name=name), hint=say("save it without one, or the sheet as CSV"))


def _is_encrypted(stream: BinaryIO) -> bool:
    """Whether it is the wrapping of an encrypted xlsx: the name of its stream stands in it, in UTF-16."""
    stream.seek(0)
    return stream.read(8) == OLE and b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in stream.read(1 << 22)


def _chosen(book: Any, name: str, told: Format, wanted: Collection[str]) -> Any:
    """The sheet that is told, the only one that has rows, or the only one that has most of the wanted columns."""
    there: list[str] = book.sheet_names
    if told.sheet is not None:
        same = [each for each in there if each == told.sheet]
        same = same or [each for each in there if names.key(each) == names.key(told.sheet or "")]
        if len(same) != 1:
            said = say("{name} has no sheet {sheet}: {sheets}", name=name, sheet=told.sheet, sheets=listed(there))
            raise Unreadable(said, hint=say("--sheet {sheet}", sheet=quoted(there[0])) if there else None)
        return _sheet(book, same[0], name)
    plain = [each.name for each in book.sheets_metadata if _is_shown(each)]
    if len(plain) == 1:
        return _sheet(book, plain[0], name)
    found = [look for title in plain if (look := _look(_sheet(book, title, name), told, wanted)).height]
    if not found:
        raise empty(name)
    most = max(look.fitting for look in found)
    best = [look for look in found if look.fitting == most]
    if len(best) == 1:
        return _sheet(book, best[0].title, name)
    raise WhichSheet(
        say("{name} has several sheets: say which", name=name),
        reasons=tuple(Reason(look.title, say("{n:,} {n:row|rows}", n=look.height)) for look in found),
        hint=say("--sheet {sheet}", sheet=quoted(best[0].title)),
    )


class Look(NamedTuple):
    """What was seen of a sheet, which takes too much memory to be kept."""

    title: str
    height: int
    fitting: int
    """How many of the wanted columns it has."""


def _look(sheet: Any, told: Format, wanted: Collection[str]) -> Look:
    rows = islice(enumerate(sheet.iter_rows(), 1), max(told.header or 0, HEAD))
    header: Row = next((row for number, row in rows if number >= (told.header or 0) and any(row)), [])
    keys = {names.key(str(cell)) for cell in header}
    return Look(sheet.name, sheet.height, len(keys & {names.key(name) for name in wanted}))


def _sheet(book: Any, title: str, name: str) -> Any:
    from python_calamine import CalamineError

    try:
        return book.get_sheet_by_name(title)
    except (CalamineError, ValueError) as error:
        raise damaged(name, error) from None


def _is_shown(sheet: Any) -> bool:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    shown: bool = sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    return shown
