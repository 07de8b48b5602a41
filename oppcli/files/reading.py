"""A source of the mapping → a function from a row to the value of a field: blanks, value maps and caches included."""

from collections.abc import Callable, Mapping
from typing import Any, Self

from oppcli.files.doubts import Doubt, Doubtful
from oppcli.files.mapping import PLACEHOLDER, Source
from oppcli.files.sheets import Row
from oppcli.model.said import Said, say, told
from oppcli.rules.cells import unguard
from oppcli.words.invalid import Invalid

Convert = Callable[[str], Any]
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

    def __init__(self, header: tuple[str, ...], *, excel: bool) -> None:
        self.places = {name: place for place, name in enumerate(header)}
        self.excel = excel

    def reader(self, source: Source, convert: Convert, *, cached: bool = True) -> Read:
        """The function from a row to the converted value; None where it is blank, `Problem` where it is wrong."""
        read = self._plain(source, convert, cached)
        if source.otherwise is not None:
            read = _alternative(read, self.reader(source.otherwise, convert, cached=cached))
        return _required(read) if source.required else read

    def _plain(self, source: Source, convert: Convert, cached: bool) -> Read:
        understood = self._understood(source, convert)
        if source.constant is not None:
            value = understood(source.constant)
            return lambda row: value
        if source.template is not None:
            return _template(self._text(source), understood)
        assert source.column is not None
        place = self.places[source.column]
        return _cached(place, understood) if cached else lambda row: understood(row[place])

    def _understood(self, source: Source, convert: Convert) -> Convert:
        """Cell → value: the guard of a spreadsheet export taken off, the value map applied, blanks told apart."""
        values, blank, excel = source.values, source.blank, self.excel

        def understood(cell: str) -> Any:
            text = (unguard(cell) if excel else cell).strip(" ")
            bare = text.strip()
            if values and bare in values:
                text = values[bare]
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
        excel = self.excel

        def text(row: Row) -> str:
            cells = [(unguard(row[place]) if excel else row[place]).strip() for place in places]
            if any(cell in blank for cell in cells):
                return ""
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
    texts = [text for text in (source.constant, *source.values.values()) if text]
    wrong = {}
    for text in texts:
        try:
            convert(text)
        except Invalid as problem:
            wrong[text] = told(problem)
    return wrong
