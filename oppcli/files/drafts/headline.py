"""Where the header of a file stands: below a title and blank lines, in many exports that people made by hand."""

import re
from collections.abc import Callable, Iterator
from itertools import islice

from oppcli.files.sheets import Row, Sheet
from oppcli.files.sheets.opening import Unreadable
from oppcli.files.sheets.shape import Format

LINES = 15
"""Lines looked at."""
WIDEST = 300
"""Columns of a line that is looked at."""
_VALUE = re.compile(r"[\d\s.,:/%$€£¥+()-]*\d[\d\s.,:/%$€£¥+()-]*")
_COLUMNS = tuple(f"{place}" for place in range(WIDEST))


def headline(opened: Callable[[Format], Sheet], told: Format) -> Format:
    """How a file is written, with the line of its header where that is not the first. `opened` opens it anew."""
    for delimiter in dict.fromkeys((told.delimiter, None, ";", "\t", "|")):
        raw = told._replace(header=None, columns=_COLUMNS, delimiter=delimiter)
        lines = list(_lines(opened(raw)))
        line = _header(lines)
        if line is not None:
            first = line == lines[0][0]
            return told if first else told._replace(header=line, delimiter=delimiter)
    return told


def _lines(sheet: Sheet) -> Iterator[tuple[int, Row]]:
    """The first lines as they stand."""
    try:
        yield from islice(sheet.rows(), LINES)
    except Unreadable:
        return


def _header(lines: list[tuple[int, Row]]) -> int | None:
    """The first line that names columns: two at least, half as many as the widest has, words, most of them once."""
    filled = [(line, [cell.strip() for cell in row if cell.strip()]) for line, row in lines]
    widest = max((len(cells) for _, cells in filled), default=0)
    for line, cells in filled:
        names = not any(_VALUE.fullmatch(cell) for cell in cells) and len(set(cells)) * 3 >= len(cells) * 2
        if len(cells) >= max(2, widest / 2) and names:
            return line
    return None
