"""The journal: one entry per change of one noun, chained by hash."""

from collections.abc import Mapping
from typing import Any

from oppcli.model.noun import noun
from oppcli.model.units import FAR_MS

SYSTEM = "system"
"""The actor of what nobody did: a timeout, an expiry, a deal that was lost."""
TICK = "tick"
"""The channel of what time does."""


def is_trial(at: int, wall: object) -> bool:
    """Whether a database was made with a set clock, by its first entry: `at`, and the machine's own clock beside it.
    Without that the database is a real one."""
    return isinstance(wall, int) and abs(at - wall) > FAR_MS


@noun
class Stamp:
    """Who acts, when and through what: given to the write door once, copied into every entry it makes."""

    actor: str
    """Login of the acting person, or `system`."""
    now: int
    """What the clock says (or `--now`); the door moves it forward to the last entry's time if it lags behind."""
    channel: str = "cli"
    """cli, import, tick, demo."""
    command: str = ""
    """The verb as typed, e.g. `deal advance`."""
    os_user: str = ""
    tz: str = ""
    """The zone in which this person reads instants; kept in each entry's meta."""
    on_behalf_of: str | None = None
    run: int | None = None
    """The first entry of the command line that this goes on with; None begins one."""
    run_by: str = ""
    """Login of who let time do its work, where the actor is `system`; kept in each entry's meta."""


@noun
class Entry:
    """What was done to one noun, field by field old → new."""

    seq: int
    txn: int
    """The seq of the first entry of the same transaction."""
    at: int
    actor: str
    on_behalf_of: str | None
    channel: str
    action: str
    noun: str
    noun_id: str
    changes: Mapping[str, Any]
    meta: Mapping[str, Any]
    prev: str
    hash: str

    @property
    def run(self) -> int:
        """The first entry of its command line; of its transaction in entries of before there were runs."""
        return int(self.meta.get("run", self.txn))
