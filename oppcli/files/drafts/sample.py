"""The first rows of a file column by column: what a draft is made from."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from oppcli.files.sheets import Row, Sheet
from oppcli.files.totals import says_total
from oppcli.rules.cells import unguard
from oppcli.words.names import key

ROWS = 2_000
"""Rows that a draft reads."""
NOTHING = frozenset("- -- — n/a #n/a na none null tbd tba nil / 无 暂无 未知 空 待定 未定 不详".split())
"""Cells that say nothing, folded."""


@dataclass(slots=True)
class Cells:
    """The cells of one column: what stands in them, and how often."""

    name: str
    counts: Counter[str] = field(default_factory=Counter)
    """Those that say something."""
    nothing: Counter[str] = field(default_factory=Counter)
    """Texts such as `n/a`, as they are written."""

    @property
    def filled(self) -> int:
        """Rows in which it says something."""
        return self.counts.total()

    def add(self, cell: str) -> None:
        text = cell.strip()
        if text and key(text) in NOTHING:
            self.nothing[text] += 1
        elif text:
            self.counts[text] += 1


class Sample:
    """The header and the first rows of a file; lines of totals and headers met again are left out."""

    def __init__(self, header: Sequence[str], rows: Sequence[Row], *, more: bool = False) -> None:
        self.header, self.rows, self.more = tuple(header), rows, more
        """`more`: the file has rows that were not read."""
        self.columns = {name: Cells(name) for name in header if name}
        places = [(place, self.columns[name]) for place, name in enumerate(header) if name]
        for row in rows:
            for place, cells in places:
                if place < len(row):
                    cells.add(row[place])

    def cell(self, row: Row, column: str) -> str:
        """What stands in a column of a row; nothing where it says nothing."""
        place = self.header.index(column)
        text = row[place].strip() if place < len(row) else ""
        return "" if key(text) in NOTHING else text


def sampled(sheet: Sheet) -> Sample:
    """The first `ROWS` rows of an open sheet. Raises what `Sheet.rows` does within them."""
    found = list(islice(_rows(sheet), ROWS + 1))
    return Sample(sheet.header, found[:ROWS], more=len(found) > ROWS)


def _rows(sheet: Sheet) -> Iterator[Row]:
    names = [name.strip() for name in sheet.header]
    for _, row in sheet.rows():
        cells = [unguard(cell) for cell in row] if sheet.excel else row
        if [cell.strip() for cell in cells] != names and not is_total(cells):
            yield cells


def is_total(row: Row) -> bool:
    """Whether a row only sums up: the first cell that is filled says so, or it stands alone in a wide row."""
    filled = [cell.strip() for cell in row if cell.strip()]
    return bool(filled) and (says_total(filled[0]) or (len(filled) == 1 and len(row) > 3))
