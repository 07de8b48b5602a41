"""CSV: a header and rows with their line numbers; encoding, delimiter and line ends are found out or told."""

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from typing import BinaryIO

from oppcli.files.encodings import NUL, Unknown, detect, find_fault
from oppcli.files.sheets.heading import Heading
from oppcli.files.sheets.opening import LINE, TOO_LONG, Unreadable, again, empty
from oppcli.files.sheets.shape import UNKNOWN, Format, Row
from oppcli.model.said import say
from oppcli.words import names

DELIMITERS = {",": say("comma"), ";": say("semicolon"), "\t": say("tab"), "|": say("pipe")}
_HEAD = 1 << 16
"""Characters looked at to find the delimiter; a header is shorter."""

_EXCEL_HINT = re.compile(r"sep=(.)\r?\n?$")


class _Long(Exception):
    """The lines of a row are longer than any row may be."""


class Sheet:
    """An open CSV file. `rows` reads it once, in constant memory."""

    def __init__(self, stream: BinaryIO, name: str, told: Format = UNKNOWN, wanted: Collection[str] = ()) -> None:
        if told.asked:
            raise Unreadable(say("{name} is no workbook: it has no sheets", name=name), hint=say("leave --sheet out"))
        self.stream, self.name = stream, name
        self.taken: float | None = None
        """The share of the rows that is stored; None: they are stored as they are read."""
        self.size = stream.seek(0, io.SEEK_END)
        if self.size == 0:
            raise empty(name)
        self.encoding = self._checked(told.encoding) if told.encoding else self._detected()
        self._text = self._opened()
        first = self._first_lines()
        self.delimiter, self.skipped = _delimiter(first, told, wanted)
        self.crlf = first.partition("\n")[0].endswith("\r")
        self.excel = (self.encoding == "utf-8-sig" and self.crlf) if told.excel is None else told.excel
        self.heading = Heading(self._marked_off(), told, name, wanted, guarded=self.excel)
        self.header, self.header_cells, self.width = self.heading.names, self.heading.cells, self.heading.width
        self.header_line, self.typed = told.header, False

    def _detected(self) -> str:
        try:
            return detect(self.stream)
        except Unknown as unknown:
            hint = again() if unknown.fault.what == NUL else say('say what it is in the mapping: [file] encoding = "…"')
            raise self._broken(unknown.fault.line, unknown.fault.what, hint) from None

    def _checked(self, encoding: str) -> str:
        fault = find_fault(self.stream, encoding)
        if fault:
            raise self._broken(
                fault.line, fault.what, again() if fault.what == NUL else say("leave encoding out of [file]")
            )
        return encoding

    def _broken(self, line: int, what: str, hint: str | None = None) -> Unreadable:
        return Unreadable(say("{name}:{line}: {what}", name=self.name, line=line, what=what), hint=hint)

    def _opened(self) -> io.TextIOWrapper:
        self.stream.seek(0)
        return io.TextIOWrapper(self.stream, encoding=self.encoding, newline="")

    def _first_lines(self) -> str:
        """The beginning as text, up to the last line end in it; the stream is then back at the start."""
        head = self._text.read(_HEAD).removeprefix("\ufeff")
        self._text.detach()
        self._text = self._opened()
        whole = max(head.rfind("\n"), head.rfind("\r")) + 1
        return head if len(head) < _HEAD or not whole else head[:whole]

    def _records(self) -> Iterator[tuple[int, Row]]:
        """Rows that are not blank, each with the line it begins on. Raises `Unreadable` at a broken quote."""
        reader = csv.reader(self._lines(), delimiter=self.delimiter, strict=True)
        before = 0
        try:
            for row in reader:
                self._length = 0
                if any(row):
                    yield before + 1, row
                before = reader.line_num
        except csv.Error as error:
            raise self._broken(before + 1, _plain_words(str(error)), again()) from None
        except _Long:
            raise self._broken(before + 1, TOO_LONG, again()) from None

    def _lines(self) -> Iterator[str]:
        """The lines, none so long that it would fill the memory. Raises `_Long` where those of one row are."""
        read, self._length = self._text.readline, 0
        while line := read(LINE + 1):
            self._length += len(line)
            if self._length > LINE:
                raise _Long
            yield line

    def _marked_off(self) -> Iterator[tuple[int, Row]]:
        """The same, without the mark of the encoding and the line that names the delimiter."""
        reader = self._records()
        if self.skipped:
            next(reader, None)
        first = next(reader, None)
        if first is None:
            return iter(())
        first[1][0] = first[1][0].removeprefix("\ufeff")
        return chain([first], reader)

    def rows(self) -> Iterator[tuple[int, Row]]:
        delimiter = DELIMITERS.get(self.delimiter, self.delimiter)
        hint = say("the delimiter is {delimiters}; cells that hold it stand in quotes", delimiters=delimiter)
        return self.heading.rows(hint)

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
        """How much of the import is done, 0 to 1, for progress: what was read, and then taken where that is apart."""
        read = self.stream.tell() / self.size
        return read if self.taken is None else (read + self.taken) / 2

    @property
    def described(self) -> str | None:
        """How the file was read, where it is not the common way: `gb18030, semicolon`."""
        if self.encoding in ("utf-8", "utf-8-sig") and self.delimiter == ",":
            return None
        delimiter = DELIMITERS.get(self.delimiter, repr(self.delimiter))
        return say("{encoding}, {delimiter}", encoding=self.encoding.removesuffix("-sig"), delimiter=delimiter)


def _plain_words(error: str) -> str:
    if "field larger" in error:
        return say(
            "a cell is longer than {field_size_limit:,} characters; is a quote never closed?",
            field_size_limit=csv.field_size_limit(),
        )
    if "unexpected end of data" in error:
        return say("the file ends inside a quoted cell; is a quote never closed?")
    if "expected after" in error:
        return say('text follows a closing quote; a quote inside a quoted cell is written ""')
    return error


def _delimiter(first: str, told: Format, wanted: Collection[str]) -> tuple[str, bool]:
    """The delimiter, and whether the first line only names it (`sep=;`, as some spreadsheets write). Found as the
    one that gives the most wanted columns, else the most columns."""
    named = _EXCEL_HINT.match(first.split("\n", 1)[0])
    if told.delimiter or named:
        return told.delimiter or (named[1] if named else ","), bool(named)
    keys = {names.key(name) for name in wanted}
    header = "".join(first.splitlines(keepends=True)[max((told.header or 0) - 1, 0) :])
    return max(DELIMITERS, key=lambda candidate: _fits(header, candidate, keys)), False


def _fits(first: str, delimiter: str, wanted: Collection[str]) -> tuple[int, int]:
    try:
        header = next(csv.reader(io.StringIO(first, newline=""), delimiter=delimiter, strict=True), [])
    except csv.Error:
        return (-1, 0)
    return (len({names.key(name) for name in header} & set(wanted)), len(header))
