"""Days of a zone in arithmetic."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oppcli.model.units import DAY_MS, EPOCH
from oppcli.words.local_days import offsets
from oppcli.words.zones import today

NOW = 1_796_000_000_000
ZONES = (
    "UTC",
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
)


@given(st.sampled_from(ZONES), st.integers(0, NOW + 365 * DAY_MS))
def test_an_instant_lies_on_the_day_that_the_zone_says(tz: str, at: int) -> None:
    ahead = next(ahead for since, ahead in offsets(tz, NOW) if at >= since)
    assert (at + ahead) // DAY_MS + EPOCH.toordinal() == today(at, tz).toordinal()


@pytest.mark.parametrize(("tz", "changes"), [("UTC", 0), ("Asia/Shanghai", 12), ("Asia/Kathmandu", 1)])
def test_zones_without_summer_time_change_seldom(tz: str, changes: int) -> None:
    assert len(offsets(tz, NOW)) == changes + 1


def test_the_clocks_of_berlin_change_to_the_millisecond() -> None:
    change = int(datetime(2026, 3, 29, 1, tzinfo=UTC).timestamp() * 1000)
    assert (change, 7_200_000) in offsets("Europe/Berlin", NOW)
