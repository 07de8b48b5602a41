"""What a mapping still leaves open: a `?` of a draft that nobody has said the meaning of."""

from collections.abc import Iterator

from oppcli.errors import Reason
from oppcli.files.mapping import ImportMap, Source
from oppcli.files.mapping_keys import OPEN
from oppcli.model.said import Said, listed, say


def openings(mapping: ImportMap) -> Iterator[Reason]:
    """Each place with a `?`."""
    for where, first in mapping.sources():
        source: Source | None = first
        while source is not None:
            yield from (Reason(where, what) for what in _open(source))
            source = source.otherwise


def _open(source: Source) -> Iterator[Said]:
    cells = [repr(cell) for cell, meant in source.values.items() if meant == OPEN]
    if cells:
        yield say("say what {cells} {n:is|are} in place of ?", cells=listed(cells), n=len(cells))
    if OPEN in (source.constant, source.template, source.column):
        yield say("say what it is in place of ?")
    if source.date == OPEN:
        yield say("say how its dates are written in place of ?")
    if source.decimal == OPEN:
        yield say('say decimal = "." or "," in place of ?')
