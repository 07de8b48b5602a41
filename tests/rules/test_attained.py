"""How far somebody is from a target: shares, what is lacking a day, pace, and two that are weighed together."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from oppcli.model.policy import Calendar
from oppcli.model.reporting import Kpi
from oppcli.rules.attainment import Days, Figures, dual, figures, working_days
from oppcli.rules.targets import Sum
from oppcli.words.periods import Period

WEEK = (((540, 720), (780, 1080)),) * 5 + ((), ())
CALENDAR = Calendar("cn", "Asia/Shanghai", WEEK, frozenset((date(2026, 11, 2),)), frozenset((date(2026, 11, 7),)))
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).astimezone(UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("now", "days"),
    [
        ("2026-10-15T12:00+08:00", Days(21, 21)),
        ("2026-11-03T08:00+08:00", Days(21, 21)),
        ("2026-11-03T17:59+08:00", Days(21, 21)),
        ("2026-11-03T18:00+08:00", Days(21, 20)),
        ("2026-11-06T20:00+08:00", Days(21, 17)),
        ("2026-11-08T12:00+08:00", Days(21, 16)),
        ("2026-11-30T09:00+08:00", Days(21, 1)),
        ("2026-11-30T18:00+08:00", Days(21, 0)),
        ("2026-12-24T18:00+08:00", Days(21, 0)),
    ],
)
def test_today_is_a_day_that_is_left_until_its_last_interval_ends(now: str, days: Days) -> None:
    assert working_days(CALENDAR, NOVEMBER, at(now)) == days


@pytest.mark.parametrize(
    ("actual", "target", "days", "told"),
    [
        (
            30,
            Sum(100, 120, 150, "CNY"),
            Days(20, 8),
            Figures(Fraction(3, 10), 70, Fraction(1, 4), Fraction(1, 5), 9, Fraction(1, 2)),
        ),
        (120, Sum(100, None, None, None), Days(20, 8), Figures(Fraction(6, 5), -20, None, None, 0, Fraction(2))),
        (0, Sum(5, None, None, None), Days(20, 2), Figures(Fraction(0), 5, None, None, 3, Fraction(0))),
        (3, Sum(0, None, None, None), Days(20, 8), Figures(None, -3, None, None, 0, None)),
        (3, Sum(10, None, None, None), Days(20, 20), Figures(Fraction(3, 10), 7, None, None, 0, None)),
        (3, Sum(10, None, None, None), Days(20, 0), Figures(Fraction(3, 10), 7, None, None, None, Fraction(3, 10))),
        (3, Sum(None, None, None, None, ("2026-10",)), Days(20, 8), Figures(None, None, None, None, None, None)),
        (None, Sum(10, None, None, None), Days(20, 8), Figures(None, None, None, None, None, None)),
    ],
)
def test_what_is_lacking_is_told_by_the_day_half_up(actual: int | None, target: Sum, days: Days, told: Figures) -> None:
    assert figures(actual, target, days) == told


@pytest.mark.parametrize(
    ("own", "team", "both"),
    [
        (Fraction(1), Fraction(1, 2), Fraction(85, 100)),
        (Fraction(3), Fraction(1), Fraction(135, 100)),
        (Fraction(3), Fraction(2), Fraction(3, 2)),
        (None, Fraction(1), None),
        (Fraction(1), None, None),
    ],
)
def test_a_person_and_their_team_are_weighed_each_at_most_at_150_per_cent(
    own: Fraction | None, team: Fraction | None, both: Fraction | None
) -> None:
    assert dual(Kpi(70, 30), own, team) == both
