"""The least and the most elapsed time that a span of business time takes."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oppcli.model.policy import Calendar
from oppcli.rules.clock import Clock

HOUR = 3_600_000
DAY = 24 * HOUR
START = int(datetime(2026, 2, 1, tzinfo=UTC).timestamp() * 1000)
LUNCH = ((540, 720), (780, 1080))
CALENDARS = (
    Calendar(name="plain", timezone="UTC", week=(((540, 1020),),) * 5 + ((), ())),
    Calendar(
        name="cn",
        timezone="Asia/Shanghai",
        week=(LUNCH,) * 5 + ((), ()),
        holidays=frozenset(date(2026, 2, day) for day in range(15, 24)),
        workdays=frozenset((date(2026, 2, 14), date(2026, 2, 28))),
    ),
    Calendar(name="clocks change", timezone="Europe/Berlin", week=(((60, 200), (230, 1380)),) * 7),
)


@pytest.mark.parametrize(
    ("span", "least", "most"),
    [
        (HOUR, HOUR, 2 * DAY + 17 * HOUR),  # at work; from Friday's closing time on
        (8 * HOUR, 8 * HOUR, 3 * DAY),  # a day's work; Friday's closing time to Monday's
        (9 * HOUR, DAY + HOUR, 3 * DAY + 17 * HOUR),
    ],
)
def test_it_takes_least_where_work_begins_and_most_where_it_ends(span: int, least: int, most: int) -> None:
    assert Clock(CALENDARS[0]).spread(span, START, START + 28 * DAY) == (least, most)


@pytest.mark.parametrize("calendar", CALENDARS, ids=lambda calendar: calendar.name)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_beginning_takes_less_or_more(calendar: Calendar, data: st.DataObject) -> None:
    clock, span = Clock(calendar), data.draw(st.integers(1, 60 * HOUR))
    first, last = sorted(data.draw(st.tuples(*[st.integers(START, START + 70 * DAY)] * 2)))
    least, most = clock.spread(span, first, last)
    every = [clock.add(at, span) - at for at in (*range(first, last, max(1, (last - first) // 400)), last)]
    assert least <= min(every)
    assert max(every) <= most
