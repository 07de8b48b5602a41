"""How much longer a typed statement may work: what its reader takes meanwhile is not its time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from oppcli.errors import UsageError
from oppcli.model.said import say


class Stopwatch:
    """Seconds that run while it is `running`."""

    def __init__(self, seconds: int) -> None:
        self._seconds, self._left, self._ends = seconds, float(seconds), 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """The statement is at work."""
        self._ends = time.monotonic() + self._left
        try:
            yield
        finally:
            self._left = self._ends - time.monotonic()

    def over(self) -> bool:
        """Whether no time is left, while it is running."""
        return time.monotonic() > self._ends

    @property
    def milliseconds(self) -> int:
        """What is left, at least one."""
        return max(1, int(self._left * 1000))

    @property
    def refusal(self) -> UsageError:
        """What a statement is refused with that was stopped."""
        return UsageError(say("the statement took longer than {n} seconds and was stopped", n=self._seconds))
