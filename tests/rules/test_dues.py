"""When a promise is due, from when it is late, and in which bucket it lies."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oppcli.errors import PolicyError
from oppcli.model.policy import Calendar, all_hours
from oppcli.model.relations import DAYS, HOURS, WORKDAYS, Span
from oppcli.model.units import HOUR_MS
from oppcli.rules.dues import BUCKETS, Due, bucket, date_of, dates_ahead, due, late, late_dates, late_from

TZ = "Asia/Shanghai"
OFFICE = Calendar(
    "cn",
    TZ,
    (*(((540, 720), (780, 1080)),) * 5, (), ()),
    holidays=frozenset({date(2026, 10, 1)}),
    workdays=frozenset({date(2026, 10, 10)}),
)


def at(text: str, tz: str = TZ) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz)).timestamp() * 1000)


@pytest.mark.parametrize(
    ("span", "start", "expected"),
    [
        # Fri 27 Nov 2026 16:00: two hours are left on Friday.
        (Span(HOURS, 24 * HOUR_MS), "2026-11-27T16:00", Due(at=at("2026-12-02T16:00"))),
        (Span(WORKDAYS, 3), "2026-11-27T16:00", Due(on=date(2026, 12, 2))),
        (Span(WORKDAYS, 1), "2026-11-28T12:00", Due(on=date(2026, 11, 30))),
        (Span(DAYS, 14), "2026-11-27T23:59", Due(on=date(2026, 12, 11))),
        (Span(DAYS, 1), "2026-12-31T08:00", Due(on=date(2027, 1, 1))),
        # A holiday is none, a make-up day is one.
        (Span(WORKDAYS, 1), "2026-09-30T12:00", Due(on=date(2026, 10, 2))),
        (Span(WORKDAYS, 1), "2026-10-09T12:00", Due(on=date(2026, 10, 10))),
    ],
)
def test_what_takes_so_long_is_due_then(span: Span, start: str, expected: Due) -> None:
    assert due(span, at(start), OFFICE) == expected


def test_in_the_calendar_of_all_hours_a_weekend_counts() -> None:
    friday = at("2026-11-27T16:00")
    assert due(Span(HOURS, 24 * HOUR_MS), friday, all_hours(TZ)) == Due(at=at("2026-11-28T16:00"))
    assert due(Span(WORKDAYS, 3), friday, all_hours(TZ)) == Due(on=date(2026, 11, 30))


def test_a_day_is_that_of_the_calendars_zone() -> None:
    # 23:30 on the 26th in Berlin is the 27th in Shanghai.
    assert due(Span(DAYS, 1), at("2026-11-26T23:30", "Europe/Berlin"), OFFICE) == Due(on=date(2026, 11, 28))


def test_a_calendar_without_hours_has_no_workday() -> None:
    with pytest.raises(PolicyError, match="no business hours"):
        due(Span(WORKDAYS, 1), 0, Calendar("c", TZ, ((),) * 7))


def test_what_is_due_today_is_not_late_until_the_next_local_midnight() -> None:
    promise = Due(on=date(2026, 11, 27))
    assert late_from(promise, TZ) == at("2026-11-28T00:00")
    assert [late(promise, at(now), TZ) for now in ("2026-11-27T23:59", "2026-11-28T00:00")] == [False, True]


def test_an_instant_is_late_when_it_is_over() -> None:
    promise = Due(at=at("2026-11-27T16:00"))
    assert [late(promise, (promise.at or 0) + ms, TZ) for ms in (-1, 0, 1)] == [False, False, True]


def test_what_has_no_day_is_never_late() -> None:
    assert (late_from(Due(), TZ), late(Due(), at("2030-01-01T00:00"), TZ)) == (None, False)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 24), "late"),
        (date(2026, 11, 25), "today"),
        (date(2026, 11, 26), "tomorrow"),
        (date(2026, 11, 27), "this week"),
        (date(2026, 11, 29), "this week"),
        (date(2026, 11, 30), "next week"),
        (date(2026, 12, 6), "next week"),
        (date(2026, 12, 7), "later"),
        (None, "none"),
    ],
)
def test_a_week_goes_to_sunday(day: date | None, expected: str) -> None:
    assert bucket(Due(on=day), at("2026-11-25T10:00"), TZ) == expected


def test_on_a_sunday_tomorrow_is_monday_and_next_week_begins_on_tuesday() -> None:
    sunday = at("2026-11-29T10:00")
    days = [date(2026, 11, 29) + timedelta(days=n) for n in range(4)]
    assert [bucket(Due(on=day), sunday, TZ) for day in days] == ["today", "tomorrow", "next week", "next week"]


def test_an_instant_of_today_is_late_once_it_is_over_and_today_before() -> None:
    promise = Due(at=at("2026-11-25T16:00"))
    found = [bucket(promise, at(now), TZ) for now in ("2026-11-24T09:00", "2026-11-25T15:00", "2026-11-25T17:00")]
    assert found == ["tomorrow", "today", "late"]


def test_three_business_dates_lie_between_friday_and_wednesday() -> None:
    works = lambda day: bool(OFFICE.hours_on(day))  # noqa: E731
    promise, now = Due(on=date(2026, 11, 27)), at("2026-12-02T10:00")
    assert late_dates(promise, now, TZ, works) == 3
    assert dates_ahead(Due(on=date(2026, 12, 7)), now, TZ, works) == 3
    assert (late_dates(Due(), now, TZ, works), dates_ahead(promise, now, TZ, works)) == (0, 0)


promises = st.one_of(
    st.just(Due()),
    st.dates(date(2026, 1, 1), date(2027, 12, 31)).map(lambda day: Due(on=day)),
    st.integers(at("2026-01-01T00:00"), at("2027-12-31T00:00")).map(lambda ms: Due(at=ms)),
)
instants = st.integers(at("2026-01-01T00:00"), at("2027-12-31T00:00"))


@given(promises, instants, st.sampled_from([TZ, "Europe/Berlin", "America/Los_Angeles"]))
def test_a_bucket_says_late_exactly_when_it_is_late_and_never_goes_back(promise: Due, now: int, tz: str) -> None:
    here, later = (bucket(promise, moment, tz) for moment in (now, now + 30 * HOUR_MS))
    assert (here == "late") == late(promise, now, tz)
    assert BUCKETS.index(later) <= BUCKETS.index(here)


@given(instants, st.sampled_from([HOURS, WORKDAYS, DAYS]), st.integers(1, 60))
def test_nothing_is_late_when_it_is_promised(now: int, unit: str, n: int) -> None:
    promise = due(Span(unit, n * HOUR_MS if unit == HOURS else n), now, OFFICE)
    assert not late(promise, now, TZ)
    assert (date_of(promise, TZ) or date.min) >= datetime.fromtimestamp(now / 1000, ZoneInfo(TZ)).date()
