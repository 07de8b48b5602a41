"""The business-hours clock against a brute force that looks at every single minute."""

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from oppcli.model.policy import Calendar
from oppcli.rules.clock import Clock

MINUTE = 60_000
# A fortnight around a clock change in each, and one without.
WINDOWS = {
    "Asia/Shanghai": date(2026, 2, 10),
    "Europe/London": date(2026, 10, 20),
    "America/New_York": date(2026, 3, 2),
    "America/Sao_Paulo": date(2018, 10, 30),
    "Australia/Lord_Howe": date(2026, 3, 30),
    "Pacific/Apia": date(2011, 12, 24),
    "Africa/Casablanca": date(2026, 2, 10),
    "Asia/Kathmandu": date(2025, 12, 27),
}
DAYS = 16


@lru_cache
def minutes(zone: str) -> tuple[tuple[int, ...], tuple[datetime, ...]]:
    """Every minute of the window: its instant, and the latest time the wall clock has shown up to then."""
    start = datetime.combine(WINDOWS[zone] - timedelta(days=2), datetime.min.time(), UTC)
    instants, shown = [], []
    latest = datetime.min
    for n in range((DAYS + 4) * 1440):
        moment = start + timedelta(minutes=n)
        latest = max(latest, moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0))
        instants.append(int(moment.timestamp()) * 1000)
        shown.append(latest)
    return tuple(instants), tuple(shown)


def business_minutes(calendar: Calendar) -> list[bool]:
    """For every minute of the window whether it is worked: between the first minute at which the wall clock shows the
    start of an interval or later, and the first at which it shows its end or later."""
    instants, shown = minutes(calendar.timezone)
    worked = [False] * len(instants)
    first = WINDOWS[calendar.timezone]
    for n in range(DAYS):
        day = first + timedelta(days=n)
        midnight = datetime.combine(day, datetime.min.time())
        for start, end in calendar.hours_on(day):
            a = bisect_left(shown, midnight + timedelta(minutes=start))
            b = bisect_left(shown, midnight + timedelta(minutes=end))
            worked[a:b] = [True] * (b - a)
    return worked


@st.composite
def day_hours(draw):
    edges = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    return tuple(zip(edges[0::2], edges[1::2], strict=False))


@st.composite
def calendars(draw):
    zone = draw(st.sampled_from(sorted(WINDOWS)))
    days = st.integers(0, DAYS - 1).map(lambda n: WINDOWS[zone] + timedelta(days=n))
    week = [draw(day_hours()) for _ in range(7)]
    return Calendar(
        name="any",
        timezone=zone,
        week=tuple(week),
        holidays=frozenset(draw(st.sets(days, max_size=4))),
        workdays=frozenset(draw(st.sets(days, max_size=3))),
    )


def edges_of_window(zone: str) -> tuple[int, int]:
    """The window without the days at its edges, where intervals of days outside reach in."""
    instants, _ = minutes(zone)
    return instants[3 * 1440], instants[-4 * 1440]


@settings(max_examples=80, deadline=None)
@given(calendars(), st.data())
def test_time_between_two_minutes_is_the_number_of_worked_minutes(calendar, data):
    instants, _ = minutes(calendar.timezone)
    worked = business_minutes(calendar)
    low, high = 3 * 1440, len(instants) - 4 * 1440
    a, b = sorted((data.draw(st.integers(low, high)), data.draw(st.integers(low, high))))
    clock = Clock(calendar)
    assert clock.between(instants[a], instants[b]) == sum(worked[a:b]) * MINUTE
    assert clock.between(instants[b], instants[a]) == -sum(worked[a:b]) * MINUTE


@settings(max_examples=80, deadline=None)
@given(calendars(), st.data())
def test_due_is_the_first_minute_by_which_the_span_was_worked(calendar, data):
    instants, _ = minutes(calendar.timezone)
    worked = business_minutes(calendar)
    low, high = 3 * 1440, len(instants) - 4 * 1440
    a = data.draw(st.integers(low, high))
    total = sum(worked[a:high])
    if not total:
        return
    span = data.draw(st.integers(1, total))
    done, minute = 0, a
    while done < span:
        done += worked[minute]
        minute += 1
    assert Clock(calendar).add(instants[a], span * MINUTE) == instants[minute]


@settings(max_examples=80, deadline=None)
@given(calendars(), st.data())
def test_counting_back_finds_the_last_minute_from_which_the_span_remains(calendar, data):
    instants, _ = minutes(calendar.timezone)
    worked = business_minutes(calendar)
    low, high = 3 * 1440, len(instants) - 4 * 1440
    b = data.draw(st.integers(low, high))
    total = sum(worked[low:b])
    if not total:
        return
    span = data.draw(st.integers(1, total))
    done, minute = 0, b
    while done < span:
        minute -= 1
        done += worked[minute]
    assert Clock(calendar).subtract(instants[b], span * MINUTE) == instants[minute]


@settings(max_examples=150, deadline=None)
@given(calendars(), st.data())
def test_business_time_until_due_is_the_span_and_due_never_runs_backwards(calendar, data):
    """Invariant: business_time(a, due(a, s)) = s, and due is monotone in a and in s, to the millisecond."""
    if not any(calendar.week):
        return
    low, high = edges_of_window(calendar.timezone)
    instant, span = st.integers(low, high), st.integers(0, 400 * 60 * MINUTE)
    a, b = sorted((data.draw(instant), data.draw(instant)))
    short, long = sorted((data.draw(span), data.draw(span)))
    clock = Clock(calendar)
    due = clock.add(a, short)
    assert clock.between(a, due) == short
    assert due >= a
    assert clock.add(a, long) >= due
    assert clock.add(b, short) >= due
    assert clock.between(clock.subtract(b, long), b) == long
    # Earliest: a millisecond before, something is still to do.
    assert short == 0 or clock.between(a, due - 1) == short - 1
