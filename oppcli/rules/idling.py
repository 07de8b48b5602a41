"""Kinds of activities and which of them are a touch; the signals of deals that do not move: idle since when, rotting,
over the target of their stage, without a next step, pushed; what is to be returned to the pool."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

from oppcli.errors import UsageError
from oppcli.model.follow import ACTIVITY_KINDS, TOUCHING
from oppcli.model.policy import Calendar, Policy
from oppcli.model.relations import HOURS, Return, Span
from oppcli.model.said import Word, listed, say
from oppcli.rules import clock
from oppcli.rules.dues import Due, date_of, due
from oppcli.tuples import NamedTuple
from oppcli.words import zones

WARN, TAKE = "warn", "take"


def kinds(policy: Policy) -> Mapping[str, tuple[str, ...]]:
    """Every kind of activity there is, with other words for it."""
    own: Mapping[str, tuple[str, ...]] = policy.follow.kinds if policy.follow else {}
    return {**ACTIVITY_KINDS, **own}


def kind_named(policy: Policy, text: str) -> str:
    """The kind of activity that is called so. Refused (2) with all there are for another word."""
    from oppcli.words.notes import kind_of

    known = kinds(policy)
    found = kind_of(text, known)
    if found is None:
        from oppcli.words.spelling import nearest

        words = [*known, *(word for other in known.values() for word in other)]
        raise UsageError(
            say("no such kind: {name}{nearest}", name=text, nearest=nearest(text, words)),
            hint=say("one of {words}", words=listed(Word("activity", kind) for kind in known)),
        )
    return found


def touching(policy: Policy) -> tuple[str, ...]:
    """The kinds of activities that are a touch."""
    kinds: tuple[str, ...] = policy.follow.touch if policy.follow is not None else TOUCHING
    return kinds


def idle_since(last_touch: int | None, entered: int | None, created: int | None) -> int | None:
    """The latest of the last touch, the entry into the present stage by a person, and creation; a new owner changes
    nothing. None where none of them is known."""
    return max([at for at in (last_touch, entered, created) if at is not None], default=None)


def idle_ms(since: int | None, now: int, calendar: Calendar) -> int | None:
    """Business time since then; None where it is not known."""
    return None if since is None else clock.between(calendar, since, now)


def rotting(rotting_ms: int | None, since: int | None, now: int, calendar: Calendar) -> bool:
    """Whether a live deal has been idle for longer than its stage's `rotting`. With no known instant it is listed:
    nobody can say that anybody did anything. A stage without `rotting` keeps deals fresh."""
    if rotting_ms is None:
        return False
    idle = idle_ms(since, now, calendar)
    return idle is None or idle > rotting_ms


def over_target(target_ms: int | None, entered: int | None, now: int, calendar: Calendar) -> bool:
    """Whether the open stay is longer than the stage's `target`; one from an unknown instant is not."""
    return target_ms is not None and entered is not None and clock.between(calendar, entered, now) > target_ms


def without_step(follow_up: Due | None, since: int | None, max_gap: Span | None, calendar: Calendar) -> bool:
    """Whether a live deal has no open follow-up, or one later than `max_gap` after its last touch (`since`; before the
    first one since when it is idle). One without a day is as late as can be."""
    if follow_up is None:
        return True
    if max_gap is None or since is None:
        return False
    last = due(max_gap, since, calendar)
    if max_gap.unit == HOURS and follow_up.at is not None:
        return follow_up.at > (last.at or 0)
    day, most = date_of(follow_up, calendar.timezone), date_of(last, calendar.timezone)
    return day is None or (most is not None and day > most)


def past_close(expected: str | None, today: date) -> bool:
    """Whether a live deal should have been closed before today."""
    return expected is not None and date.fromisoformat(expected) < today


class Moved(NamedTuple):
    """One change of an expected close, in the order of the journal."""

    old: str | None
    new: str | None
    undone: bool = False
    """Whether it took an earlier change back."""


def pushes(moves: Iterable[Moved]) -> int:
    """How often the expected close was moved later. One that was taken out in between is compared with the last that
    there was; what was taken back by `undo` was never moved."""
    count, last = 0, None
    for move in moves:
        before = move.old or last
        if move.undone:
            count -= bool(before and move.new and move.new < before)
        elif before and move.new and move.new > before:
            count += 1
        last = move.new or before
    return max(count, 0)


def single_thread(contacts: int, amount: int | None, middle: float | None) -> bool:
    """Whether all hangs on one contact, and it matters: the amount is not below the median of open deals in its
    currency."""
    return contacts == 1 and amount is not None and middle is not None and amount >= middle


class Giveback(NamedTuple):
    """When a deal goes back to the pool."""

    warn_on: date | None
    """None: nobody is warned."""
    take_on: date

    def due(self, today: date, warned_on: date | None, warn_days: int | None) -> str:
        """What is to be done today: warn, take, or nothing. Nobody is taken from unwarned: after a gap it warns first,
        and takes so many days later."""
        if self.warn_on is None or warn_days is None:
            return TAKE if today >= self.take_on else ""
        if warned_on is None:
            return WARN if today >= self.warn_on else ""
        return TAKE if today >= max(self.take_on, warned_on + timedelta(days=warn_days)) else ""


def giveback(rule: Return, since: int, tz: str, away: Callable[[date], bool]) -> Giveback:
    """Idle for `after` calendar days, those not counted on which the owner is away; the warning comes `warn` days
    before."""
    first = zones.today(since, tz)
    warn = None if rule.warn_days is None else _counted(first, rule.after_days - rule.warn_days, away)
    return Giveback(warn, _counted(first, rule.after_days, away))


LONGEST_ABSENCE = 3660
"""Days: who is away for longer comes back no more."""


def _counted(day: date, n: int, away: Callable[[date], bool]) -> date:
    """The n-th date after this one on which the owner is there."""
    for _ in range(n + LONGEST_ABSENCE):
        if n <= 0:
            break
        day += timedelta(days=1)
        n -= not away(day)
    return day
