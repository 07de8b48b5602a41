"""Which columns a line has room for and how wide they are, or that rows have to become records."""

from collections.abc import Mapping, Sequence
from typing import Any

from oppcli.reads.table import Column, Kind
from oppcli.render.screen import GAP
from oppcli.tuples import NamedTuple

FLOOR = 16
"""A text that may be shortened keeps so many cells, and its heading."""
WORST = 4
"""Columns of this rank and worse may be left out."""
FIRST_LINE = 2
"""Up to this rank a column stands on the first line of a record."""
_RANKS = {Kind.REF: 1, Kind.MONEY: 1, Kind.TEXT: 2, Kind.LIST: 4, Kind.BOOL: 5, Kind.OBJECT: 6}
"""Of columns that say none."""


class Plan(NamedTuple):
    """The columns of a line by their place, and the cells of each; where they do not fit, of the first line of a
    record."""

    kept: list[int]
    widths: list[int]
    records: bool


FIXED = {"by": "submitted_by"}
"""Options that are not called as the column they look at."""


def telling(columns: Sequence[Column], texts: Sequence[Sequence[str]], asked: Mapping[str, Any]) -> list[int]:
    """The columns that tell something: not those without a text, nor those that an option has made all the same."""
    fixed = {FIXED.get(name, name) for name, given in asked.items() if _is_one(given)}
    return [
        place
        for place, column in enumerate(columns)
        if place == 0
        or (column.name not in fixed and any(row[place] for row in texts))
        or len({row[place] for row in texts}) > 1
    ]


def _is_one(given: Any) -> bool:
    """Does what was typed name one value, and not several, or all but one?"""
    words = given if isinstance(given, list) else [given]
    return len(words) == 1 and isinstance(words[0], str) and not words[0].startswith("!") and "," not in words[0]


def planned(
    columns: Sequence[Column], headings: Sequence[int], widths: Sequence[int], room: int, *, cuts: bool, drops: bool
) -> Plan:
    """How rows are laid out in `room` cells. `headings` and `widths` are the cells of each heading, and of the widest
    of heading and texts; `cuts` allows to shorten texts, `drops` to leave columns out."""
    floors = _floors(columns, headings, widths) if cuts else list(widths)
    kept = list(range(len(columns)))
    while drops and spread(floors, kept) > room:
        able = [place for place in kept[1:] if _rank(columns[place]) >= WORST]
        if not able:
            break
        kept.remove(max(able, key=lambda place: (_rank(columns[place]), place)))
    records = spread(floors, kept) > room
    if records:
        kept = _first_line(columns, floors, room)
    return Plan(kept, _narrowed(widths, floors, kept, room), records)


def spread(widths: Sequence[int], kept: Sequence[int]) -> int:
    """Cells of a line of these columns."""
    return sum(widths[place] for place in kept) + len(GAP) * (len(kept) - 1)


def _floors(columns: Sequence[Column], headings: Sequence[int], widths: Sequence[int]) -> list[int]:
    """The least cells of each column."""
    each = zip(columns, headings, widths, strict=True)
    return [min(cells, max(FLOOR, heading)) if column.cut else cells for column, heading, cells in each]


def _first_line(columns: Sequence[Column], floors: Sequence[int], room: int) -> list[int]:
    """The columns of ranks 1 and 2, as far as they fit; the first, by which a record is known, always."""
    kept = [place for place, column in enumerate(columns) if place == 0 or _rank(column) <= FIRST_LINE]
    while len(kept) > 1 and spread(floors, kept) > room:
        kept.remove(max(kept[1:], key=lambda place: (_rank(columns[place]), place)))
    return kept


def _narrowed(widths: Sequence[int], floors: Sequence[int], kept: Sequence[int], room: int) -> list[int]:
    """The cells of each kept column: while the line is too wide the widest text gives one away, down to its floor."""
    found = {place: min(widths[place], max(room, floors[place])) for place in kept}
    for _ in range(spread(found, kept) - room):  # type: ignore[arg-type]
        able = [place for place in kept if found[place] > floors[place]]
        if not able:
            break
        found[max(able, key=found.__getitem__)] -= 1
    return [found[place] for place in kept]


def _rank(column: Column) -> int:
    return column.rank or _RANKS.get(column.kind, 3)
