"""What people reached in a period, measure by measure: what targets are compared with. Each measure is asked for once,
and only where somebody has a target of it.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache

from oppcli.model.deals import LIVE_KINDS, OPEN, WON
from oppcli.model.payments import RECEIVED as CAME
from oppcli.model.people import SERVICE
from oppcli.model.targets import ACTIVITIES, LEADS, OF_MONEY, QUALIFIED, RECEIVED, WON_AMOUNT
from oppcli.model.targets import WON as WINS
from oppcli.reads.converting import converter
from oppcli.reads.forecast_gathering import FROM, PROBABILITY
from oppcli.reads.forecast_months import CATEGORY
from oppcli.reads.periods import edges
from oppcli.reads.table import Frame
from oppcli.rules.exchange import Converter
from oppcli.rules.forecasting import COUNTED, weighted
from oppcli.store.doors import ReadDoor
from oppcli.store.patterns import quoted
from oppcli.words.periods import Period
from oppcli.words.zones import midnight, today

_WON = f"{FROM} WHERE s.kind = '{{won}}' AND {{within}}"
_COUNTS = {
    WINS: ("d.closed_at", f"SELECT d.owner, count(*) {_WON} GROUP BY d.owner"),
    LEADS: ("d.created_at", "SELECT d.owner, count(*) FROM deal d WHERE {within} GROUP BY d.owner"),
    QUALIFIED: (
        "q.at",
        """SELECT d.owner, count(*) FROM (SELECT v.deal_id, min(v.entered_at) AS at FROM visit v JOIN stage s
ON s.id = v.stage_id WHERE s.kind IN ('{open}', '{won}') GROUP BY v.deal_id) q JOIN deal d ON d.id = q.deal_id
WHERE {within} GROUP BY d.owner""",
    ),
    ACTIVITIES: ("a.at", "SELECT a.who, count(*) FROM activity a WHERE {within} GROUP BY a.who"),
}
"""Measure → the instant by which it lies in a period, and how it is counted by person."""
_MONEY = {
    WON_AMOUNT: f"""SELECT d.owner, d.currency, d.amount, d.closed_at, NULL {_WON} AND d.amount IS NOT NULL""",
    RECEIVED: """SELECT CASE WHEN p.deal_id IS NULL THEN c.owner ELSE d.owner END, p.currency, p.amount, NULL, p."on"
FROM payment p LEFT JOIN deal d ON d.id = p.deal_id LEFT JOIN customer c ON c.id = p.customer_id
WHERE p.kind = '{came}' AND p.voided_at IS NULL AND p.amount IS NOT NULL AND p."on" >= :first AND p."on" <= :last""",
}
"""(whose, currency, minor units, when it came to its end: an instant or a day)."""
_AHEAD = f"""SELECT d.owner, d.currency, d.amount, {CATEGORY}, {PROBABILITY} {FROM}
WHERE s.kind IN ({quoted(LIVE_KINDS)}) AND d.amount IS NOT NULL AND d.expected_close >= :first
AND d.expected_close <= :last"""
Whose = Collection[str] | None
"""Whose figures are added up; None: everybody's, and what is nobody's."""


class Actuals:
    """What people reached in one period, and what is open in it."""

    def __init__(self, door: ReadDoor, frame: Frame, period: Period) -> None:
        since, until = edges(period, frame.tz)
        self._door, self._frame = door, frame
        self._within = f"{{0}} >= {since}" + (f" AND {{0}} < {until}" if until is not None else "")
        first, last = (day.isoformat() for day in period)
        self._days = {"first": first, "last": last}
        self._ahead = {"first": max(first, today(frame.now, frame.tz).isoformat()), "last": last}
        self._counts, self._sums, self._open = cache(self._counted), cache(self._summed), cache(self._weighted)
        self.converters: dict[str, Converter] = {}
        """By the currency that they count in."""

    def of(self, measure: str, whose: Whose, currency: str | None) -> int | None:
        """What they reached: minor units of a currency, each record converted by itself, or a count. None of money
        without a currency."""
        if measure not in OF_MONEY:
            return _sum(self._counts(measure), whose)
        return None if currency is None else _sum(self._sums(measure, currency), whose)

    def weighted(self, whose: Whose, currency: str) -> int:
        """What their open deals that are still to close in the period weigh, minor units; each rounded by itself."""
        return _sum(self._open(currency), whose)

    def _counted(self, measure: str) -> Mapping[str | None, int]:
        column, sql = _COUNTS[measure]
        rows = self._door.rows(sql.format(within=self._within.format(column), open=OPEN, won=WON))
        gone = self._services() if measure == ACTIVITIES else ()
        return {who: count for who, count in rows if who not in gone}

    def _services(self) -> set[str]:
        """Who is no person: what machines note is nobody's work."""
        rows = self._door.rows("SELECT login, roles FROM user_account")
        return {login for login, roles in rows if f'"{SERVICE}"' in roles}

    def _summed(self, measure: str, currency: str) -> Mapping[str | None, int]:
        within = self._within.format("d.closed_at")
        sql = _MONEY[measure].format(within=within, won=WON, came=CAME)
        by, found = self._converter(currency), Counter[str | None]()
        zone = self._frame.policy().hours().timezone
        for who, code, amount, at, day in self._door.rows(sql, **(self._days if measure == RECEIVED else {})):
            minor = by.minor(int(amount), code, midnight(date.fromisoformat(day), zone) if day else at)
            found[who] += minor or 0
        return found

    def _weighted(self, currency: str) -> Mapping[str | None, int]:
        by, found = self._converter(currency), Counter[str | None]()
        for who, code, amount, category, probability in self._door.rows(_AHEAD, **self._ahead):
            if category in COUNTED and (minor := by.minor(int(amount), code)) is not None:
                found[who] += weighted(minor, probability)
        return found

    def _converter(self, currency: str) -> Converter:
        if currency not in self.converters:
            self.converters[currency] = converter(self._door, self._frame, currency)
        return self.converters[currency]


def _sum(found: Mapping[str | None, int], whose: Whose) -> int:
    return sum(each for who, each in found.items() if whose is None or who in whose)
