"""Periods of the calendar as labels that sort in order: `2026-03`, `2026Q1`, `2026-W11`, `2026`."""

from collections.abc import Callable
from datetime import date

from oppcli.model.units import HOUR_MS
from oppcli.words.zones import today

QUARTER_HOUR_MS = HOUR_MS // 4
"""Every time zone's midnight is a multiple of it, so instants may be grouped by it before their period is looked up."""

_LABELS: dict[str, Callable[[date], str]] = {
    "week": lambda day: "{:04d}-W{:02d}".format(*day.isocalendar()),
    "month": lambda day: f"{day.year:04d}-{day.month:02d}",
    "quarter": lambda day: f"{day.year:04d}Q{(day.month + 2) // 3}",
    "year": lambda day: f"{day.year:04d}",
}
PERIODS = tuple(_LABELS)


def period(ms: int, unit: str, tz: str) -> str:
    """The label of the week, month, quarter or year in which an instant lies in a time zone."""
    return _LABELS[unit](today(ms, tz))
