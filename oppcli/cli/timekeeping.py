"""Whether the time of a write may be believed: a given one in a trial database only, the clock's unless it ran away."""

import time
from typing import TYPE_CHECKING

from oppcli.errors import Conflict
from oppcli.model.said import Said, say
from oppcli.model.units import FAR_MS, LONG_MS
from oppcli.rules import machine_clock
from oppcli.words.shown import show_instant

if TYPE_CHECKING:
    from oppcli.cli.surroundings import Surroundings
    from oppcli.config import Settings
    from oppcli.store.doors import ReadDoor


def doubt(settings: "Settings", door: "ReadDoor", last_at: int) -> Conflict | None:
    """Of a clock that is over a year ahead of the last entry, which is of `last_at` (0: there is none): what is to be
    said where nobody says that the clock is right. None where a write may carry the present time.

    Refused (2) for a given time on the real clock, and for one that no trial is played at."""
    from oppcli.store.journal import trial

    origin = settings.origins["now"]
    given = origin != "default"
    if given and (not last_at or trial(door)):
        machine_clock.require_possible(settings.now)
        return None
    if given and abs(settings.now - time.time_ns() // 1_000_000) > FAR_MS:
        raise machine_clock.real_clock(origin)
    if not last_at or settings.now - last_at <= LONG_MS:
        return None
    last, now = show_instant(last_at, settings.tz, settings.now), show_instant(settings.now, settings.tz, last_at)
    return machine_clock.long_ago(last, now)


def seen_at(settings: "Settings", door: "ReadDoor") -> int:
    """The time at which is asked what somebody sees and whether a PIN is looked at, whatever time they give: the
    machine's, but in a trial database. Else who was a delegate once, or will be, would see by it what they do not see
    now, and who guesses would wait less."""
    from oppcli.store.journal import trial

    if settings.origins["now"] == "default" or trial(door):
        return settings.now
    return time.time_ns() // 1_000_000


def lag(settings: "Settings", at: int, so: str) -> Said:
    """What is said of a clock that is behind the last entry, and what that means for an entry."""
    told, last = show_instant(settings.now, settings.tz, at), show_instant(at, settings.tz, settings.now)
    return say("warning: the clock says {told}, the last entry is of {last}{so}", told=told, last=last, so=so)


def dispel(opp: "Surroundings", doubt: Conflict) -> None:
    """Somebody at the terminal says that the clock is right. Refused where nobody does."""
    if not opp.interactive:
        raise doubt
    from oppcli.cli import ask

    if not ask.yes_no(opp, say("{doubt}; is the clock right?", doubt=doubt.message)):
        raise doubt
    opp.flags["clock_ok"] = True
