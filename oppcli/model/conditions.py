"""What a condition is once it was read: comparisons of fields with values, joined. The grammar is in `rules.syntax`."""

from collections.abc import Iterator
from typing import Any

from oppcli.tuples import NamedTuple

IS_EMPTY, NOT_EMPTY = "is empty", "is not empty"
EMPTINESS = (IS_EMPTY, NOT_EMPTY)
"""Comparisons that a field without a value answers, too."""


class Bare(str):
    """A word without quotes where a text is expected: `报价`, or `me`."""

    __slots__ = ()


class Comparison(NamedTuple):
    """One comparison of a field with a value; a bare `budget_confirmed` is `== True`."""

    field: str
    op: str
    """< <= > >= == != ~ in, not in, is empty, is not empty."""
    value: Any
    """A Decimal, a text, a bool; for `in` and `not in` a tuple of them; nothing where it is asked for emptiness. Dates
    are ISO text."""
    column: int
    """Where the field stands in the text, 1 first."""
    bare: bool = False


class Group(NamedTuple):
    """Comparisons joined by `and` or `or`, or one part under `not`."""

    op: str
    parts: tuple["Comparison | Group", ...]


Node = Comparison | Group


def comparisons(node: Node | None) -> Iterator[Comparison]:
    """Every comparison in a tree, in the order written."""
    if isinstance(node, Comparison):
        yield node
    elif node is not None:
        for part in node.parts:
            yield from comparisons(part)
