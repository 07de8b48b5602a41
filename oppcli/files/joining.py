"""Other files whose columns the rows of a file have too: `[join.users]` of a mapping."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from oppcli.errors import Reason
from oppcli.files.mapping import PLACEHOLDER, ImportMap, Join, MappingError, Source
from oppcli.files.sheets import Row, Sheet, open_sheet
from oppcli.files.sheets.opening import open_file
from oppcli.model.command import command
from oppcli.model.said import say
from oppcli.words import names
from oppcli.words.spelling import nearest


class Partners:
    """The rows of another file by their key, as far as the mapping names their columns."""

    def __init__(self, join: Join, wanted: Sequence[str], place: Path) -> None:
        """Refused (`MappingError`) where a column is missing or a key is there twice, (`Unreadable`) where the file
        cannot be read."""
        self.join, self.missing = join, 0
        """How many rows have no partner so far."""
        stream, name = open_file(str(place))
        with stream:
            sheet = open_sheet(stream, name, wanted=(join.key, *wanted))
            key, *places = (_place(join, sheet, column) for column in (join.key, *wanted))
            self.header = tuple(f"{join.name}.{sheet.header[place]}" for place in places)
            self.rows = self._read(sheet, key, places)
        self.none: Row = [""] * len(places)

    def _read(self, sheet: Sheet, key: int, places: Sequence[int]) -> dict[str, Row]:
        found: dict[str, Row] = {}
        for line, row in sheet.rows():
            text = str(row[key]).strip()
            if text in found:
                what = say("{key!r} is in {file} twice (line {line})", key=text, file=sheet.name, line=line)
                raise _unfit(self.join, what)
            if text:
                found[text] = [row[place] for place in places]
        return found

    def of(self, text: str) -> Row:
        """The cells of the partner with this key; blank ones where there is none, which is counted."""
        found = self.rows.get(text.strip())
        if found is None:
            self.missing += 1
            return self.none
        return found


class Joined:
    """A sheet whose rows go on with the cells of their partners."""

    def __init__(self, sheet: Sheet, partners: Sequence[Partners]) -> None:
        self._sheet, self.partners = sheet, partners
        self.header: tuple[str, ...] = sheet.header
        self._on: list[int] = []
        for each in partners:
            self._on.append(_column(each.join, "on", each.join.on, self.header, sheet.name))
            self.header += each.header

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sheet, name)

    def __setattr__(self, name: str, value: Any) -> None:
        """How much is taken is known to the sheet below."""
        if name == "taken":
            self._sheet.taken = value
        else:
            super().__setattr__(name, value)

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Every row with the cells of its partners."""
        for line, row in self._sheet.rows():
            whole = [*row]
            for place, partners in zip(self._on, self.partners, strict=True):
                whole += partners.of(whole[place])
            yield line, whole


def fitted(sheet: Sheet, mapping: ImportMap, file: str) -> tuple[Sheet, ImportMap]:
    """The sheet with the columns of the other files that the mapping names, and the mapping with the names of all those
    columns. The others lie beside the file that is imported. Refused as `Partners`."""
    if mapping.joins:
        spelt, folder = matched(mapping, sheet.header), Path(file).parent
        partners = [Partners(join, spelt.of_join(join), folder / join.file) for join in spelt.joins]
        whole: Any = Joined(sheet, partners)
        sheet = whole
    return sheet, matched(mapping, sheet.header)


def matched(mapping: ImportMap, header: Sequence[str]) -> ImportMap:
    """The mapping with the names of the header: case, width and runs of blanks make no difference. What is in it as it
    is written stays; what could be several columns, or is none of them, stays for whoever tells what does not fit."""
    if mapping.columns <= frozenset(header):
        return mapping
    folded: dict[str, list[str]] = {}
    for name in header:
        folded.setdefault(names.key(name), []).append(name)

    def spelt(column: str) -> str:
        found = folded.get(names.key(column), ())
        return found[0] if column not in header and len(found) == 1 else column

    def each(sources: Mapping[str, Source]) -> dict[str, Source]:
        return {name: _respelt(source, spelt) for name, source in sources.items()}

    joins = tuple(join._replace(on=spelt(join.on)) for join in mapping.joins)
    of = mapping
    return replace(of, joins=joins, fields=each(of.fields), entered=each(of.entered), deal=each(of.deal))


def _respelt(source: Source, spelt: Callable[[str], str]) -> Source:
    return replace(
        source,
        column=None if source.column is None else spelt(source.column),
        template=source.template and PLACEHOLDER.sub(lambda found: "{" + spelt(found[1]) + "}", source.template),
        when=tuple(condition._replace(column=spelt(condition.column)) for condition in source.when),
        otherwise=source.otherwise and _respelt(source.otherwise, spelt),
    )


def partnerless(sheet: Sheet) -> Iterator[str]:
    """How many rows had no partner, by file, where there were any."""
    for each in getattr(sheet, "partners", ()):
        if each.missing:
            yield say("{n:,} {n:row|rows} without a partner in {file}", n=each.missing, file=each.join.file)


def _place(join: Join, sheet: Sheet, column: str) -> int:
    return _column(join, "key" if column == join.key else column, column, sheet.header, sheet.name)


def _column(join: Join, what: str, column: str, header: Collection[str], file: str) -> int:
    spelt = [name for name in header if name == column] or [n for n in header if names.key(n) == names.key(column)]
    if len(spelt) != 1:
        near = nearest(column, header)
        said = say("{file} has no column {column!r}{nearest}", file=file, column=column, nearest=near)
        raise _unfit(join, said, what)
    return list(header).index(spelt[0])


def _unfit(join: Join, said: str, what: str = "key") -> MappingError:
    return MappingError(
        say("[join.{name}] does not fit", name=join.name),
        reasons=(Reason(f"[join.{join.name}] {what}", said),),
        hint=command("help", "import"),
    )
