"""How long a step would take people that it was never asked of: what they took lately, else what the step allows."""

from collections.abc import Sequence
from functools import cached_property

from oppcli.model.policy import StepRule
from oppcli.model.units import DAY_MS
from oppcli.reads.turnaround_approvals import took
from oppcli.reads.turnaround_figures import Waits
from oppcli.rules.statistics import Listed, median
from oppcli.store.doors import ReadDoor

LATELY_MS = 180 * DAY_MS


class Times:
    """The estimate of a step; what people took is looked up when the first one is wanted."""

    def __init__(self, door: ReadDoor, waits: Waits, now: int) -> None:
        self._door, self._waits, self._now = door, waits, now
        self._known: dict[tuple[str, ...], int | None] = {}
        self.by_history = self.by_sla = 0
        """How many estimates were made of what people took, and of what the step allows."""

    def __call__(self, step: StepRule, people: Sequence[str]) -> int:
        """The median of business milliseconds from when a seat came to any of these people to their decision, in the
        last 180 days; the step's `sla` where they decided nothing."""
        who = tuple(sorted(people))
        if who not in self._known:
            found = median(Listed(spent for login in who for spent in self._took.get(login, ())))
            self._known[who] = None if found is None else int(found)
        known = self._known[who]
        self.by_history += known is not None
        self.by_sla += known is None
        return step.sla_ms if known is None else known

    @cached_property
    def _took(self) -> dict[str, list[int]]:
        return took(self._door, self._now - LATELY_MS, self._waits)
