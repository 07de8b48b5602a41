"""The time that a break-down is about, and the one that it is compared with."""

from collections.abc import Iterator, Mapping
from typing import Any

from oppcli.errors import UsageError
from oppcli.model.said import say
from oppcli.reads.breakdown_gathering import Times
from oppcli.reads.periods import begins, dated, edges
from oppcli.reads.table import Footnote, Frame
from oppcli.tuples import NamedTuple
from oppcli.words.periods import Period, between, previous, year_before
from oppcli.words.zones import today

PREVIOUS, YEAR = "previous", "year"
_EARLIER = {PREVIOUS: previous, YEAR: year_before}


class Compared(NamedTuple):
    """What is compared with what."""

    period: Period
    other: Period
    times: Times
    """Of the other; its first days, where the one is not over."""
    begins: int
    cut: int | None
    """How many days of the other are counted, where the one is not over."""

    def aligned(self, unit: str) -> dict[str, str]:
        """The periods of the other, each by the one that stands in its place here."""
        month = self.begins if unit in ("quarter", "year") else 1
        here, there = (list(between(each.first, each.last, unit, month)) for each in (self.period, self.other))
        return {label: here[min(at, len(here) - 1)] for at, label in enumerate(there)}


def asked(args: Mapping[str, Any], on: str, frame: Frame, instant: str = "") -> Times:
    """The time of `--period`, or of `--since` and `--until`, by the date `on`, which `instant` is in SQL where it is no
    deal's. Refused for both."""
    found = dated(args, frame.tz)
    return Times(on, found.get("since"), found.get("until"), frame.tz, instant)


def _period(args: Mapping[str, Any], frame: Frame) -> Period:
    """The days that are asked about. Refused where they have no beginning or no end."""
    if args.get("period") is not None:
        found: Period = args["period"]
        return found
    since, until = args.get("since"), args.get("until")
    if since is None or until is None:
        raise UsageError(say("--vs compares a period: which one?"), hint="--period this-month --vs previous")
    return Period(today(since, frame.tz), today(until - 1, frame.tz))


def vs(args: Mapping[str, Any], on: str, frame: Frame, instant: str = "") -> Compared | None:
    """What `--vs` asks to compare with; None where nobody asks. Of a period that is not over as many days count of the
    other, unless it is about days to come anyway. Refused without a period, and where nothing is before it."""
    if args.get("vs") is None:
        return None
    period, begin = _period(args, frame), begins(frame.policy, "year")
    try:
        other: Period = _EARLIER[args["vs"]](period, begin) if args["vs"] in _EARLIER else args["vs"]
    except ValueError:
        raise UsageError(say("there is nothing before {day}", day=period.first)) from None
    day, cut = today(frame.now, frame.tz), None
    if on != "expected" and period.first <= day < period.last:
        cut = (day - period.first).days + 1
        other = other.cut(cut)
    return Compared(period, other, Times(on, *edges(other, frame.tz), frame.tz, instant), begin, cut)


def told_times(args: Mapping[str, Any], times: Times, frame: Frame) -> Iterator[Footnote]:
    """Which days are counted, and by which date."""
    if args.get("period") is not None:
        first, last = args["period"]
        yield Footnote("period", None, say("{on}: {first} to {last}", on=_WORDS[times.on], first=first, last=last))


_WORDS = {
    "created": say("created"),
    "closed": say("closed"),
    "expected": say("expected to close"),
    "decided": say("decided"),
    "due": say("due"),
    "happened": say("happened"),
    "handled": say("handled"),
}


def told_vs(found: Compared) -> Iterator[Footnote]:
    """What is compared with, and that it is cut."""
    first, last = found.other
    yield Footnote("period", None, say("before: {first} to {last}", first=first, last=last))
    if found.cut is not None:
        said = say(
            "{first} to {last} is not over: compared with {n} {n:day|days} of the other",
            first=found.period.first,
            last=found.period.last,
            n=found.cut,
        )
        yield Footnote("partial", found.cut, said)
