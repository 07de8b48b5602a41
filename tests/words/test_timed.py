"""When something goes out again and again: what may be typed, and on which instants it falls."""

from datetime import UTC, date, datetime

import pytest

from oppcli.errors import UsageError
from oppcli.rules.timing import last_due, next_due
from oppcli.words.timed import parse

SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def iso(at: int | None) -> str:
    return "" if at is None else datetime.fromtimestamp(at / 1000, UTC).strftime("%m-%dT%H:%M")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("mon 08:00", "mon 08:00"),
        ("Mon,Thu 8am", "mon,thu 08:00"),
        ("weekdays 17:30", "mon,tue,wed,thu,fri 17:30"),
        ("daily 08:05", "daily 08:05"),
        ("monthly 09:00", "monthly 09:00"),
        ("每周一 8点", "mon 08:00"),
        ("每周一、周四下午5点半", "mon,thu 17:30"),
        ("每天8点", "daily 08:00"),
        ("每个工作日 9:00", "mon,tue,wed,thu,fri 09:00"),
        ("FREQ=MONTHLY;BYDAY=1MO 08:00", "FREQ=MONTHLY;BYDAY=1MO 08:00"),
    ],
)
def test_it_is_read_and_written_so_that_it_is_read_again(typed: str, written: str) -> None:
    found = parse(typed)
    assert (found.written, parse(found.written)) == (written, found)


@pytest.mark.parametrize(
    "typed", ["", "mon", "08:00", "mon 24:00", "mon 08:00:30", "sometimes 08:00", "FREQ=HOURLY 08:00"]
)
def test_what_says_no_day_or_no_time_is_refused(typed: str) -> None:
    with pytest.raises(UsageError):
        parse(typed)


@pytest.mark.parametrize(
    ("typed", "zone", "since", "now", "last", "after"),
    [
        ("mon 08:00", SHANGHAI, "2026-11-26T01:00Z", "2026-11-30T00:00Z", "11-30T00:00", "12-07T00:00"),
        ("mon 08:00", SHANGHAI, "2026-11-26T01:00Z", "2026-11-29T23:59Z", "", "11-30T00:00"),
        ("mon 08:00", SHANGHAI, "2026-11-30T00:00Z", "2026-11-30T00:10Z", "", "12-07T00:00"),
        ("daily 08:00", SHANGHAI, "2026-11-01T00:00Z", "2026-11-30T05:00Z", "11-30T00:00", "12-01T00:00"),
        ("daily 02:30", BERLIN, "2026-03-27T12:00Z", "2026-03-29T12:00Z", "03-29T01:30", "03-30T00:30"),
        ("monthly 08:00", "UTC", "2026-10-31T09:00Z", "2026-11-30T09:00Z", "11-30T08:00", "12-31T08:00"),
    ],
)
def test_the_last_time_counts_and_each_once(typed: str, zone: str, since: str, now: str, last: str, after: str) -> None:
    anchor = date(2026, 1, 31)
    assert iso(last_due(parse(typed), anchor, zone, ms(since), ms(now))) == last
    assert iso(next_due(parse(typed), anchor, zone, ms(now))) == after


@pytest.mark.parametrize(
    ("typed", "days", "time"),
    [("工作日 17:30", "weekdays", "17:30"), ("mon-fri 8am", "weekdays", "08:00"), ("每周一 8点", "mon", "08:00")],
)
def test_days_and_the_time_are_told_apart(typed: str, days: str, time: str) -> None:
    """So that each language says the days its own way."""
    assert (parse(typed).days, parse(typed).time) == (days, time)
