"""Periods in which instants lie, by labels that sort in order: `2026-03`, `2026Q1`, `2026-W11`, `2026`."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from oppcli.errors import PolicyError, UsageError
from oppcli.model.said import say
from oppcli.model.units import DAY_MS, EPOCH
from oppcli.words.zones import midnight, today

if TYPE_CHECKING:
    from oppcli.model.policy import Policy
    from oppcli.words.periods import Period

YEARLY = ("quarter", "year")
"""Periods that a fiscal year moves."""


def begins(policy: "Callable[[], Policy]", unit: str) -> int:
    """The month in which the year of reports begins, for periods that it matters to; January without a policy."""
    if unit not in YEARLY:
        return 1
    try:
        return policy().fiscal_year
    except PolicyError:
        return 1


def period(ms: int, unit: str, tz: str, begins: int = 1) -> str:
    """The label of the period in which an instant lies in a time zone; quarters and years are those of a year that
    begins in this month."""
    from oppcli.words.periods import label

    return label(today(ms, tz), unit, begins)


def edges(days: "Period", tz: str) -> tuple[int, int | None]:
    """The first instant of a period in a zone, and the first one after it; None at the end of time."""
    after = midnight(days.last + timedelta(days=1), tz) if days.last < date.max else None
    return midnight(days.first, tz), after


def dated(args: Mapping[str, Any], tz: str) -> Mapping[str, Any]:
    """The arguments with `--period` as its since and until. Refused where these are given, too."""
    if args.get("period") is None:
        return args
    if args.get("since") is not None or args.get("until") is not None:
        raise UsageError(say("--period says since and until: give one of both"))
    since, until = edges(args["period"], tz)
    return {**args, "since": since, "until": until}


def local_day(instant: str, tz: str, now: int) -> str:
    """SQL for the day in a zone on which an instant lies, as `date.toordinal` counts them: a group for each day, where
    an instant has one of its own."""
    from oppcli.words.local_days import offsets

    *changes, (_, first) = offsets(tz, now)
    since = " ".join(f"WHEN {instant} >= {at} THEN {ahead}" for at, ahead in changes)
    ahead = f"CASE {since} ELSE {first} END" if changes else str(first)
    return f"({instant} + {ahead} + {EPOCH.toordinal() * DAY_MS}) / {DAY_MS}"
