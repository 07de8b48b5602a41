"""A break-down report: one value that says which deals are counted, by which date, and what is measured; columns, keys,
comparisons, totals and order follow from it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from oppcli.model.said import Said
from oppcli.reads.breakdown_cells import Cell, Measure
from oppcli.reads.breakdown_gathering import Counted, Times
from oppcli.reads.breakdown_keys import Key
from oppcli.reads.table import Footnote
from oppcli.store.doors import ReadDoor
from oppcli.tuples import NamedTuple

if TYPE_CHECKING:
    from oppcli.rules.exchange import Converter

Told = Callable[[Cell], Iterable[Footnote]]
Beside = Callable[["Asking"], Iterable[tuple[Sequence[Sequence[Any]], Cell]]]


class Asking(NamedTuple):
    """What is asked, for what stands beside the deals."""

    door: ReadDoor
    args: Mapping[str, Any]
    keys: Sequence[Key]
    times: Times
    begins: int
    """The month in which the year of reports begins."""
    by: "Converter | None"
    """Counts money in the currency that is asked for."""


class Breakdown(NamedTuple):
    """One report."""

    name: str
    title: Said
    on: str
    """The date it is about unless `--on` says another."""
    by: str
    """The key it has unless `--by` says others; empty for none."""
    measures: tuple[Measure, ...]
    noun: Callable[[int], Said]
    """What it is about, counted: `6,711 closed deals`."""
    help: str = ""
    counted: Counted = Counted(())
    """The deals it adds up: none where it finds its records by itself."""
    kind: str = ""
    """The kind of deals whose money it tells."""
    told: Told = lambda total: ()
    """What else is said of the whole."""
    beside: Beside | None = None
    """What stands with the deals and is none of them."""
    periods: bool = True
    """Whether it can be split by periods: not where it is about now."""
    ordered: str = ""
    """The measure by which rows stand, where that is not the first."""
    crossed: bool = True
    """Whether people see two keys as a cross table: not of a report whose own key stands behind another one."""
    examples: tuple[str, ...] = ()
