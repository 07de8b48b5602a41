"""A source of the mapping → a function from a row to the value of a field: blanks, value maps and caches included."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Self

from oppcli.files.dates import ISO
from oppcli.files.doubts import Doubt, Doubtful
from oppcli.files.mapping import OTHERS, PLACEHOLDER, Condition, Source
from oppcli.files.mapping_keys import OPEN
from oppcli.files.sheets import Row
from oppcli.files.sheets.shape import Moment, Shortened
from oppcli.model.said import Said, say, told
from oppcli.rules.cells import unguard
from oppcli.words.invalid import Invalid

Convert = Callable[[str], Any]
Made = Callable[[Source], Convert]
Read = Callable[[Row], Any]
REMEMBERED = 1 << 15
"""Cells per column whose values are kept at hand; a column of other values is forgotten and begun anew, so that
memory stays constant."""


class Problem(Said):
    """What is wrong with a cell: takes the place of its value."""

    __slots__ = ("doubt",)

    doubt: Doubt | None
    """What the mapping has to say of such cells."""

    def __new__(cls, what: object) -> Self:
        """Of a sentence, or of the error that says it."""
        said = what.args[0] if isinstance(what, Invalid) and what.args else what
        template, values = (said.template, said.values) if isinstance(said, Said) else (str(said), {})
        self = super().__new__(cls, str(said), template, values)
        self.doubt = what.doubt if isinstance(what, Doubtful) else None
        return self


BLANK = Problem(say("is blank"))


class Columns:
    """The header of a file: makes readers for its columns."""

    def __init__(self, header: tuple[str, ...], *, excel: bool, typed: bool = False) -> None:
        """`typed`: cells may be texts that are more than their text, as in a workbook."""
        self.places = {name: place for place, name in enumerate(header)}
        self.excel, self.typed = excel, typed

    def reader(self, source: Source, of: Made, *, cached: bool = True, numeric: bool = False) -> Read:
        """The function from a row to the converted value; None where it is blank, `Problem` where it is wrong. `of`
        makes the conversion of a source. `numeric`: the field holds numbers, of which the last of sixteen digits do not
        matter."""
        read = self._plain(source, of, cached, numeric)
        if source.when:
            read = _on_condition(read, [self._holds(condition) for condition in source.when])
        if source.otherwise is not None:
            read = _alternative(read, self.reader(source.otherwise, of, cached=cached, numeric=numeric))
        return _required(read) if source.required else read

    def _plain(self, source: Source, of: Made, cached: bool, numeric: bool) -> Read:
        understood = self._understood(source, of(source))
        if source.constant is not None:
            value = understood(source.constant)
            return lambda row: value
        if self.typed:
            dated = understood if source.date in (None, ISO) else self._understood(source, of(as_iso(source)))
            understood = _typed(understood, dated, numeric)
        if source.template is not None:
            return _template(self._text(source), understood)
        assert source.column is not None
        place = self.places[source.column]
        return _cached(place, understood) if cached else lambda row: understood(row[place])

    def _holds(self, condition: Condition) -> Callable[[Row], bool]:
        place, among = self.places[condition.column], condition.among
        if among is None:
            return lambda row: bool(row[place].strip())
        return lambda row: row[place].strip().casefold() in among

    def _understood(self, source: Source, convert: Convert) -> Convert:
        """Cell → value: the guard of a spreadsheet export taken off, the value map applied, blanks told apart."""
        values, blank, excel, others = source.values, source.blank, self.excel, source.values.get(OTHERS)

        def understood(cell: str) -> Any:
            text = (unguard(cell) if excel else cell).strip(" ")
            bare = text.strip()
            if values and (bare in values or (others is not None and bare not in blank)):
                text = values.get(bare, others or "")
                if not text:
                    return None
            elif bare in blank:
                return None
            try:
                return convert(text)
            except Invalid as wrong:
                return Problem(wrong)

        return understood

    def _text(self, source: Source) -> Read:
        """The text of a template, empty where one of its columns is blank."""
        pieces = PLACEHOLDER.split(source.template or "")
        fixed, places, blank = pieces[0::2], [self.places[name] for name in pieces[1::2]], source.blank
        excel, typed = self.excel, self.typed

        def text(row: Row) -> str:
            cells = [(unguard(row[place]) if excel else row[place]).strip() for place in places]
            if any(cell in blank for cell in cells):
                return ""
            if typed and any(type(row[place]) is Shortened for place in places):
                return Shortened("".join(cells))
            return "".join([text for pair in zip(fixed, [*cells, ""], strict=True) for text in pair])

        return text


def _cached(place: int, understood: Convert) -> Read:
    seen = _Seen(understood)
    return lambda row: seen[row[place]]


class _Seen(dict[str, Any]):
    """Cells of a column by their text, each read once."""

    def __init__(self, understood: Convert) -> None:
        self.understood = understood

    def __missing__(self, cell: str) -> Any:
        if len(self) >= REMEMBERED:
            self.clear()
        value = self[cell] = self.understood(cell)
        return value


def as_iso(source: Source) -> Source:
    """The same for dates written as ISO."""
    return replace(source, date=ISO)


def _typed(understood: Convert, dated: Convert, numeric: bool) -> Convert:
    """What a workbook knows of a cell besides its text: a date, a number that has lost its end."""

    def typed(cell: str) -> Any:
        kind = type(cell)
        if kind is str:
            return understood(cell)
        if kind is Moment:
            return dated(str(cell))
        if numeric:
            return understood(str(cell))
        return Problem(say("{typed} is a number of over 15 digits: its end is lost, make the column text", typed=cell))

    return typed


def _on_condition(read: Read, holds: Sequence[Callable[[Row], bool]]) -> Read:
    """Blank where a condition does not hold."""
    return lambda row: read(row) if all(hold(row) for hold in holds) else None


def _template(text: Read, understood: Convert) -> Read:
    return lambda row: understood(text(row))


def _alternative(read: Read, otherwise: Read) -> Read:
    def first(row: Row) -> Any:
        value = read(row)
        return otherwise(row) if value is None else value

    return first


def _required(read: Read) -> Read:
    missing = BLANK

    def required(row: Row) -> Any:
        value = read(row)
        return missing if value is None else value

    return required


def constants(source: Source, convert: Convert) -> Mapping[str, str]:
    """What is wrong with the constant and the meanings of the value map, by the text: told before a row is read."""
    texts = [text for text in (source.constant, *source.values.values()) if text and text != OPEN]
    wrong = {}
    for text in texts:
        try:
            convert(text)
        except Invalid as problem:
            wrong[text] = told(problem)
    return wrong
