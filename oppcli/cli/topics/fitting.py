"""Pages of help in lines that fit: what something is called with what is said of it, and tables."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import groupby

from oppcli.render.screen import pad, width
from oppcli.render.wrap import going_on, hanging, wrapped

_NAMED = re.compile(r"(\s*\S.*?\s{2,})(\S.*)")
"""A line that names something and says behind two blanks what it is."""
_GAP = re.compile(r"\s{2,}")
"""Between what stands in columns."""
_PROSE = re.compile(r"(?!opp [^。，,]*$|[-*#|>`+] ?|\d+\. )\S")
"""How a line begins that goes on with the next one: no command, no item, no heading, no cell."""
_BAR = re.compile(r"(?<!\\)\|")
"""Between two cells; one in a text has a backslash before it."""
_RULE = re.compile(r"[\s:|-]+")
FIRST = 24
"""Cells of names beside which there is still room."""


def fitted(text: str, room: int) -> Iterator[str]:
    """The lines, those that are too long going on where what they say begins, with a dot between their columns. Lines
    of prose that do not fit are filled anew together."""
    for prose, run in groupby(text.split("\n"), lambda line: bool(_PROSE.match(line) and not _GAP.search(line))):
        lines = list(run)
        if prose and max(map(width, lines)) > room:
            yield from wrapped(reduce(going_on, lines), room)
        else:
            yield from _each_fitted(lines, room)


def _each_fitted(lines: Iterable[str], room: int) -> Iterator[str]:
    for line in lines:
        if width(line) <= room:
            yield line
        else:
            found = _NAMED.fullmatch(line)
            head, said = found.groups() if found else (line[: len(line) - len(line.lstrip())], line.lstrip())
            yield from hanging(head, _GAP.sub(" · ", said), room)


def table(lines: Sequence[str], room: int) -> Iterator[str]:
    """A table of a page: as it stands where it fits, else in columns; where those do not fit either, a record for each
    row, its first cell beside what the others say."""
    if max(map(width, lines)) <= room:
        yield from lines
        return
    rows = [[cell.strip().replace("\\|", "|") for cell in _BAR.split(line.strip()[1:-1])] for line in lines]
    rows = [row for row, line in zip(rows, lines, strict=True) if not _RULE.fullmatch(line)]
    count = max(map(len, rows))
    widths = [max(width(row[place]) for row in rows if place < len(row)) for place in range(count)]
    if sum(widths) + 2 * (count - 1) <= room:
        yield from ("  ".join(map(pad, row, widths)).rstrip() for row in rows)
        return
    first = min(widths[0], FIRST) + 2
    for name, *rest in rows:
        told = " · ".join(cell for cell in rest if cell)
        yield from hanging(pad(name, first) if width(name) + 2 <= first else f"{name}  ", told, room)
