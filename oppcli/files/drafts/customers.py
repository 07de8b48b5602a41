"""By what else than its name a file of deals tells a customer: tax id, phone, mail address."""

from collections.abc import Iterator
from typing import Any

from oppcli.files import kinds
from oppcli.files.drafts.fitting import ENOUGH, Here, readable
from oppcli.files.drafts.names import plain
from oppcli.files.drafts.placing import Placed, Places
from oppcli.files.drafts.records import KNOWN, NAMES
from oppcli.files.drafts.sample import Cells, Sample
from oppcli.files.mapping import Source
from oppcli.model.fields import TYPED
from oppcli.model.said import Said, listed, say
from oppcli.words.names import key


def told(places: Places, placed: Placed) -> tuple[Any, Said]:
    """The source of the customer, and why: its column, and those that tell its tax id, phone and mail address, which a
    new one gets. A column of which a cell stands with two customers tells none apart, and is left."""
    source = {"column": placed.column, **placed.fit.keys}
    more = dict(_columns(places, placed.column))
    if not more:
        return source, placed.fit.why
    places.used.update(more.values())
    known = [{**source, "by": "name"}, *({"column": column, "by": by} for by, column in more.items())]
    columns = listed(more.values())
    return known, say("{why}; also known by {columns}, which a new one gets", why=placed.fit.why, columns=columns)


def _columns(places: Places, customer: str) -> Iterator[tuple[str, str]]:
    """(field of a customer, column) of those that are called so, each field once."""
    sample = places.sample
    for field in KNOWN:
        names = NAMES["customers"][field]
        free = [cells for name, cells in sample.columns.items() if name not in places.used and plain(name) in names]
        for cells in sorted(free, key=lambda cells: names.index(plain(cells.name))):
            if cells.counts and _fits(field, cells, places.here) and _apart(sample, cells.name, customer):
                yield field, cells.name
                break


def _fits(field: str, cells: Cells, here: Here) -> bool:
    convert = kinds.converter(TYPED["customer"][field], Source(), currency="", zone=here.zone)
    return readable(cells.counts, convert) >= ENOUGH * cells.filled


def _apart(sample: Sample, column: str, customer: str) -> bool:
    """Whether each cell of a column stands with one customer alone."""
    found: dict[str, str] = {}
    for row in sample.rows:
        cell, name = sample.cell(row, column), key(sample.cell(row, customer))
        if cell and name and found.setdefault(cell, name) != name:
            return False
    return True
