"""How a node of the process works: what people handled there, in time or not, with what result, what lies open."""

from collections.abc import Iterable

from oppcli.rules.statistics import Listed, median
from oppcli.tuples import NamedTuple

STAGE, STEP = "stage", "step"
KINDS = (STAGE, STEP)


class Handled(NamedTuple):
    """One stay that ended, or one decision."""

    business: int | None
    """How long it took, business milliseconds; None where nobody knows."""
    on_time: bool | None
    """Within the target of its stage, or before it was due; None where there is neither."""
    output: bool
    """It went on, or was approved."""
    returned: bool
    """It went back, or was returned."""


class Figures:
    """Those of one node and person, or of several."""

    def __init__(self) -> None:
        self.handled: list[Handled] = []
        self.lying: dict[tuple[int, ...], bool] = {}
        """What is open, each by what tells it apart, and whether it is late: what several hold is one of the whole."""

    @classmethod
    def of(cls, every: "Iterable[Figures]") -> "Figures":
        made = cls()
        for each in every:
            made.handled += each.handled
            made.lying |= each.lying
        return made

    @property
    def open(self) -> int:
        return len(self.lying)

    @property
    def late(self) -> int:
        return sum(self.lying.values())

    @property
    def on_time(self) -> int | None:
        known = self._timed()
        return sum(known) if known else None

    @property
    def on_time_rate(self) -> float | None:
        """Of those that had to be done by a time."""
        known = self._timed()
        return sum(known) / len(known) if known else None

    @property
    def median(self) -> float | None:
        """Business milliseconds."""
        return median(Listed(each.business for each in self.handled if each.business is not None))

    @property
    def output_rate(self) -> float | None:
        return self._share(sum(each.output for each in self.handled))

    @property
    def returned_rate(self) -> float | None:
        return self._share(sum(each.returned for each in self.handled))

    def _timed(self) -> list[bool]:
        return [each.on_time for each in self.handled if each.on_time is not None]

    def _share(self, part: int) -> float | None:
        return part / len(self.handled) if self.handled else None
