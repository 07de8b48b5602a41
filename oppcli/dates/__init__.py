"""What people type → dates and instants, and how both are shown. Nothing is guessed: what can be read twice is refused.

An instant is an integer of milliseconds since 1970 UTC. The zone is the one the person lives in, always an argument.
"""

from oppcli.dates.days import parse_date
from oppcli.dates.instants import parse_duration, parse_instant, today, zone
from oppcli.dates.shown import echo, iso, show_date, show_instant

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
