"""The business-hours clock: business time between two instants, and the instant at which a span of it is over.

A calendar's intervals are wall-clock times of its zone, half-open [start, end); spans are real elapsed time, so an
interval on the day the clocks change is as long as it really was. A wall time is the first instant at which the wall
clock shows that time or a later one: inside a gap that is the first instant after the gap, for a time that occurs
twice it is the first occurrence. Instants and spans are milliseconds, instants since 1970 UTC.
"""

from bisect import bisect_left, bisect_right
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

from oppcli.errors import PolicyError, UsageError
from oppcli.model.policy import Calendar
from oppcli.model.said import say
from oppcli.model.units import DAY_MS, EPOCH, MINUTE_MS

Hours = tuple[tuple[int, int], ...]
"""Intervals of one day, (start, end) in minutes of the day."""

EPOCH_DAY = EPOCH.toordinal()
FIRST_YEAR, LAST_YEAR = 1900, 2299
"""The clock refuses instants outside: a table of millennia for one mistyped year helps nobody."""


def require_counted(instant: int, text: str) -> int:
    """The instant that was typed to count as now; refused where no clock counts, and no day lies before or after it."""
    if FIRST_YEAR <= (EPOCH + timedelta(milliseconds=instant)).year <= LAST_YEAR:
        return instant
    said = say("{text} is outside the years {first} to {last}", text=text, first=FIRST_YEAR, last=LAST_YEAR)
    raise UsageError(said, hint=say("look for a mistyped year"))


def between(calendar: Calendar, a_ms: int, b_ms: int) -> int:
    """Business milliseconds in [a, b); negative when b is before a."""
    return clock(calendar).between(a_ms, b_ms)


def add(calendar: Calendar, start_ms: int, span_ms: int) -> int:
    """The earliest instant t such that the business time in [start, t) equals the span: when something is due."""
    return clock(calendar).add(start_ms, span_ms)


def subtract(calendar: Calendar, end_ms: int, span_ms: int) -> int:
    """The latest instant t such that the business time in [t, end) equals the span: when to remind."""
    return clock(calendar).subtract(end_ms, span_ms)


def opening(calendar: Calendar, at_ms: int) -> int:
    """The first business instant at or after `at_ms`."""
    return clock(calendar).opening(at_ms)


@lru_cache(maxsize=32)
def clock(calendar: Calendar) -> "Clock":
    """The clock of a calendar, its tables shared by everybody who asks with an equal calendar."""
    return Clock(calendar)


class Clock:
    """Prefix sums of a calendar's intervals, built month by month when asked for, searched by bisection."""

    __slots__ = ("_before", "_ends", "_hi", "_lo", "_months", "_starts", "_total", "_zone", "calendar")

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._zone: tzinfo | None = None
        self._months = (0, 0)
        """The months in the tables, counted from the year 0: first, and one past the last."""
        self._lo, self._hi = 1, 0
        """The tables answer for instants in [lo, hi]; for none as yet."""
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._before: list[int] = []
        """Business time before each interval, counted from the start of the first month built (negative before it)."""
        self._total = 0
        """Business time before hi."""

    def between(self, a_ms: int, b_ms: int) -> int:
        """Business milliseconds in [a, b); negative when b is before a."""
        return self.worked(b_ms) - self.worked(a_ms)

    def worked(self, at_ms: int) -> int:
        """Business milliseconds before an instant, from a zero that stays the same for the life of this clock."""
        if not self._lo <= at_ms <= self._hi:
            self._cover(at_ms)
        index = bisect_right(self._starts, at_ms) - 1
        end = self._ends[index]
        return self._before[index] + (at_ms if at_ms < end else end) - self._starts[index]

    def add(self, start_ms: int, span_ms: int) -> int:
        """The earliest instant t with business time [start, t) = span; a sum that ends at closing time ends there.

        Refuses a span on a calendar without hours: it would never end."""
        if not span_ms:
            return start_ms
        self._check(span_ms)
        target = self.worked(start_ms) + span_ms
        while target > self._total:
            self._append(self._months[1])
        index = bisect_left(self._before, target) - 1
        return self._starts[index] + target - self._before[index]

    def subtract(self, end_ms: int, span_ms: int) -> int:
        """The latest instant t with business time [t, end) = span. Refuses like `add`."""
        if not span_ms:
            return end_ms
        self._check(span_ms)
        target = self.worked(end_ms) - span_ms
        while target < self._before[0]:
            self._prepend(self._months[0] - 1)
        index = bisect_right(self._before, target) - 1
        return self._starts[index] + target - self._before[index]

    def spread(self, span_ms: int, first_ms: int, last_ms: int) -> tuple[int, int]:
        """The least and the most elapsed time that the span takes when it begins somewhere in [first, last].

        The time it takes falls while nobody works and never falls while somebody does, so it is least where work
        begins and most where work ends. Refuses like `add`."""
        self.between(first_ms, last_ms)
        lo, hi = bisect_left(self._starts, first_ms), bisect_right(self._starts, last_ms)
        # The hours that began before `first` may end within.
        ends = [end for end in self._ends[max(lo - 1, 0) : hi] if first_ms <= end <= last_ms]
        edges = [first_ms, last_ms, *self._starts[lo:hi], *ends]
        taken = [self.add(edge, span_ms) - edge for edge in edges]
        return min(taken), max(taken)

    def opening(self, at_ms: int) -> int:
        """The first business instant at or after `at_ms`; refuses a calendar without hours."""
        return self.add(at_ms, 1) - 1

    def _check(self, span_ms: int) -> None:
        if span_ms < 0:
            raise ValueError(f"a span of business time is not negative: {span_ms}")
        if not any(self.calendar.week):
            raise PolicyError(
                say("calendar {name} has no business hours", name=self.calendar.name),
                hint=say('write mon_fri = ["09:00-17:00"] into it'),
            )

    def _cover(self, at_ms: int) -> None:
        """Build the months needed to answer for an instant."""
        if not self._starts:
            # A zone is at most a day away from UTC, so the loops below correct the guess by one month at most.
            day = date.fromordinal(_bounded_day(at_ms))
            self._begin(day.year * 12 + day.month - 1)
        while at_ms < self._lo:
            self._prepend(self._months[0] - 1)
        while at_ms > self._hi:
            self._append(self._months[1])

    def _begin(self, month: int) -> None:
        from oppcli.words.zones import zone

        self._zone = zone(self.calendar.timezone)
        self._months = (month, month)
        self._lo = self._hi = self._instant(_first_of(month), 0)
        # An empty interval at the lower edge spares every look-up the question whether there is one below.
        self._starts, self._ends, self._before = [self._lo], [self._lo], [0]
        self._append(month)

    def _append(self, month: int) -> None:
        intervals, end = self._month(month)
        for start, stop in intervals:
            self._starts.append(start)
            self._ends.append(stop)
            self._before.append(self._total)
            self._total += stop - start
        self._months = (self._months[0], month + 1)
        self._hi = end

    def _prepend(self, month: int) -> None:
        intervals, _ = self._month(month)
        self._lo = self._instant(_first_of(month), 0)
        self._months = (month, self._months[1])
        first = self._before[0]
        before = []
        for start, stop in reversed(intervals):
            first -= stop - start
            before.append(first)
        self._starts[:1] = [self._lo, *(start for start, _ in intervals)]
        self._ends[:1] = [self._lo, *(stop for _, stop in intervals)]
        self._before[:1] = [first, *reversed(before)]

    def _month(self, month: int) -> tuple[list[tuple[int, int]], int]:
        """The intervals of a month in order, and the instant it ends."""
        year = month // 12
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise UsageError(
                say(
                    "business time is counted in the years {first_year} to {last_year}, not in {year}",
                    first_year=FIRST_YEAR,
                    last_year=LAST_YEAR,
                    year=year,
                ),
                hint=say("look for a mistyped year"),
            )
        found: list[tuple[int, int]] = []
        first, last = _first_of(month), _first_of(month + 1)
        midnight = self._instant(first, 0)
        for day in range(first, last):
            following = self._instant(day + 1, 0)
            hours = self.calendar.hours_on(date.fromordinal(day))
            if following - midnight == DAY_MS:
                found += [(midnight + start * MINUTE_MS, midnight + end * MINUTE_MS) for start, end in hours]
            else:
                pairs = [(self._instant(day, start), self._instant(day, end)) for start, end in hours]
                found += [(start, end) for start, end in pairs if start < end]
            midnight = following
        return found, midnight

    def _instant(self, day: int, minute: int) -> int:
        """The first instant at which the wall clock shows this minute of this day (an ordinal), or a later one."""
        aware = datetime.fromordinal(day).replace(tzinfo=self._zone)
        if minute:
            aware += timedelta(minutes=minute)
        earlier, later = _milliseconds(aware.utcoffset()), _milliseconds(aware.replace(fold=1).utcoffset())
        wall = (day - EPOCH_DAY) * DAY_MS + minute * MINUTE_MS
        # Skipped: the gap begins somewhere in the (later - earlier) before it. Twice: the first is the larger offset.
        return self._change(wall - later, wall - earlier, earlier) if earlier < later else wall - earlier

    def _change(self, low: int, high: int, offset: int) -> int:
        """The instant in (low, high] from which the zone's offset is no longer `offset`, to the second."""
        while high - low > 1000:
            middle = (low + high) // 2000 * 1000
            moment = (EPOCH + timedelta(milliseconds=middle)).astimezone(self._zone)
            if _milliseconds(moment.utcoffset()) == offset:
                low = middle
            else:
                high = middle
        return high


def _first_of(month: int) -> int:
    """The first day of a month as an ordinal."""
    return date(month // 12, month % 12 + 1, 1).toordinal()


def _bounded_day(at_ms: int) -> int:
    """The day of an instant as an ordinal, forced into the years the clock knows (the year check then names it)."""
    day = EPOCH_DAY + at_ms // DAY_MS
    return max(_first_of(FIRST_YEAR * 12), min(day, _first_of((LAST_YEAR + 1) * 12) - 1))


def _milliseconds(offset: timedelta | None) -> int:
    assert offset is not None
    return (offset.days * 86_400 + offset.seconds) * 1000
