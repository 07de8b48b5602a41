"""Whether somebody may claim what is nobody's: every rule that forbids it, and from when on it does not."""

from collections.abc import Iterator
from datetime import date, timedelta

from oppcli.model.policy import Calendar
from oppcli.model.relations import Pool
from oppcli.model.said import Said, say
from oppcli.rules.dues import due
from oppcli.tuples import NamedTuple
from oppcli.words import zones

CLAIM_PER_DAY, HOLD, COOLDOWN, CAPACITY = "claim_per_day", "hold", "cooldown", "capacity"
QUIET_UNTIL, PROTECTED = "quiet_until", "protected"
NO_POOL = Pool()
"""Of a policy that says nothing: everybody may, at once."""


class Claim(NamedTuple):
    """What is known of who claims, and of what."""

    now: int
    pooled_at: int | None = None
    """When it came into the pool; None where that is not known."""
    claimed_today: int = 0
    """By this person, on the local date."""
    tenure_ended_at: int | None = None
    """When it last was this person's."""
    live_deals: int = 0
    capacity: int | None = None
    """How many live deals this person may have."""
    quiet_until: date | None = None
    """The day before which nobody may contact the customer."""
    protected_until: int | None = None
    """Until when somebody else's protection of the customer lasts."""


class Hindrance(NamedTuple):
    """A rule that forbids a claim."""

    rule: str
    until: int | None
    """The first instant at which it allows it; None where no clock ends it."""
    why: Said


def hindrances(claim: Claim, pool: Pool, calendar: Calendar) -> tuple[Hindrance, ...]:
    """Every rule that forbids the claim now; nothing where it is allowed."""
    found = (*_of_person(claim, pool, calendar), *_of_thing(claim, pool, calendar))
    return tuple(each for each in found if each.until is None or claim.now < each.until)


def allowed_from(found: tuple[Hindrance, ...]) -> int | None:
    """The first instant at which all of them allow it; None where that is not up to the clock alone."""
    untils = [each.until for each in found]
    return None if None in untils else max((until for until in untils if until is not None), default=None)


def _of_person(claim: Claim, pool: Pool, calendar: Calendar) -> Iterator[Hindrance]:
    tz = calendar.timezone
    if pool.claim_per_day is not None and claim.claimed_today >= pool.claim_per_day:
        tomorrow = zones.midnight(zones.today(claim.now, tz) + timedelta(days=1), tz)
        said = say("{n} of {most} were claimed today", n=claim.claimed_today, most=pool.claim_per_day)
        yield Hindrance(CLAIM_PER_DAY, tomorrow, said)
    if pool.cooldown_days is not None and claim.tenure_ended_at is not None:
        again = zones.today(claim.tenure_ended_at, tz) + timedelta(days=pool.cooldown_days)
        said = say("it was theirs less than {n} {n:day|days} ago", n=pool.cooldown_days)
        yield Hindrance(COOLDOWN, zones.midnight(again, tz), said)
    if claim.capacity is not None and claim.live_deals >= claim.capacity:
        yield Hindrance(CAPACITY, None, say("has {n} of {most} live deals", n=claim.live_deals, most=claim.capacity))


def _of_thing(claim: Claim, pool: Pool, calendar: Calendar) -> Iterator[Hindrance]:
    tz = calendar.timezone
    if pool.hold is not None and claim.pooled_at is not None:
        free = due(pool.hold, claim.pooled_at, calendar)
        until = zones.midnight(free.on, tz) if free.on is not None else free.at
        yield Hindrance(HOLD, until, say("it has not been in the pool for long enough"))
    if claim.quiet_until is not None:
        yield Hindrance(QUIET_UNTIL, zones.midnight(claim.quiet_until, tz), say("the customer is not to be contacted"))
    if claim.protected_until is not None:
        yield Hindrance(PROTECTED, claim.protected_until, say("somebody else protects the customer"))
