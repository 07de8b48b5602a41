"""The header of a sheet: where it stands, what the columns are called, and the rows below it, each as wide as it."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import chain, count

from oppcli.errors import Reason
from oppcli.files.sheets.footer import Lined, above
from oppcli.files.sheets.opening import Unreadable, empty, with_rows
from oppcli.files.sheets.shape import Format, Row
from oppcli.model.command import command
from oppcli.model.said import Said, say
from oppcli.rules.cells import unguard
from oppcli.words import names

SHOWN_FAULTS = 10
NARROW = 2
"""Columns of a file in which a line of one cell may be a row."""


class Heading:
    """The header and what stands below it."""

    def __init__(
        self, rows: Iterator[Lined], told: Format, name: str, wanted: Collection[str], *, guarded: bool = False
    ) -> None:
        """`rows` goes on below the header. `wanted` are columns that have to be one each. `guarded`: it carries the
        apostrophe of `--excel`. Refused (`Unreadable`) where there is no such line, or none that can be used."""
        self.name, self.repeated, self.footer = name, 0, list[int]()
        found = next((row for row in rows if row[0] >= (told.header or 0)), None)
        if found is None and told.header:
            raise Unreadable(say("{name} has no line {line}", name=name, line=told.header), hint=with_rows())
        if found is None:
            raise empty(name)
        self.line, cells = found
        self.cells: Row = cells if told.header is not None else []
        self._rows = rows if told.header is not None else chain([found], rows)
        self.width = max(len(cells), len(told.columns))
        own = [(unguard(cell) if guarded else cell).strip() for cell in self.cells] or [""] * len(cells)
        self.names = (*told.columns, *own[len(told.columns) :])
        self._refuse(wanted)

    def _refuse(self, wanted: Collection[str]) -> None:
        """Refuse a header without a name, and a column that is wanted and there twice."""
        keys = {names.key(name) for name in wanted}
        doubled = [name for name in twice(self.names) if names.key(name) in keys]
        if doubled or not any(self.names):
            raise Unreadable(
                say("{name}:{line}: the header cannot be used", name=self.name, line=self.line),
                reasons=tuple(
                    Reason(name, say("names {count} columns", count=self.names.count(name))) for name in doubled
                )
                or (Reason(say("column {place}", place=1), say("has no name")),),
                hint=self._named(),
            )

    def _named(self) -> Said:
        """The line of a mapping that gives each column a name of its own."""
        from oppcli.files.drafts.writing import line

        return say(
            "in the mapping: [file] {columns}; {help}",
            columns=line("columns", told_apart(self.names)),
            help=command("help", "import"),
        )

    def rows(self, hint: str | None = None) -> Iterator[Lined]:
        """Every row below with the line it begins on; short ones are filled with blanks, the header met again and a
        footer are left out and counted. Raises `Unreadable` for rows with more cells than the header, naming them and
        giving the `hint`, and where there are none."""
        width, header, ragged, empty = self.width, self.cells, list[Reason](), True
        for found in above(self._rows, header, self.footer) if width > NARROW else self._rows:
            row = found[1]
            if row == header:
                self.repeated += 1
                continue
            empty = False
            if len(row) == width:
                if not ragged:
                    yield found
            elif any(row[width:]):
                ragged.append(_ragged(found, width))
                if len(ragged) > SHOWN_FAULTS:
                    break
            elif not ragged:
                yield found[0], [*row[:width], *[""] * (width - len(row))]
        if ragged:
            raise self._of(ragged, hint)
        if empty:
            raise Unreadable(say("{name} has a header and no rows", name=self.name), hint=with_rows())

    def _of(self, ragged: list[Reason], hint: str | None) -> Unreadable:
        more = len(ragged) > SHOWN_FAULTS
        told = (*ragged[:SHOWN_FAULTS], *((Reason("…", say("and more")),) if more else ()))
        first = ragged[0].what.removeprefix("line ")
        said = say("{name}:{first}: rows have more cells than the header", name=self.name, first=first)
        return Unreadable(said, reasons=told, hint=hint)


def twice(header: Sequence[str]) -> list[str]:
    """The names that several columns have."""
    return [name for name, often in Counter(header).items() if often > 1 and name]


def told_apart(header: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns, those met again with a number behind them: `Note, Note 2`; one without a name has that
    of its place."""
    found: list[str] = []
    for place, its in enumerate(header, 1):
        name = its or f"column {place}"
        others = (f"{name} {number}" for number in count(2))
        found.append(next(each for each in chain((name,), others) if each not in found))
    return tuple(found)


def _ragged(found: Lined, width: int) -> Reason:
    line, row = found
    said = say("{row} cells; the header has {width}", row=len(row), width=width)
    return Reason(say("line {line}", line=line), said)
