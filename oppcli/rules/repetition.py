"""What comes again: on which dates, which is next when one is done, and how many fell in between."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from oppcli.model.said import say
from oppcli.tuples import NamedTuple
from oppcli.words.invalid import Invalid
from oppcli.words.repeats import DAILY, MONTHLY, QUARTERLY, WEEKLY, Repeat

if TYPE_CHECKING:
    from dateutil.rrule import rrule

FARTHEST = timedelta(days=366 * 12)
"""How far ahead is looked: every rule that ever comes again comes within a leap year of a skipped one."""
SHORTEST_MONTH = 28


class Next(NamedTuple):
    """What opens when one ends."""

    on: date | None
    """None when it does not come again."""
    skipped: int
    """How many were due since and are left out."""


def following(repeat: Repeat, anchor: date, due: date, today: date) -> Next:
    """The first date after both what was due and today. Dates are counted from the anchor, the first due, wherever this
    one was moved to; those in between are skipped, not opened one by one."""
    begin = max(due, today)
    skipped = sum(1 for day in between(repeat, anchor, due, today))
    return Next(next(between(repeat, anchor, begin, begin + FARTHEST), None), skipped)


def between(repeat: Repeat, anchor: date, after: date, until: date) -> Iterator[date]:
    """Every date of it after one and up to another."""
    rule = made(repeat, anchor, until)
    begin = datetime.combine(after + timedelta(days=1), time.min)
    last = datetime.combine(until, time.min)
    for at in rule.xafter(begin, inc=True):
        if at > last:
            return
        yield at.date()


def checked(repeat: Repeat, anchor: date) -> Repeat:
    """The same. Refuses (`Invalid`) a rule that cannot be read, and one that never comes."""
    try:
        whole = repeat._replace(rule=_without(repeat.rule, "COUNT", "UNTIL"))
        never = next(between(whole, anchor, anchor - timedelta(days=1), anchor + FARTHEST), None) is None
        made(repeat, anchor, anchor)
    except (ValueError, TypeError, KeyError, IndexError, OverflowError):
        raise Invalid(say("{rule}: not a rule that can be read", rule=repeat.rule)) from None
    if never:
        raise Invalid(say("{rule}: there is no such day", rule=repeat.rule))
    return repeat


def made(repeat: Repeat, anchor: date, until: date) -> "rrule":
    """The rule from its anchor on; without an end of its own it ends where nobody looks any more."""
    from dateutil import rrule as rules

    start = datetime.combine(anchor, time.min)
    end = datetime.combine(until, time.min)
    if repeat.rule:
        found: Any = rules.rrulestr(repeat.rule, dtstart=start)
        ends = "COUNT=" in repeat.rule or "UNTIL=" in repeat.rule
        return found if ends else found.replace(until=end)  # type: ignore[no-any-return]
    if repeat.days:
        return rules.rrule(rules.WEEKLY, dtstart=start, until=end, byweekday=repeat.days)
    if repeat.word in (DAILY, WEEKLY):
        return rules.rrule(rules.DAILY if repeat.word == DAILY else rules.WEEKLY, dtstart=start, until=end)
    months = {MONTHLY: 1, QUARTERLY: 3}.get(repeat.word, 12)
    days = tuple(range(min(anchor.day, SHORTEST_MONTH), anchor.day + 1))
    return rules.rrule(
        rules.MONTHLY, interval=months, dtstart=start, until=end, bymonthday=days, bysetpos=-1 if days[1:] else None
    )


def _without(rule: str, *names: str) -> str:
    return ";".join(part for part in rule.split(";") if part.partition("=")[0] not in names)
