"""Refused attempts are entries, too."""

from typing import TYPE_CHECKING

from oppcli.errors import OppError
from oppcli.model.journal import Stamp

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from typing import Protocol

    from oppcli.store.doors import WriteDoor

    class Opening(Protocol):
        """What opens a write door and knows the run at hand."""

        def opened(self, stamp: Stamp) -> AbstractContextManager[WriteDoor]: ...
        def keep_run(self, door: WriteDoor) -> None: ...


def remember(opp: "Opening", refusal: OppError, stamp: Stamp) -> None:
    """Journal a refused attempt, in a transaction of its own."""
    noun, key = refusal.attempt or ("", "")
    with opp.opened(stamp) as door:
        meta = {"refused": refusal.message, "reasons": [reason.what for reason in refusal.reasons]}
        door.note("refused", noun, key, meta)
    opp.keep_run(door)
