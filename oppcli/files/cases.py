"""The rows of a log case by case, in the order of the file, whether or not the rows of a case stand together."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from oppcli.files import sorting
from oppcli.files.reading import Read
from oppcli.files.sheets import Row, Sheet
from oppcli.tuples import NamedTuple

GROUPS = 4_000
"""Cases held at once."""


class Case(NamedTuple):
    """The rows with one case id, each with the line it begins on."""

    key: str
    """Empty: the id of these rows is blank or wrong."""
    rows: list[tuple[int, Row]]


def cases(sheet: Sheet, key: Read) -> Iterator[Case]:
    """Every case, the one whose first row comes first first. The file is sorted twice, in constant memory: by case,
    and the cases by their first row. Raises what `Sheet.rows` does."""
    read = taken = 0
    sheet.taken = 0.0

    def rows() -> Iterator[tuple[str, int, Row]]:
        nonlocal read
        for line, cells in sheet.rows():
            read += 1
            yield _text(key(cells)), line, cells

    for _, case, found in sorting.in_order(_grouped(sorting.in_order(rows())), GROUPS):
        yield Case(case, found)
        taken += len(found)
        sheet.taken = taken / read


def _text(value: object) -> str:
    return value if type(value) is str else ""


def _grouped(rows: Iterator[tuple[str, int, Row]]) -> Iterator[tuple[int, str, list[tuple[int, Row]]]]:
    for key, group in groupby(rows, key=itemgetter(0)):
        if key:
            found = [(line, cells) for _, line, cells in group]
            yield found[0][0], key, found
        else:
            # Rows without an id have nothing in common, and may be many.
            for _, line, cells in group:
                yield line, "", [(line, cells)]
