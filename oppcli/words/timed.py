"""When something goes out again and again, as people type it: days and a time of day, `mon 08:00`, 每周一 8点."""

from datetime import timedelta

from oppcli.errors import UsageError
from oppcli.model.said import REPEAT, coded, listed, say
from oppcli.model.units import MINUTE_MS
from oppcli.tuples import NamedTuple
from oppcli.words import repeats
from oppcli.words.day_names import clean
from oppcli.words.instants import clock
from oppcli.words.invalid import Invalid
from oppcli.words.repeats import Repeat

EACH = "每"
WORKDAYS = ("weekdays", "mon-fri", "工作日", "个工作日")
"""From Monday to Friday, whatever a calendar says of holidays."""
_WORKING = Repeat(days=tuple(range(5)))
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


class Timed(NamedTuple):
    """Days, and the minute of the day."""

    repeat: Repeat
    minute: int

    @property
    def written(self) -> str:
        """As it may be typed again: `mon 08:00`."""
        return f"{self.repeat.written} {self.time}"

    @property
    def days(self) -> str:
        """The days, as a code: `mon`, `daily`; Monday to Friday are `weekdays`."""
        return WORKDAYS[0] if self.repeat == _WORKING else self.repeat.written

    @property
    def time(self) -> str:
        """The time of day: `08:00`."""
        return f"{self.minute // 60:02}:{self.minute % 60:02}"

    @property
    def told(self) -> str:
        """As people read it: the days as a word."""
        return listed((coded(REPEAT, self.days), self.time), " ")

    @property
    def ms(self) -> int:
        """The time of day, from midnight."""
        return self.minute * MINUTE_MS


def parse(text: str) -> Timed:
    """What is meant. Refused (`UsageError`) without a time of day, and where the days cannot be read."""
    typed = clean(text).replace("、", ",")
    days, at = clock(typed.removeprefix(EACH), text)
    hint = say("write {words}", words=say('"mon 08:00", "weekdays 17:30", "monthly 09:00"'))
    if at is None or at >= _DAY or at % _MINUTE:
        raise UsageError(say("{text!r} does not say at what time of day", text=text.strip()), hint=hint)
    if not days:
        raise UsageError(say("{text!r} does not say how often", text=text.strip()), hint=hint)
    try:
        each = EACH * typed.startswith(EACH)
        repeat = _WORKING if days in WORKDAYS else repeats.parse(each + days)
    except Invalid as wrong:
        raise UsageError(wrong.message, hint=hint) from None
    return Timed(repeat, at // _MINUTE)
