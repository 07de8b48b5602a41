"""What people type → dates and instants, and how both are shown. Nothing is guessed: what can be read twice is refused.

An instant is an integer of milliseconds since 1970 UTC. The zone is the one the person lives in, always an argument.
"""

from datetime import date
from typing import TYPE_CHECKING

from oppcli.dates.instants import parse_duration, parse_instant, today, zone
from oppcli.dates.shown import echo, iso, show_date, show_instant

if TYPE_CHECKING:
    from oppcli.model.policy import Calendar


def parse_date(
    text: str, *, today: date, calendar: "Calendar | None" = None, order: str = "", edge: str = "end"
) -> date:
    """The day that was typed: see `oppcli.dates.days`, which only a command that is given a date loads."""
    from oppcli.dates import days

    return days.parse_date(text, today=today, calendar=calendar, order=order, edge=edge)


__all__ = [
    "echo",
    "iso",
    "parse_date",
    "parse_duration",
    "parse_instant",
    "show_date",
    "show_instant",
    "today",
    "zone",
]
