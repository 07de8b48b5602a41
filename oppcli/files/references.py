"""Cells that name another record: what a row says of it, and by which of its fields each cell may name it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Self

from oppcli.files.mapping import Source
from oppcli.files.reading import Columns, Problem, Read
from oppcli.files.sheets import Row

REFERENCE, REFERENCES = "reference", "references"
"""Kinds of fields that name another record, or several."""
KNOWN_BY: Mapping[str, tuple[str, ...]] = {
    "customer": ("external_id", "id", "name", "tax_id", "phone", "email", "domain"),
    "contact": ("external_id", "id", "name", "phone", "email"),
    "deal": ("external_id", "id", "name"),
    "activity": ("external_id", "id"),
    "task": ("external_id", "id", "name"),
}
"""By noun, what one is known by."""
BY_ITSELF: Mapping[str, str] = {"customer": "name", "contact": "name", "deal": "external_id", "activity": "external_id"}
"""By noun, what a cell names it by where the mapping does not say."""


class Reference(str):
    """What a row calls a record: as it stands in the first cell that says something, for messages."""

    __slots__ = ("by",)

    by: tuple[tuple[str, str], ...]
    """(field, text) of every cell that says something."""

    def __new__(cls, by: tuple[tuple[str, str], ...]) -> Self:
        self = super().__new__(cls, by[0][1])
        self.by = by
        return self

    def told(self, field: str) -> str | None:
        """What it says of a field; None for nothing."""
        return next((text for by, text in self.by if by == field), None)


def links(source: Source) -> Iterator[Source]:
    """A source and its alternatives, one by one."""
    each: Source | None = source
    while each is not None:
        yield replace(each, otherwise=None, required=False)
        each = each.otherwise


def speaks_of(source: Source) -> bool:
    """Whether a mapping says by which fields the record is known."""
    return any(link.by is not None for link in links(source))


def reader(columns: Columns, source: Source, noun: str) -> Read:
    """The function from a row to what it calls a record: all that any of the cells says; None for nothing."""
    reads = [
        (link.by or BY_ITSELF[noun], columns.reader(link, lambda _: str.strip, cached=False)) for link in links(source)
    ]

    def read(cells: Row) -> Reference | Problem | None:
        found = [(by, text) for by, one in reads if (text := one(cells))]
        wrong = next((text for _, text in found if type(text) is Problem), None)
        return wrong or (Reference(tuple(found)) if found else None)

    return read
