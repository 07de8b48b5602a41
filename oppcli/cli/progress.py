"""How far a long command is: on stderr, only on a terminal, and only once it has taken a second."""

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from oppcli.cli.context import Context

if TYPE_CHECKING:
    from rich.progress import Progress

QUIET_FOR_S = 1.0


class Meter:
    """Call it with the number of things done; `share` says how much of the whole that is, 0 to 1."""

    def __init__(self, opp: Context, what: str, share: Callable[[], float]) -> None:
        self.what, self.share = opp.spoken(what), share
        self.shown = not opp.quiet and sys.stderr.isatty()
        self._from = time.monotonic() + QUIET_FOR_S
        self._bar: Progress | None = None

    def __call__(self, count: int) -> None:
        if not self.shown or time.monotonic() < self._from:
            return
        if self._bar is None:
            self._bar = self._begun()
        self._bar.update(self._task, completed=self.share(), description=f"{count:,} {self.what}")

    def _begun(self) -> "Progress":
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
        bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = bar.add_task(self.what, total=1.0)
        bar.start()
        return bar

    def close(self) -> None:
        """Take the bar off the screen."""
        if self._bar is not None:
            self._bar.stop()
