"""A break-down report: one value that says which deals are counted, by which date, and what is measured; columns, keys,
comparisons, totals and order follow from it.
"""

from collections.abc import Callable, Iterable

from oppcli.model.said import Said
from oppcli.reads.breakdown_cells import Cell, Measure
from oppcli.reads.breakdown_gathering import Counted
from oppcli.reads.table import Footnote
from oppcli.tuples import NamedTuple

Told = Callable[[Cell], Iterable[Footnote]]


class Breakdown(NamedTuple):
    """One report."""

    name: str
    title: Said
    help: str
    counted: Counted
    on: str
    """The date it is about unless `--on` says another."""
    by: str
    """The key it has unless `--by` says others; empty for none."""
    measures: tuple[Measure, ...]
    kind: str
    """The kind of deals whose money it tells."""
    noun: Callable[[int], Said]
    """What it is about, counted: `6,711 closed deals`."""
    told: Told = lambda total: ()
    """What else is said of the whole."""
    periods: bool = True
    """Whether it can be split by periods: not where it is about now."""
    examples: tuple[str, ...] = ()
