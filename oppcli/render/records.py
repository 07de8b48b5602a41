"""Rows on two or three lines, where one line has no room for them."""

from collections.abc import Iterator, Sequence

from oppcli.model.nouns import BY_WORD
from oppcli.reads.table import Column, Kind
from oppcli.render.screen import GAP
from oppcli.render.wrap import joined

_NAMED = frozenset(Kind) - {Kind.TEXT, Kind.LIST, Kind.MONEY, Kind.REF}
"""Kinds whose values say nothing without their heading."""
_BROKEN = frozenset((Kind.TEXT, Kind.LIST, Kind.OBJECT))
"""Kinds that are wrapped by word; a date and a figure stay in one piece."""


def below(
    columns: Sequence[Column], headings: Sequence[str], texts: Sequence[str], room: int, indent: str
) -> Iterator[str]:
    """The lines of a record below its first: what has a value, in order, its heading before it where it says nothing
    without; a command on a line of its own."""
    parts, alone = list[tuple[str, bool]](), list[str]()
    for column, heading, text in zip(columns, headings, texts, strict=True):
        if not text:
            continue
        if column.alone:
            alone.append(text)
        else:
            name = heading if type(column.title) is str else heading.lower()  # as the team writes it
            parts.append((f"{name} {text}" if _is_named(column) else text, column.kind in _BROKEN))
    for line in (*joined(parts, room - len(indent)), *alone):
        yield indent + line


def indented(key: int, room: int) -> str:
    """What stands before the lines below, by the cells of the key: as wide as it, but of half the room at most."""
    return " " * min(key + len(GAP), room // 2)


def _is_named(column: Column) -> bool:
    if column.kind is Kind.REF:
        return column.name != "id" and column.name not in BY_WORD
    return column.named or column.kind in _NAMED or (column.kind is Kind.MONEY and column.name != "amount")
