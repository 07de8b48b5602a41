"""How far somebody is from a target: what is reached, what is lacking, how much a day; how two are weighed together."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from oppcli.model.money import half_up
from oppcli.model.policy import Calendar
from oppcli.model.reporting import Kpi
from oppcli.rules.targets import Sum
from oppcli.tuples import NamedTuple
from oppcli.words.periods import Period
from oppcli.words.zones import local

CAP = Fraction(3, 2)
"""More than this of a target counts as this much where two are weighed together."""


class Days(NamedTuple):
    """The working days of a period."""

    all: int
    left: int
    """From today on; today is one until its last interval ends."""

    @property
    def gone(self) -> int:
        return self.all - self.left


class Figures(NamedTuple):
    """What is told of one target. Minor units of money, or counts; None where there is nothing to compare with."""

    attained: Fraction | None
    """Of the target; None of a target of 0."""
    gap: int | None
    """What is lacking; below 0 what is beyond it."""
    stretch_attained: Fraction | None
    top_attained: Fraction | None
    per_day: int | None
    """What of the gap falls on each working day that is left, half up; None where no day is left."""
    pace: Fraction | None
    """Reached of what would be by now, where every working day brought as much; None before the first is over."""


def working_days(calendar: Calendar, period: Period, now: int) -> Days:
    """How many days of a period have business hours, and how many of these are still to come or under way."""
    wall, whole, left = local(now, calendar.timezone), 0, 0
    day, minute = wall.date(), wall.hour * 60 + wall.minute
    for each in _days(period):
        hours = calendar.hours_on(each)
        if hours:
            whole += 1
            left += each > day or (each == day and minute < hours[-1][1])
    return Days(whole, left)


def _days(period: Period) -> Iterator[date]:
    return map(date.fromordinal, range(period.first.toordinal(), period.last.toordinal() + 1))


def figures(actual: int | None, target: Sum, days: Days) -> Figures:
    """How far the actual figure is from a target; nothing of it where one of both is not known."""
    aim = target.target
    lacking = None if actual is None or aim is None else aim - actual
    due = None if aim is None or not days.gone else Fraction(aim * days.gone, days.all)
    return Figures(
        attained=share(actual, aim),
        gap=lacking,
        stretch_attained=share(actual, target.stretch),
        top_attained=share(actual, target.top),
        per_day=None if lacking is None or not days.left else half_up(Fraction(max(lacking, 0), days.left)),
        pace=Fraction(actual) / due if due and actual is not None else None,
    )


def share(actual: int | None, of: int | None) -> Fraction | None:
    """The actual figure as a part of another; None of 0, and of what is not known."""
    return Fraction(actual, of) if actual is not None and of else None


def dual(kpi: Kpi, own: Fraction | None, team: Fraction | None) -> Fraction | None:
    """What a person and their team attained, weighed together, each at most 150 %; None where one is not known."""
    if own is None or team is None:
        return None
    return (kpi.own * min(own, CAP) + kpi.team * min(team, CAP)) / (kpi.own + kpi.team)
