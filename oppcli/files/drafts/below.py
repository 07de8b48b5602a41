"""What stands below a drafted mapping: columns without a field, stages for the policy, people who would be made."""

from collections import Counter
from collections.abc import Container, Iterator
from statistics import median_low
from typing import Any

from oppcli.files.drafts.draft import Note
from oppcli.files.drafts.fitting import NAMING
from oppcli.files.drafts.names import CLOSED
from oppcli.files.drafts.placing import Places, instants
from oppcli.files.drafts.sample import Cells, Sample
from oppcli.files.drafts.writing import text
from oppcli.files.mapping_keys import OPEN
from oppcli.model.said import listed, say
from oppcli.words.names import person, unpadded

FEW = 4
"""Different cells that are named one by one."""
PEOPLE = 12
"""People who are named."""


def below(places: Places, tree: dict[str, Any]) -> Iterator[Note]:
    """The notes below a mapping."""
    named = str(tree)
    yield from left(places.sample, {n for n in places.sample.columns if n in places.used or f"{{{n}}}" in named})
    yield from _new_stages(places)
    yield from _people(places)


def left(sample: Sample, used: Container[str]) -> Iterator[Note]:
    """The columns that fill nothing."""
    rest = [cells for name, cells in sample.columns.items() if name not in used]
    if rest:
        yield Note(say("not placed:"), tuple(map(_left, rest)))


def _left(cells: Cells) -> str:
    """`"Deal Type" (2: New Business, Existing Business)`."""
    n, name = len(cells.counts), text(cells.name)
    if not n:
        return say("{name} (blank)", name=name)
    if n <= FEW:
        return say("{name} ({n}: {cells})", name=name, n=n, cells=listed(cells.counts))
    return say("{name} ({n} values)", name=name, n=n)


def _new_stages(places: Places) -> Iterator[Note]:
    """Stages that the policy does not have, in the order of the dates in their rows."""
    placed = places.fields.get("stage")
    values = placed.fit.keys.get("values", {}) if placed else {}
    unknown = [cell for cell, meant in values.items() if meant == OPEN]
    if not unknown or placed is None:
        return
    dated, lines = _median_dates(places, placed.column), list[str]()
    for cell in sorted(unknown, key=lambda cell: (dated.get(cell, float("inf")), cell)):
        lines += ["[[stage]]", f"name = {text(cell)}", 'kind = "open"']
    yield Note(
        say("stages that the policy does not have, by the median of their dates, to be pasted into it:"),
        (),
        tuple(lines),
    )


def _median_dates(places: Places, stage: str) -> dict[str, float]:
    """Stage → the median of a date in its rows; nothing where the file has no dates."""
    sample = places.sample
    for name in ("entered_at", CLOSED, "expected_close", "created_at"):
        placed = places.fields.get(name)
        if placed is None:
            continue
        read, found = instants(placed, places.here.zone), dict[str, list[float]]()
        for row in sample.rows:
            found.setdefault(sample.cell(row, stage), []).append(read(sample.cell(row, placed.column)))
        return {cell: median_low(dates) for cell, dates in found.items()}
    return {}


def _people(places: Places) -> Iterator[Note]:
    made, written = Counter[str](), dict[str, str]()
    for name in NAMING:
        if placed := places.fields.get(name):
            counts = places.sample.columns[placed.column].counts
            for cell, n in counts.items():
                if not places.here.person(cell):
                    written.setdefault(person(cell), unpadded(cell))
                    made[written[person(cell)]] += n
    if made:
        told = [f"{cell} ({n:,})" for cell, n in made.most_common(PEOPLE)]
        more = [say("{n} more", n=len(made) - PEOPLE)] if len(made) > PEOPLE else []
        yield Note(say("people to be made:"), (*told, *more))
