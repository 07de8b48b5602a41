"""Runs stories side by side in business time. A story is a generator that acts, and yields how long it then waits."""

import heapq
from collections.abc import Callable, Generator
from itertools import count

from oppcli.model.policy import Calendar
from oppcli.model.units import HOUR_MS
from oppcli.rules.clock import clock

Story = Generator[int, None, None]
"""Yields business milliseconds."""


def hours(number: float) -> int:
    """Business hours as a story waits them."""
    return int(number * HOUR_MS)


class Days:
    """The working days up to now, played in order. Nothing happens after `until`: what waits then is what waits now."""

    def __init__(self, calendar: Calendar, until: int) -> None:
        self.clock, self.until = clock(calendar), until
        self.at = 0
        """The instant of the act being played, milliseconds."""
        self._order = count()
        self._waiting: list[tuple[int, int, Story]] = []

    def begin(self, at: int, story: Story) -> None:
        """Let a story begin at the first business instant from `at` on."""
        heapq.heappush(self._waiting, (self.clock.opening(at), next(self._order), story))

    def now(self, story: Story) -> None:
        """Let a story begin at this moment."""
        self.begin(self.at, story)

    def before_end(self, span: int) -> int:
        """The instant that lies so much business time before the end."""
        return self.clock.subtract(self.until, span)

    def play(self, progress: Callable[[int], object] = lambda at: None) -> None:
        """Everything up to the end; `progress` is told the time of each act."""
        while self._waiting and self._waiting[0][0] <= self.until:
            self.at, _, story = heapq.heappop(self._waiting)
            progress(self.at)
            wait = next(story, None)
            if wait is not None:
                self.begin(self.clock.add(self.at, wait), story)
