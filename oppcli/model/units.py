"""Units of time in milliseconds, as instants and spans are stored; numbers that are told otherwise than by digits."""

from datetime import UTC, datetime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""From which instants are counted."""
SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
FAR_MS = 5 * MINUTE_MS
"""Two clocks that are further apart than this do not tell the same time."""
LONG_MS = 366 * DAY_MS
"""Nobody writes nothing for a year and a day: the clock is wrong."""

LONGEST_TEXT = 10_000
"""Characters of a text that a field keeps."""


class LastMinute(int):
    """The instant with which a day ends, of what is due on that day: people read the day alone."""


class Met(float):
    """A share of what is still lacking, where nothing is: told as `met`, larger than any."""


PERIODS = ("day", "week", "month", "quarter", "year")
"""What figures are told by."""
