"""Days and instants as they are typed: read in the zone, the order and on the business days of the command."""

from datetime import date
from typing import TYPE_CHECKING

from oppcli.words.days import parse_date
from oppcli.words.shown import echo, echo_instant
from oppcli.words.zones import today

if TYPE_CHECKING:
    from oppcli.cli.surroundings import Surroundings
    from oppcli.model.policy import Calendar


def day(opp: "Surroundings", text: str) -> date:
    """A date as typed, relative to today in the user's zone; said back where it was not typed in full."""
    found = read(opp, text)
    said = echo(text, found, today=today(opp.now, opp.tz))
    if said:
        opp.say(said)
    return found


def read(opp: "Surroundings", text: str) -> date:
    """The same, where it is told with what it is for."""
    return parse_date(text, today=today(opp.now, opp.tz), calendar=_calendar(opp), order=opp.settings.date_order)


def instant(opp: "Surroundings", text: str, *, edge: str = "start", past: bool = False) -> int:
    """An instant as typed, milliseconds; a day alone is its start, or with `edge="end"` the instant after it."""
    from oppcli.words.instants import parse_instant

    order = opp.settings.date_order
    return parse_instant(text, now_ms=opp.now, tz=opp.tz, calendar=_calendar(opp), order=order, edge=edge, past=past)


def looking_back(opp: "Surroundings", text: str, edge: str) -> int:
    """The first instant of what was typed, or with the edge `end` the one after it; a weekday or a day without a year
    is the last one. What was typed in other words than a date is said back."""
    found = instant(opp, text, edge=edge, past=True)
    said = echo_instant(text, found, opp.tz, opp.now, end=edge == "end")
    if said:
        opp.say(said)
    return found


def _calendar(opp: "Surroundings") -> "Calendar | None":
    """The business days of what is typed: those of the policy, once the command has read it."""
    return opp.applied.calendars.get(opp.applied.calendar) if opp.applied else None
