"""What is known of rows of two keys beside the rows: the order of their values, and the figures of each alone."""

from collections.abc import Mapping
from typing import Any

from oppcli.tuples import NamedTuple

Figures = tuple[Any, ...]


class Cross(NamedTuple):
    """Rows of two keys as people see them: the values of the first down, those of the second across, in these orders,
    and one of the figures at each crossing. Figures of each value alone, and of nothing, stand in the order of the
    columns behind the keys."""

    down: tuple[Any, ...]
    across: tuple[Any, ...]
    first: Mapping[Any, Figures]
    second: Mapping[Any, Figures]
    nothing: Figures
