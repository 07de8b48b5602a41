"""Which time a write may carry: the machine's clock, or in a trial database whatever it is given."""

from datetime import UTC, datetime

from oppcli.errors import Conflict, UsageError
from oppcli.model.said import say

EARLIEST = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp()) * 1000
END = int(datetime(2200, 1, 1, tzinfo=UTC).timestamp()) * 1000
"""From when until before when the time of a trial may be."""


def real_clock(origin: str) -> UsageError:
    """What who gives a time to a write on the real clock is told; `origin` is what gave it."""
    hint = say("unset {variable}", variable=origin) if origin.startswith("OPP") else say("leave --now out")
    return UsageError(say("--now is for reads: this database runs on the real clock"), hint=hint)


def require_possible(now: int) -> None:
    """Refuse a time that no trial is played at."""
    if not EARLIEST <= now < END:
        raise UsageError(say("a trial database takes times from 2000 to 2199"), hint="--now 2026-03-02T09:00:00Z")


def long_ago(last: str, now: str) -> Conflict:
    """What is said of a first entry after more than a year, both instants as they are told."""
    told = say("the clock says {now}, and the last entry is of {last}, over a year ago", now=now, last=last)
    return Conflict(told, hint=say("set the machine's clock; --clock-ok says that it is right"))
