"""CSV: a header and rows with their line numbers; encoding, delimiter and line ends are found out or told."""

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterator
from typing import BinaryIO

from oppcli.errors import Reason
from oppcli.files.encodings import NUL, Unknown, detect, find_fault
from oppcli.files.sheets.opening import LINE, TOO_LONG, Unreadable
from oppcli.files.sheets.shape import UNKNOWN, Format, Row
from oppcli.model.said import say
from oppcli.rules.cells import unguard

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
_HEAD = 1 << 16
"""Characters looked at to find the delimiter; a header is shorter."""
SHOWN_FAULTS = 10

_EXCEL_HINT = re.compile(r"sep=(.)\r?\n?$")


class _Long(Exception):
    """The lines of a row are longer than any row may be."""


class Sheet:
    """An open CSV file. `rows` reads it once, in constant memory."""

    def __init__(self, stream: BinaryIO, name: str, told: Format = UNKNOWN, wanted: Collection[str] = ()) -> None:
        self.stream, self.name = stream, name
        self.taken: float | None = None
        """The share of the rows that is stored; None: they are stored as they are read."""
        self.size = stream.seek(0, io.SEEK_END)
        if self.size == 0:
            raise Unreadable(say("{name} is empty", name=name))
        self.encoding = self._checked(told.encoding) if told.encoding else self._detected()
        self._text = self._opened()
        first = self._first_lines()
        self.delimiter, self.skipped = _delimiter(first, told.delimiter, wanted)
        self.crlf = first.partition("\n")[0].endswith("\r")
        self.excel = (self.encoding == "utf-8-sig" and self.crlf) if told.excel is None else told.excel
        self._reader = self._records()
        self.header = self._read_header()

    def _detected(self) -> str:
        try:
            return detect(self.stream)
        except Unknown as unknown:
            hint = None if unknown.fault.what == NUL else say('say what it is in the mapping: [file] encoding = "…"')
            raise self._broken(unknown.fault.line, unknown.fault.what, hint) from None

    def _checked(self, encoding: str) -> str:
        fault = find_fault(self.stream, encoding)
        if fault:
            raise self._broken(
                fault.line, fault.what, None if fault.what == NUL else say("leave encoding out of [file]")
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
            raise self._broken(before + 1, _plain_words(str(error))) from None
        except _Long:
            raise self._broken(before + 1, TOO_LONG) from None

    def _lines(self) -> Iterator[str]:
        """The lines, none so long that it would fill the memory. Raises `_Long` where those of one row are."""
        read, self._length = self._text.readline, 0
        while line := read(LINE + 1):
            self._length += len(line)
            if self._length > LINE:
                raise _Long
            yield line

    def _read_header(self) -> tuple[str, ...]:
        if self.skipped:
            next(self._reader)
        line, cells = next(self._reader, (1, []))
        if cells:
            cells[0] = cells[0].removeprefix("\ufeff")
        self.header_cells = cells
        header = tuple((unguard(cell) if self.excel else cell).strip() for cell in cells)
        wrong = [
            Reason(say("column {place}", place=place), say("has no name"))
            for place, name in enumerate(header, 1)
            if not name
        ]
        twice = [name for name, count in Counter(header).items() if count > 1 and name]
        wrong += [Reason(name, say("names {count} columns", count=header.count(name))) for name in twice]
        if wrong or not header:
            raise Unreadable(
                say("{name}:{line}: the header cannot be used", name=self.name, line=line), reasons=tuple(wrong)
            )
        return header

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Every row below the header with the line it begins on. Raises `Unreadable` for rows that have more or fewer
        cells than the header, naming them, and for a file that ends with its header."""
        width, ragged, empty = len(self.header), list[Reason](), True
        for line, row in self._reader:
            empty = False
            if len(row) != width:
                ragged.append(
                    Reason(
                        say("line {line}", line=line),
                        say("{row} cells; the header has {width}", row=len(row), width=width),
                    )
                )
                if len(ragged) > SHOWN_FAULTS:
                    break
            elif not ragged:
                yield line, row
        if ragged:
            raise self._ragged(ragged)
        if empty:
            raise Unreadable(say("{name} has a header and no rows", name=self.name))

    def _ragged(self, ragged: list[Reason]) -> Unreadable:
        more = len(ragged) > SHOWN_FAULTS
        told = (*ragged[:SHOWN_FAULTS], *((Reason("…", say("and more")),) if more else ()))
        first = ragged[0].what.removeprefix("line ")
        hint = say(
            "the delimiter is {delimiters}; cells that hold it stand in quotes",
            delimiters=DELIMITERS.get(self.delimiter, self.delimiter),
        )
        return Unreadable(
            say("{name}:{first}: rows differ in length from the header", name=self.name, first=first),
            reasons=told,
            hint=hint,
        )

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
        return f"{self.encoding.removesuffix('-sig')}, {DELIMITERS.get(self.delimiter, repr(self.delimiter))}"


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


def _delimiter(first: str, told: str | None, wanted: Collection[str]) -> tuple[str, bool]:
    """The delimiter, and whether the first line only names it (`sep=;`, as some spreadsheets write). Found as the
    one that gives the most wanted columns, else the most columns."""
    line = first.split("\n", 1)[0]
    named = _EXCEL_HINT.match(line)
    if told or named:
        return told or (named[1] if named else ","), bool(named)
    return max(DELIMITERS, key=lambda candidate: _fits(first, candidate, wanted)), False


def _fits(first: str, delimiter: str, wanted: Collection[str]) -> tuple[int, int]:
    try:
        header = next(csv.reader(io.StringIO(first, newline=""), delimiter=delimiter, strict=True), [])
    except csv.Error:
        return (-1, 0)
    names = {name.strip() for name in header}
    return (len(names & set(wanted)), len(header))
