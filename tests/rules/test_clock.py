"""The business-hours clock by examples: closing times, lunch, weekends, holidays, make-up days, clock changes."""

import csv
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from oppcli.errors import PolicyError, UsageError
from oppcli.model.policy import Calendar
from oppcli.rules import clock
from oppcli.rules.clock import Clock

DATA = Path(__file__).resolve().parents[2] / "../shared/data"
HOUR = 3_600_000
OFFICE = ((540, 720), (780, 1080))
"""09:00-12:00, 13:00-18:00"""
ALL_DAY = ((0, 1440),)


def calendar(week=(OFFICE,) * 5 + ((), ()), zone="Asia/Shanghai", holidays=(), workdays=()):
    return Calendar(
        name="test",
        timezone=zone,
        week=tuple(week),
        holidays=frozenset(map(date.fromisoformat, holidays)),
        workdays=frozenset(map(date.fromisoformat, workdays)),
    )


def at(wall: str, zone: str = "Asia/Shanghai") -> int:
    """`at("2026-03-09 09:00")`: the first instant at which clocks there show that."""
    return int(datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def wall(instant: int, zone: str = "Asia/Shanghai") -> str:
    return datetime.fromtimestamp(instant / 1000, ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-03-09 09:00", 1, "2026-03-09 10:00"),
        ("2026-03-09 11:30", 1, "2026-03-09 13:30"),  # over lunch
        ("2026-03-09 11:00", 1, "2026-03-09 12:00"),  # ends when lunch begins, not after it
        ("2026-03-09 12:30", 1, "2026-03-09 14:00"),  # opened at lunch
        ("2026-03-09 10:00", 7, "2026-03-09 18:00"),  # ends at closing time: due then, not next morning
        ("2026-03-09 09:00", 8, "2026-03-09 18:00"),
        ("2026-03-09 18:00", 1, "2026-03-10 10:00"),  # opened at closing time: that day counts zero
        ("2026-03-06 17:00", 8, "2026-03-09 17:00"),  # over a weekend
        ("2026-03-06 16:00", 4, "2026-03-09 11:00"),
        ("2026-03-07 03:00", 0.25, "2026-03-09 09:15"),  # opened on a Saturday night
        ("2026-03-09 09:00", 80, "2026-03-20 18:00"),
    ],
)
def test_a_step_is_due_when_its_business_hours_are_used_up(start, hours, due):
    assert wall(clock.add(calendar(), at(start), int(hours * HOUR))) == due


def test_no_span_is_due_at_once_even_at_night():
    assert clock.add(calendar(), at("2026-03-08 03:00"), 0) == at("2026-03-08 03:00")


def test_the_first_business_instant_after_a_night_is_opening_time():
    assert wall(clock.opening(calendar(), at("2026-03-06 18:00"))) == "2026-03-09 09:00"
    assert wall(clock.opening(calendar(), at("2026-03-09 12:00"))) == "2026-03-09 13:00"
    assert clock.opening(calendar(), at("2026-03-09 10:10")) == at("2026-03-09 10:10")


@pytest.mark.parametrize(
    ("end", "hours", "start"),
    [
        ("2026-03-09 18:00", 2, "2026-03-09 16:00"),
        ("2026-03-10 10:00", 2, "2026-03-09 17:00"),
        ("2026-03-10 10:00", 1, "2026-03-10 09:00"),  # the latest instant: this morning, not last evening
        ("2026-03-09 13:00", 3, "2026-03-09 09:00"),
    ],
)
def test_a_reminder_before_due_counts_business_hours_backwards(end, hours, start):
    assert wall(clock.subtract(calendar(), at(end), hours * HOUR)) == start


def test_time_between_is_negative_backwards_and_zero_for_one_instant():
    c, a, b = calendar(), at("2026-03-06 17:00"), at("2026-03-09 10:00")
    assert clock.between(c, a, b) == 2 * HOUR
    assert clock.between(c, b, a) == -2 * HOUR
    assert clock.between(c, a, a) == 0


def test_intervals_are_half_open():
    c = calendar()
    assert clock.between(c, at("2026-03-09 12:00"), at("2026-03-09 13:00")) == 0
    assert clock.between(c, at("2026-03-09 11:59"), at("2026-03-09 13:01")) == 2 * 60_000


def test_a_holiday_has_no_hours_and_a_make_up_day_has_weekday_hours():
    c = calendar(holidays=["2026-10-01", "2026-10-02"], workdays=["2026-10-10"])
    assert clock.between(c, at("2026-10-01 00:00"), at("2026-10-03 00:00")) == 0
    assert clock.between(c, at("2026-10-10 00:00"), at("2026-10-11 00:00")) == 8 * HOUR
    assert wall(clock.add(c, at("2026-10-09 17:00"), 2 * HOUR)) == "2026-10-10 10:00"


def test_a_make_up_saturday_is_a_full_day_even_where_saturdays_are_short():
    short_saturday = (OFFICE,) * 5 + (((540, 720),), ())
    c = calendar(short_saturday, workdays=["2026-10-10"])
    assert clock.between(c, at("2026-10-10 00:00"), at("2026-10-11 00:00")) == 8 * HOUR
    assert clock.between(c, at("2026-10-17 00:00"), at("2026-10-18 00:00")) == 3 * HOUR


def test_a_make_up_day_beats_a_holiday_on_the_same_date():
    c = calendar(holidays=["2026-10-10"], workdays=["2026-10-10"])
    assert clock.between(c, at("2026-10-10 00:00"), at("2026-10-11 00:00")) == 8 * HOUR


def test_a_make_up_day_keeps_the_hours_of_its_own_weekday():
    early_friday = (OFFICE,) * 4 + (((540, 720),), (), ())
    c = calendar(early_friday, holidays=["2026-03-06"], workdays=["2026-03-06"])
    assert clock.between(c, at("2026-03-06 00:00"), at("2026-03-07 00:00")) == 3 * HOUR


def test_round_the_clock_is_elapsed_time_through_both_clock_changes():
    c = calendar((ALL_DAY,) * 7, "Europe/Berlin")
    a, b = at("2026-03-01 00:00", "Europe/Berlin"), at("2026-11-30 13:37", "Europe/Berlin")
    assert clock.between(c, a, b) == b - a
    assert clock.add(c, a, 5000 * HOUR) == a + 5000 * HOUR


@pytest.mark.parametrize(
    ("zone", "day", "interval", "hours"),
    [
        ("Europe/London", "2026-03-29", (0, 180), 2),  # 01:00 -> 02:00 is skipped
        ("Europe/London", "2026-10-25", (0, 180), 4),  # 01:00-02:00 comes twice
        ("Europe/London", "2026-03-29", (75, 105), 0),  # wholly inside the gap
        ("Europe/London", "2026-03-29", (75, 135), 0.25),  # begins inside the gap: first instant after it
        ("Europe/London", "2026-03-29", (30, 90), 0.5),  # ends inside the gap
        ("Europe/London", "2026-10-25", (60, 90), 0.5),  # ambiguous at both ends: the first occurrence
        ("Europe/London", "2026-10-25", (90, 150), 2),  # from the first 01:30
        ("America/Sao_Paulo", "2018-11-04", (0, 1440), 23),  # midnight itself is skipped
        ("America/Sao_Paulo", "2018-02-17", (1380, 1440), 2),  # the hour before midnight comes twice
        ("Pacific/Apia", "2011-12-30", (0, 1440), 0),  # a whole day is skipped
        ("Australia/Lord_Howe", "2026-10-04", (0, 1440), 23.5),  # a change of half an hour
        ("Asia/Shanghai", "1986-05-04", (0, 1440), 23),  # China had summer time then
    ],
)
def test_on_days_when_clocks_change_an_interval_is_as_long_as_it_really_was(zone, day, interval, hours):
    c = calendar(((interval,),) * 7, zone)
    noon = int(datetime.fromisoformat(day + " 12:00").replace(tzinfo=UTC).timestamp() * 1000)
    days = [c.hours_on(date.fromisoformat(day))]
    assert days == [(interval,)]
    # That day's share: all of the week around it less six ordinary days.
    length = (interval[1] - interval[0]) * 60_000
    a, b = noon - 84 * HOUR, noon + 84 * HOUR
    one_day = {d: _on(c, zone, d) for d in _days(a, b)}
    assert one_day[day] == hours * HOUR
    assert {value for d, value in one_day.items() if d != day} == {length}


def _days(a: int, b: int) -> list[str]:
    return [date.fromordinal(719163 + ms // 86_400_000).isoformat() for ms in range(a, b, 86_400_000)]


def _on(c: Calendar, zone: str, day: str) -> int:
    """Business time of one local day, its edges found by scanning: the instants at which the local date is `day`."""
    middle = int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000)
    quarter = 15 * 60_000
    inside = [
        ms
        for ms in range(middle - 36 * HOUR, middle + 60 * HOUR, quarter)
        if datetime.fromtimestamp(ms / 1000, ZoneInfo(zone)).date().isoformat() == day
    ]
    return sum(clock.between(c, ms, ms + quarter) for ms in inside)


def test_old_dates_use_the_offset_of_their_own_time():
    nine_to_five = ((540, 1020),)
    c = calendar((nine_to_five,) * 7, "America/New_York")
    # 13:00Z was 09:00 in July and 08:00 in January.
    july, january = at("2025-07-01 13:00", "UTC"), at("2025-01-01 13:00", "UTC")
    assert clock.between(c, july, july + HOUR) == HOUR
    assert clock.between(c, january, january + HOUR) == 0


def test_a_calendar_without_hours_refuses_to_find_an_end_rather_than_search_for_ever():
    empty = calendar(((),) * 7)
    with pytest.raises(PolicyError, match="no business hours"):
        clock.add(empty, 0, 1)
    with pytest.raises(PolicyError, match="no business hours"):
        clock.subtract(empty, 0, 1)
    assert clock.between(empty, 0, 10**12) == 0


def test_an_instant_outside_the_centuries_of_the_clock_is_refused_quickly():
    with pytest.raises(UsageError, match="1900 to 2299"):
        clock.between(calendar(), 0, at("2999-01-01 00:00"))
    with pytest.raises(UsageError, match="1900 to 2299"):
        clock.add(calendar(), at("2026-01-01 00:00"), 10**9 * HOUR)
    with pytest.raises(UsageError):
        clock.between(calendar(), -(10**17), 0)


def test_a_negative_span_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="not negative"):
        clock.add(calendar(), 0, -1)


def test_answers_do_not_depend_on_the_order_in_which_years_were_asked_for():
    c = calendar(holidays=["2020-01-01"])
    forwards, backwards = Clock(c), Clock(c)
    years = range(2015, 2030)
    pairs = [(at(f"{y}-06-03 11:11"), at(f"{y + 1}-02-05 15:15")) for y in years]
    one = [forwards.between(a, b) for a, b in pairs]
    other = [backwards.between(a, b) for a, b in reversed(pairs)]
    assert one == other[::-1]
    assert forwards.between(pairs[0][0], pairs[-1][1]) == backwards.between(pairs[0][0], pairs[-1][1])
    assert forwards.subtract(pairs[-1][1], 20_000 * HOUR) == Clock(c).subtract(pairs[-1][1], 20_000 * HOUR)


@pytest.mark.skipif(not DATA.is_dir(), reason="the shared data sets are not here")
def test_the_29_first_response_cases_come_out_exactly():
    with (DATA / "business_hours/erpnext_first_response_cases.csv").open(encoding="utf-8") as file:
        cases = list(csv.DictReader(file))
    got, expected = [], []
    for case in cases:
        opens, closes = (int(case[key][:2]) * 60 + int(case[key][3:]) for key in ("open", "close"))
        c = calendar((((opens, closes),),) * 5 + ((), ()))
        got.append(clock.between(c, at(case["start"]), at(case["end"])) // 1000)
        expected.append(int(re.findall(r"\d+", case["expected_seconds"])[0]))
    assert len(got) == 29
    assert got == expected


@pytest.mark.skipif(not DATA.is_dir(), reason="the shared data sets are not here")
@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_day_of_the_chinese_calendar_is_worked_or_free_as_the_notice_says(year):
    days = json.loads((DATA / f"holiday_cn/{year}.json").read_text(encoding="utf-8"))["days"]
    listed = {day["date"]: day["isOffDay"] for day in days if day["date"].startswith(str(year))}
    c = calendar(holidays=[d for d, off in listed.items() if off], workdays=[d for d, off in listed.items() if not off])
    ordinals = range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())
    all_days = [date.fromordinal(n) for n in ordinals]
    got = {d.isoformat(): clock.between(c, at(f"{d} 00:00"), at(f"{d} 23:59")) // HOUR for d in all_days}
    expected = {d.isoformat(): 0 if listed.get(d.isoformat(), d.weekday() > 4) else 8 for d in all_days}
    assert len(listed) > 25
    assert got == expected
