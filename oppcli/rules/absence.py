"""Who is away: a delegation of everything, of whatever type and amount, says so, whoever decides meanwhile."""

from collections.abc import Iterable
from datetime import date

from oppcli.model.people import Delegation
from oppcli.model.units import DAY_MS
from oppcli.words import zones

NOON = DAY_MS // 2


def absences(known: Iterable[Delegation], login: str) -> list[Delegation]:
    """Those of somebody's delegations that are absences."""
    return [each for each in known if each.frm == login and absence(each)]


def absence(delegation: Delegation) -> bool:
    return not delegation.types and delegation.max_amount is None


def away_on(known: Iterable[Delegation], day: date, tz: str) -> bool:
    """Whether any of these absences holds at noon of a local date."""
    noon = zones.midnight(day, tz) + NOON
    return any(each.starts_at <= noon < each.ends_at for each in known)


def away(known: Iterable[Delegation], now: int, tz: str) -> bool:
    """Whether any of these absences holds now, or at noon of today."""
    found = list(known)
    return any(each.starts_at <= now < each.ends_at for each in found) or away_on(found, zones.today(now, tz), tz)
