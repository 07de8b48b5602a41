"""Periods as they are typed: read in the zone of the command, quarters and years by the policy's year."""

from oppcli.cli.context import Context
from oppcli.reads.periods import begins
from oppcli.speech.titles import told
from oppcli.store.doors import ReadDoor
from oppcli.words.periods import Period, parse_period
from oppcli.words.zones import today

EARLIER = ("previous", "year")
"""What a period may be compared with by a word: the one before, that of a year ago."""


def period(opp: Context, door: ReadDoor, text: str) -> Period:
    """The days of a period. Refused (`UsageError`) for what is none."""
    month, day = begins(lambda: opp.policy(door), "year"), today(opp.now, opp.tz)
    return parse_period(text, today=day, begins=month, order=opp.settings.date_order)


def compared(opp: Context, door: ReadDoor, text: str) -> Period | str:
    """What a period is compared with: one of the words, else the days of another. Refused (`UsageError`) likewise."""
    from oppcli.words.named import understood

    return understood(text, EARLIER, told("compared")) or period(opp, door, text)
