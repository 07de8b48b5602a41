"""For Excel: `xlsx`, a workbook whose cells have types: figures are numbers, dates are dates, texts stay texts."""

from collections.abc import Iterator, Mapping
from functools import partial
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

from oppcli.errors import UsageError
from oppcli.model.said import say
from oppcli.reads.table import Kind, Row
from oppcli.render import typed_cells as cells
from oppcli.render.human import title
from oppcli.render.output import Output
from oppcli.render.screen import width
from oppcli.render.view import Shown, View

MOST_ROWS = 1_048_575
"""Of a sheet, below its heading."""
NARROWEST, WIDEST = 8, 60
"""Characters of a column."""
MEASURED = 200
"""Rows by which a column is made wide enough."""
SECTION = "section"
"""The column whose values have a sheet each."""
_CHUNK = 1 << 16
_NAMELESS = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
"""What no sheet's name may hold."""


def require_writer(what: str) -> None:
    """Refuse where the library that writes workbooks is not installed; `what` is what was to be written."""
    try:
        import xlsxwriter  # noqa: F401
    except ImportError:
        said = say("{what} needs XlsxWriter, which is not installed", what=what)
        raise UsageError(said, hint=say("pip install 'oppcli[excel]'")) from None


def xlsx(view: View, out: Output) -> Iterator[bytes]:
    """A workbook: a sheet per section, notes on the last one. Written through a file, in constant memory; raises
    `OSError` where the disk is full."""
    from xlsxwriter.exceptions import FileCreateError

    with TemporaryDirectory(prefix="opp-") as spare, TemporaryFile(dir=spare) as file:
        try:
            _Book(view, out, file, spare).write()
        except FileCreateError as error:
            raise error.args[0] from None
        file.seek(0)
        yield from iter(partial(file.read, _CHUNK), b"")


class _Book:
    """The sheets of one answer."""

    def __init__(self, view: View, out: Output, file: Any, spare: str) -> None:
        from xlsxwriter import Workbook

        self._view, self._out = view, out
        options = {"constant_memory": True, "tmpdir": spare, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = Workbook(file, options | {"strings_to_numbers": False})
        self._book.use_zip64()
        about = {"created": cells.local_time(out.now, out.tz)} if out.now is not None else {}
        self._book.set_properties({"title": out.told(view.title), **about})
        self._styles = cells.Styles(self._book)
        self._names: set[str] = set()

    def write(self) -> None:
        """Everything, to the file."""
        if self._view.single:
            self._thing()
        else:
            self._list()
        self._view.cut[:] = self._styles.cut
        self._notes()
        self._book.close()

    def sheet(self, name: str) -> Any:
        """A sheet of this name, or with a number behind it where there is one already."""
        from xlsxwriter.worksheet import Worksheet

        class Plain(Worksheet):  # type: ignore[misc]
            """In which a text is never taken for markup, whatever it begins with."""

            def _xml_rich_inline_string(self, string: str, attributes: Any = ()) -> None:
                self._xml_inline_string(string, True, attributes)

        base = name.translate(_NAMELESS).strip(" '")[:31] or "opp"
        free = (base if number == 1 else f"{base[: 27 - len(str(number))]} ({number})" for number in range(1, 10**6))
        found = next(each for each in free if each.lower() not in self._names)
        self._names.add(found.lower())
        return self._book.add_worksheet(found, Plain)

    def _list(self) -> None:
        """A sheet for each section in the order in which they come; without rows one with headings."""
        shown = [each for each in self._view.shown if each.column.name != SECTION or len(self._view.shown) == 1]
        parted = next((each for each in self._view.shown if each not in shown), None)
        sheets: dict[Any, _Sheet] = {}
        for row in self._view.rows:
            key = row[parted.at] if parted else None
            sheet = sheets.get(key)
            if sheet is None or sheet.full:
                if sheet is not None:
                    sheet.finish()
                sheet = sheets[key] = self._begun(shown, self._view.title if key is None else str(key))
            sheet.add(row)
        for sheet in sheets.values() or [self._begun(shown, self._view.title)]:
            sheet.finish()

    def _begun(self, shown: list[Shown], name: str) -> "_Sheet":
        told = self._out.told(name)
        return _Sheet(self.sheet(told[:1].upper() + told[1:]), shown, self._styles, self._out)

    def _thing(self) -> None:
        """One thing: field and value, each value of its type."""
        sheet = self.sheet(self._out.told(self._view.title))
        place = 0
        if self._out.header:
            for at, text in enumerate((say("FIELD"), say("VALUE"))):
                sheet.write_string(0, at, self._out.told(text), self._styles.heading)
            sheet.freeze_panes(1, 0)
            place = 1
        writers = [cells.writer(shown, self._styles, self._out) for shown in self._view.shown]
        for row in self._view.rows:
            for shown, write in zip(self._view.shown, writers, strict=True):
                sheet.write_string(place, 0, heading(shown, self._out), self._styles.text)
                write(sheet, place, 1, row)
                place += 1
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, WIDEST)

    def _notes(self) -> None:
        """What was asked, when, and what is said beside the answer."""
        sheet, wrapped = self.sheet(self._out.told(say("Notes"))), self._styles.wrapped
        for place, (name, text) in enumerate(_about(self._view, self._out)):
            sheet.write_string(place, 0, self._out.told(name), self._styles.heading)
            sheet.write_string(place, 1, cells.fitted(text), wrapped)
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, 2 * WIDEST)


class _Sheet:
    """Rows one below the other, under headings that stay where they are."""

    def __init__(self, sheet: Any, shown: list[Shown], styles: cells.Styles, out: Output) -> None:
        self._sheet, self._shown, self._header = sheet, shown, out.header
        self._writers = [cells.writer(each, styles, out) for each in shown]
        headings = [heading(each, out) for each in shown]
        self._widths = [width(text) + 3 if out.header else 0 for text in headings]  # 3 for the filter's arrow
        self._next = self._rows = 0
        if out.header:
            for place, text in enumerate(headings):
                sheet.write_string(0, place, text, styles.heading)
            self._next = 1

    @property
    def full(self) -> bool:
        return self._rows >= MOST_ROWS

    def add(self, row: Row) -> None:
        sheet, line = self._sheet, self._next
        if self._rows < MEASURED:
            for place, shown in enumerate(self._shown):
                self._widths[place] = max(self._widths[place], cells.room(row[shown.at], shown.column.kind))
        for place, write in enumerate(self._writers):
            write(sheet, line, place, row)
        self._next += 1
        self._rows += 1

    def finish(self) -> None:
        """Columns as wide as what stands in them; heading frozen, with a filter."""
        for place, cells_wide in enumerate(self._widths):
            self._sheet.set_column(place, place, min(max(cells_wide, NARROWEST), WIDEST))
        if self._header:
            self._sheet.freeze_panes(1, 0)
            self._sheet.autofilter(0, 0, self._next - 1, len(self._shown) - 1)


def heading(shown: Shown, out: Output) -> str:
    """The heading of a column; that of instants says in which zone they are."""
    text = title(shown.column, out)
    return out.told(say("{heading} ({zone})", heading=text, zone=out.tz)) if shown.column.kind is Kind.INSTANT else text


def _about(view: View, out: Output) -> Iterator[tuple[str, str]]:
    """Pairs of a word and a text: what was asked, when, what was counted and what is left out."""
    yield say("Title"), out.told(view.title)
    for name, value in out.asked.items():  # flags are called what they are called; `command` is none
        yield say("command") if name == "command" else name.replace("_", " "), _plainly(value)
    if out.now is not None:
        yield say("As of"), f"{cells.local_time(out.now, out.tz):%Y-%m-%d %H:%M} {out.tz}"
    for text in view.summed:
        yield say("Total"), out.told(text)
    for note in view.notes:
        yield say("Note"), out.told(note.text)


def _plainly(value: Any) -> str:
    if isinstance(value, Mapping | bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
