"""What can be typed for a time, on both sides of midnight and of a change of the clocks."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oppcli.errors import UsageError
from oppcli.words import spans
from oppcli.words.instants import parse_instant
from oppcli.words.shown import iso, show_instant
from oppcli.words.zones import today

SHANGHAI, BERLIN, NEW_YORK, APIA = "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Pacific/Apia"
MONDAY_9_IN_SHANGHAI = 1_773_018_000_000
ZONES = st.sampled_from([SHANGHAI, BERLIN, NEW_YORK, APIA, "UTC", "Asia/Kathmandu", "Australia/Lord_Howe"])


def read(typed: str, tz: str = SHANGHAI, edge: str = "start") -> str:
    return iso(parse_instant(typed, now_ms=MONDAY_9_IN_SHANGHAI, tz=tz, edge=edge))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("now", "2026-03-09T01:00:00Z"),
        ("现在", "2026-03-09T01:00:00Z"),
        ("2026-03-09T01:00:00Z", "2026-03-09T01:00:00Z"),
        ("2026-03-09T01:00:00.123Z", "2026-03-09T01:00:00.123Z"),
        ("2026-03-09T09:00+08:00", "2026-03-09T01:00:00Z"),
        ("2026-03-09T09:00:00+0800", "2026-03-09T01:00:00Z"),
        ("2026-03-08T20:00-05", "2026-03-09T01:00:00Z"),
        ("2026-03-09T09:00", "2026-03-09T01:00:00Z"),
        ("2026-03-09 09:00", "2026-03-09T01:00:00Z"),
        ("2026-03-09", "2026-03-08T16:00:00Z"),
        ("14:00", "2026-03-09T06:00:00Z"),
        ("24:00", "2026-03-09T16:00:00Z"),
        ("tomorrow 14:00", "2026-03-10T06:00:00Z"),
        ("fri 18:00", "2026-03-13T10:00:00Z"),
        ("Fri 27 Nov 18:00", "2026-11-27T10:00:00Z"),
        ("3pm", "2026-03-09T07:00:00Z"),
        ("12am", "2026-03-08T16:00:00Z"),
        ("tomorrow 3:30pm", "2026-03-10T07:30:00Z"),
        ("2026-W48 10:00", "2026-11-23T02:00:00Z"),
        ("+2h", "2026-03-09T03:00:00Z"),
        ("-30min", "2026-03-09T00:30:00Z"),
        ("+1d+4h", "2026-03-10T05:00:00Z"),
        ("+5bd", "2026-03-16T01:00:00Z"),
        ("+5bd 10:00", "2026-03-16T02:00:00Z"),
        ("2小时后", "2026-03-09T03:00:00Z"),
        ("半小时前", "2026-03-09T00:30:00Z"),
        ("明天下午3点", "2026-03-10T07:00:00Z"),
        ("明天下午3点半", "2026-03-10T07:30:00Z"),
        ("11月27日18:00", "2026-11-27T10:00:00Z"),
        ("下周五上午9点15分", "2026-03-20T01:15:00Z"),
        ("今天晚上12点", "2026-03-09T16:00:00Z"),
        ("凌晨12点", "2026-03-08T16:00:00Z"),
    ],
)
def test_a_time_is_read_as_people_mean_it(typed: str, meant: str) -> None:
    assert read(typed) == meant


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("25:00", "25:00 is not a time: the day ends at 24:00"),
        ("14:60", "14:60 is not a time: the day ends at 24:00"),
        ("13pm", "13pm is not a time: pm goes with 1 to 12"),
        ("2026-02-30T10:00", "2026-02-30 is not a date: February 2026 has 28 days"),
        ("10/11/2026 10:00", "10/11/2026 could be 10 November 2026 or 11 October 2026"),
        ("2026-03-09T10:00+15:00", "2026-03-09T10:00+15:00 is not a time: no zone is more than 14 hours from UTC"),
        ("9999-12-31T23:59-14:00", "9999-12-31T23:59-14:00 is outside the years 1 to 9999"),
        ("soon", "'soon' is not a time"),
        ("Next Year’s END", "'Next Year’s END' is not a time"),
        ("Garbage 10:00", "'Garbage 10:00' is not a time"),
        ("13 PM", "13 PM is not a time: pm goes with 1 to 12"),
        ("", "'' is not a time"),
    ],
)
def test_what_is_no_time_is_refused_and_says_why(typed: str, message: str) -> None:
    with pytest.raises(UsageError) as refusal:
        read(typed)
    assert refusal.value.message == message


def test_a_day_alone_is_its_first_instant_or_the_first_one_after_it() -> None:
    assert (read("2026-03-09"), read("2026-03-09", edge="end")) == ("2026-03-08T16:00:00Z", "2026-03-09T16:00:00Z")


@pytest.mark.parametrize(
    ("now", "tz", "day"),
    [
        ("2026-03-08T23:59:59Z", "UTC", "2026-03-08"),
        ("2026-03-09T00:00:00Z", "UTC", "2026-03-09"),
        ("2026-03-08T15:59:59Z", SHANGHAI, "2026-03-08"),
        ("2026-03-08T16:00:00Z", SHANGHAI, "2026-03-09"),
        ("2026-03-09T00:30:00Z", NEW_YORK, "2026-03-08"),
    ],
)
def test_today_is_the_date_where_the_person_is(now: str, tz: str, day: str) -> None:
    assert today(parse_instant(now, now_ms=0, tz="UTC"), tz).isoformat() == day


@pytest.mark.parametrize(
    ("typed", "tz", "message", "hint"),
    [
        (
            "2026-03-29 02:30",
            BERLIN,
            "does not exist in Europe/Berlin: the clocks go forward over it",
            "write 2026-03-29T02:30+01:00",
        ),
        (
            "2026-03-29T02:30",
            BERLIN,
            "does not exist in Europe/Berlin: the clocks go forward over it",
            "write 2026-03-29T02:30+01:00",
        ),
        (
            "2026-10-25 02:30",
            BERLIN,
            "comes twice in Europe/Berlin: the clocks go back over it",
            "write 2026-10-25T02:30+02:00 or 2026-10-25T02:30+01:00",
        ),
    ],
)
def test_a_wall_time_that_is_skipped_or_repeated_is_refused(typed: str, tz: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as refusal:
        read(typed, tz)
    assert refusal.value.message == f"{typed} {message}"
    assert refusal.value.hint == hint


def test_an_offset_says_which_of_two_equal_wall_times_is_meant() -> None:
    found = [read(f"2026-10-25 02:30{offset}", BERLIN) for offset in ("+02:00", "+01:00")]
    assert found == ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"]


def test_days_keep_the_wall_time_over_a_change_of_the_clocks_and_hours_do_not() -> None:
    saturday_noon = parse_instant("2026-03-28T12:00", now_ms=0, tz=BERLIN)
    found = [parse_instant(typed, now_ms=saturday_noon, tz=BERLIN) - saturday_noon for typed in ("+1d", "+24h")]
    assert [ms // 3_600_000 for ms in found] == [23, 24]


def test_a_day_that_starts_at_one_o_clock_starts_there() -> None:
    assert read("2018-11-04", "America/Sao_Paulo") == "2018-11-04T03:00:00Z"


@given(
    at=st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)),
    tz=ZONES,
)
def test_an_instant_in_iso_reads_back_as_itself(at: datetime, tz: str) -> None:
    ms = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert parse_instant(iso(ms), now_ms=MONDAY_9_IN_SHANGHAI, tz=tz) == ms


@given(minute=st.integers(-10_000_000, 60_000_000), tz=ZONES, now=st.integers(0, 4_000_000_000_000))
def test_an_instant_as_a_terminal_shows_it_reads_back_unless_it_comes_twice(minute: int, tz: str, now: int) -> None:
    ms = minute * 60_000
    shown = show_instant(ms, tz, now)
    try:
        found = parse_instant(shown, now_ms=now, tz=tz)
    except UsageError as refusal:
        assert "comes twice" in refusal.message
    else:
        assert abs(found - ms) < 60_000  # offsets before 1972 have seconds that are not shown


@given(typed=st.text(max_size=80))
def test_any_text_is_a_time_or_a_usage_error(typed: str) -> None:
    try:
        found: object = parse_instant(typed, now_ms=MONDAY_9_IN_SHANGHAI, tz=BERLIN)
    except UsageError as refusal:
        found = refusal
    assert isinstance(found, (int, UsageError))


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("90s", 90),
        ("30m", 1800),
        ("30min", 1800),
        ("2h", 7200),
        ("1.5h", 5400),
        ("1h30m", 5400),
        ("1h 30m", 5400),
        ("1d", 86_400),
        ("2w", 1_209_600),
        ("2小时30分钟", 9000),
        ("1个小时", 3600),
        ("3天", 259_200),
        ("0s", 0),
    ],
)
def test_a_duration_is_a_count_with_a_unit(typed: str, seconds: int) -> None:
    assert spans.parse(typed) == seconds * 1000


@pytest.mark.parametrize("typed", ["90", "", "-1h", "1 fortnight", "h", "1h30"])
def test_a_duration_without_a_unit_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="is not a duration"):
        spans.parse(typed)


def test_an_instant_of_another_year_is_shown_with_its_year() -> None:
    shown = [show_instant(MONDAY_9_IN_SHANGHAI, SHANGHAI, now) for now in (MONDAY_9_IN_SHANGHAI, 0, None)]
    assert shown == ["Mon 9 Mar 09:00", "Mon 9 Mar 2026 09:00", "Mon 9 Mar 2026 09:00"]
