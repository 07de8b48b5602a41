"""Costs of a period, spread by days: how much of one lies in other days."""

from datetime import date
from fractions import Fraction

from oppcli.words.periods import Period


def part(amount: int, period: Period, first: date | None, last: date | None) -> Fraction:
    """What of an amount that was spent over a period lies between two days, both included; None: no such edge. Every
    day has as much, so that the parts of any days add up to the whole."""
    begin = period.first if first is None else max(first, period.first)
    end = period.last if last is None else min(last, period.last)
    days = max((end - begin).days + 1, 0)
    return Fraction(amount * days, period.days)
