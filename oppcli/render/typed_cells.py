"""Raw value → a cell of a workbook with its type: what Excel reckons with is a number or a date, all else is a text.

A figure is what csv has, to the digit. Excel keeps fifteen digits of a number: what has more is a text, as it stands.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from oppcli.model import money
from oppcli.model.said import Word, coded
from oppcli.model.units import Met
from oppcli.reads.table import Beyond, Kind, Row
from oppcli.render import cells
from oppcli.render.output import Output
from oppcli.render.screen import width
from oppcli.render.view import Shown

LONGEST = 32_767
"""Characters of a cell."""
CUT = "…"
DIGITS = 15
"""That a number keeps."""
WHOLE = 10**DIGITS
"""Below it an integer keeps all of its digits."""
FIRST_DAY = date(1900, 3, 1)
"""Before it, spreadsheets do not agree on which day a number is."""
Write = Callable[[Any, int, int, Row], None]
"""(sheet, line, place, row): puts the value of one column into its cell."""
INSTANT, DAY = "yyyy-mm-dd hh:mm", "yyyy-mm-dd"


class Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._numbers: dict[str, Any] = {}
        self.heading = book.add_format({"bold": True, "bottom": 1, "valign": "top", "num_format": "@"})
        self.text = book.add_format({"num_format": "@", "valign": "top"})
        self.wrapped = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        self.figure = book.add_format({"num_format": "@", "valign": "top", "align": "right"})
        """Of a number that only a text can hold."""
        self.cut: dict[str, None] = {}
        """Columns with texts that were too long."""

    def number(self, pattern: str) -> Any:
        """The format of numbers or dates that are shown so."""
        if pattern not in self._numbers:
            self._numbers[pattern] = self._book.add_format({"num_format": pattern, "valign": "top"})
        return self._numbers[pattern]


def local_time(ms: int, tz: str) -> datetime:
    """The wall time of an instant in a zone, as cells have it: without one."""
    from oppcli.words.zones import local

    return local(ms, tz).replace(tzinfo=None)


def room(value: Any, kind: Kind) -> int:
    """About how many characters wide a value is shown."""
    if value is None:
        return 0
    if kind in (Kind.INSTANT, Kind.DATE):
        return len(INSTANT) + 1
    if kind is Kind.MONEY:
        return len(f"{value / 100:,.2f}") + 1
    return max((width(line) for line in str(value).splitlines()), default=0) + 1 if kind in cells.WORDS else 8


def writer(shown: Shown, styles: Styles, out: Output) -> Write:
    """What writes the cells of one column; nothing for no value."""
    write = _BY_KIND.get(shown.column.kind, _texts)(shown, styles, out)
    at = shown.at

    def put(sheet: Any, line: int, place: int, row: Row) -> None:
        if row[at] is not None:
            write(sheet, line, place, row)

    return put


def _texts(shown: Shown, styles: Styles, out: Output) -> Write:
    """Words, ids, lists, nested data: never a formula, a link or a number, whatever they look like."""
    read, at, group = cells.flat(shown), shown.at, shown.column.words
    translated = bool(group) and not out.voice.plain

    def write(sheet: Any, line: int, place: int, row: Row) -> None:
        named = row[at].called if isinstance(row[at], Word) else ""
        word = Word(group, row[at], named) if named else coded(group, row[at] or "") if translated else ""
        text = out.told(word) if word else read([row])[0]
        if len(text) > LONGEST:
            styles.cut[shown.column.name] = None
        if text:
            sheet.write_string(line, place, fitted(text), styles.text)

    return write


def fitted(text: str) -> str:
    """The text as a cell can hold it: without what no file can, and no longer than it may be."""
    if not text.isprintable():
        text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT


def _put(sheet: Any, line: int, place: int, value: Decimal, style: Any, styles: Styles) -> None:
    """A number where it keeps all its digits, else the text of it."""
    if len(value.normalize().as_tuple().digits) > DIGITS:
        sheet.write_string(line, place, f"{value:f}", styles.figure)
    else:
        sheet.write_number(line, place, float(value), style)


def _money(shown: Shown, styles: Styles, out: Output) -> Write:
    """As many decimals as the currency has; where no column shows it, its name stands before the figure."""
    at, currency_at = shown.at, shown.currency_at
    known: dict[str, tuple[int, Any]] = {}

    def write(sheet: Any, line: int, place: int, row: Row) -> None:
        currency = "" if currency_at is None else row[currency_at] or ""
        if currency not in known:
            known[currency] = _pattern(currency, shown, styles)
        divisor, style = known[currency]
        if -WHOLE < row[at] < WHOLE:
            sheet.write_number(line, place, row[at] / divisor, style)
        else:
            _put(sheet, line, place, money.to_major(row[at], currency), style, styles)

    return write


def _pattern(currency: str, shown: Shown, styles: Styles) -> tuple[int, Any]:
    """Minor units of one of a currency, and how its amounts are shown."""
    digits = 0 if shown.column.counts and not currency else money.exponent(currency)
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return 10**digits, styles.number(f"[${currency}] {pattern}" if currency and shown.names_currency else pattern)


def _measures(shown: Shown, styles: Styles, out: Output) -> Write:
    """Days and hours with their unit behind them; `>138` is a text."""
    unit = out.told(shown.column.unit).replace('"', "")
    return _rounded(shown, styles, f'#,##0.0" {unit}"' if unit else "#,##0.0")


def _rounded(shown: Shown, styles: Styles, pattern: str) -> Write:
    """Figures with as many decimals as csv has."""
    read, at, style = cells.flat(shown), shown.at, styles.number(pattern)

    def write(sheet: Any, line: int, place: int, row: Row) -> None:
        text = read([row])[0]
        if isinstance(row[at], Beyond | Met):
            sheet.write_string(line, place, text, styles.figure)
        else:
            _put(sheet, line, place, Decimal(text), style, styles)

    return write


def _percents(shown: Shown, styles: Styles, out: Output) -> Write:
    """Two decimals, all four where they say something."""
    few, all_four = styles.number("0.00%"), styles.number("0.0000%")

    def write(sheet: Any, line: int, place: int, row: Row) -> None:
        style = few if row[shown.at] % 100 == 0 else all_four
        _put(sheet, line, place, Decimal(row[shown.at]).scaleb(-6), style, styles)

    return write


def _counts(shown: Shown, styles: Styles, out: Output) -> Write:
    style = styles.number("#,##0")
    return lambda sheet, line, place, row: _put(sheet, line, place, Decimal(row[shown.at]), style, styles)


def _numbers(shown: Shown, styles: Styles, out: Output) -> Write:
    style = styles.number("General")
    return lambda sheet, line, place, row: _put(sheet, line, place, Decimal(str(row[shown.at])), style, styles)


def _instants(shown: Shown, styles: Styles, out: Output) -> Write:
    def write(sheet: Any, line: int, place: int, row: Row) -> None:
        moment = local_time(row[shown.at], out.tz)
        if moment.date() < FIRST_DAY:
            sheet.write_string(line, place, f"{moment:%Y-%m-%d %H:%M}", styles.text)
        else:
            sheet.write_datetime(line, place, moment, styles.number(INSTANT))

    return write


def _dates(shown: Shown, styles: Styles, out: Output) -> Write:
    """A text that is no date, or one before spreadsheets begin, stays what it is."""

    def write(sheet: Any, line: int, place: int, row: Row) -> None:
        try:
            day = date.fromisoformat(row[shown.at])
        except ValueError:
            day = date.min
        if day < FIRST_DAY:
            sheet.write_string(line, place, fitted(str(row[shown.at])), styles.text)
        else:
            sheet.write_datetime(line, place, day, styles.number(DAY))

    return write


def _booleans(shown: Shown, styles: Styles, out: Output) -> Write:
    return lambda sheet, line, place, row: sheet.write_boolean(line, place, bool(row[shown.at]))


_BY_KIND: dict[Kind, Callable[[Shown, Styles, Output], Write]] = {
    Kind.MONEY: _money,
    Kind.DAYS: _measures,
    Kind.HOURS: _measures,
    Kind.FRACTION: lambda shown, styles, out: _rounded(shown, styles, "0.0%"),
    Kind.PERCENT: _percents,
    Kind.COUNT: _counts,
    Kind.SECONDS: _counts,
    Kind.NUMBER: _numbers,
    Kind.INSTANT: _instants,
    Kind.DATE: _dates,
    Kind.BOOL: _booleans,
}
