"""What one currency was worth in another on a day, from the dated rates; and money counted in another currency."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cached_property

from oppcli.model import money
from oppcli.model.rates import Rates, neighbours
from oppcli.model.said import Said, say
from oppcli.tuples import NamedTuple
from oppcli.words import numbers
from oppcli.words.zones import midnight, today

OLD_DAYS = 31
"""A rate that is older than this is used, and that is told."""
ONE = Fraction(1)


def no_pair(base: str, currency: str) -> Said | None:
    """Why there is no rate between these currencies; None where there may be one."""
    return say("a rate is of two currencies; {code} is always 1 {code}", code=base) if base == currency else None


def no_rate(rate: Decimal) -> Said | None:
    """Why this number is no rate; None for one."""
    return say("a rate is more than 0, not {rate}", rate=numbers.shown(rate)) if rate <= 0 else None


class Worth(NamedTuple):
    """What one unit of a currency is worth in another."""

    rate: Fraction
    day: str
    """Since when; of two rates that it was reckoned from, since the older one."""

    def is_old(self, on: str) -> bool:
        """Whether it is older than `OLD_DAYS` on that day."""
        return (date.fromisoformat(on) - date.fromisoformat(self.day)).days > OLD_DAYS

    @property
    def decimal(self) -> Decimal:
        """To 28 digits; what was entered is exact."""
        return Decimal(self.rate.numerator) / Decimal(self.rate.denominator)


class Book:
    """Dated rates by pair."""

    def __init__(self, pairs: Rates) -> None:
        self._pairs = pairs
        self._days = {pair: [day for day, _ in dated] for pair, dated in pairs.items()}
        self._known: dict[tuple[str, str, str], Worth | None] = {}

    def worth(self, base: str, currency: str, day: str) -> Worth | None:
        """One `base` in `currency` by the newest rate not after the day; None where there is none, never 1.

        A rate of the two themselves counts, either way round; of both ways the newer, of one day the one entered so.
        Else it is reckoned through one currency that both have a rate with: the newest such, then the first by name."""
        if base == currency:
            return Worth(ONE, day)
        asked = (base, currency, day)
        if asked not in self._known:
            self._known[asked] = self._between(base, currency, day) or self._through(base, currency, day)
        return self._known[asked]

    def _between(self, base: str, currency: str, day: str) -> Worth | None:
        entered, turned = self._newest(base, currency, day), self._newest(currency, base, day)
        if turned is not None and (entered is None or turned.day > entered.day):
            return Worth(1 / turned.rate, turned.day)
        return entered

    def _through(self, base: str, currency: str, day: str) -> Worth | None:
        found: Worth | None = None
        for middle in self._middles.get(base, ()):
            legs = self._between(base, middle, day), self._between(middle, currency, day)
            if legs[0] is None or legs[1] is None:
                continue
            since = min(legs[0].day, legs[1].day)
            if found is None or since > found.day:
                found = Worth(legs[0].rate * legs[1].rate, since)
        return found

    @cached_property
    def _middles(self) -> Mapping[str, Sequence[str]]:
        """By currency those that it has a rate with, by name."""
        return {each: sorted(others) for each, others in neighbours(self._pairs).items()}

    def _newest(self, base: str, currency: str, day: str) -> Worth | None:
        days = self._days.get((base, currency), ())
        at = bisect_right(days, day) - 1
        if at < 0:
            return None
        since, text = self._pairs[base, currency][at]
        return Worth(Fraction(text), since)


class Converter:
    """Counts money of many records in one currency: each by itself, at the rate of its day. The rates of another
    currency are looked up when money in it is met."""

    def __init__(self, to: str, now: int, zone: Callable[[], str], rates: Callable[[str], Rates]) -> None:
        """`zone`: where a day begins; `rates`: all that lead from a currency to this one."""
        self.to, self._now, self._zone, self._rates = to, now, zone, rates
        self._books: dict[str, Book | None] = {}
        self._days: dict[int, str] = {}
        self.without: Counter[str] = Counter()
        """By currency how many amounts had no rate."""
        self.old = 0
        """How many were counted at a rate more than `OLD_DAYS` older than their day."""

    def again(self) -> "Converter":
        """One that counts by the same rates, and of which nothing is told: of records that were counted before."""
        other = Converter(self.to, self._now, self._zone, self._rates)
        other._books, other._days = self._books, self._days
        return other

    def minor(self, amount: int | None, currency: str, at: int | None = None) -> int | None:
        """Minor units, half up; None where there is no amount, or no rate. `at`: when what it is of came to its end; of
        what is still open None: it is counted at today's rate."""
        if amount is None or currency == self.to:
            return amount
        found = self.worth(currency, at)
        return None if found is None else converted(amount, currency, self.to, found.rate)

    def worth(self, currency: str, at: int | None = None) -> Worth | None:
        """What one of another currency is worth on the day of an instant, by default today's; None without a rate."""
        if currency not in self._books:
            rates = self._rates(currency)
            self._books[currency] = Book(rates) if rates else None
        book, at = self._books[currency], self._now if at is None else at
        found = book.worth(currency, self.to, day := self._day(at)) if book else None
        if found is None:
            self.without[currency] += 1
            return None
        self.old += found.is_old(day)
        return found

    def beginning(self, day: str) -> int:
        """The first instant of a day of the calendar, to count what is due on it."""
        return midnight(date.fromisoformat(day), self._zone())

    def _day(self, at: int) -> str:
        if at not in self._days:
            self._days[at] = today(at, self._zone()).isoformat()
        return self._days[at]


def rounded(value: Decimal, currency: str) -> Decimal:
    """An amount to the decimals that its currency has: half up, away from 0."""
    return value.quantize(Decimal(1).scaleb(-money.exponent(currency)), ROUND_HALF_UP)


def converted(minor: int, currency: str, to: str, rate: Fraction) -> int:
    """Minor units of `to`: half up, away from 0. Each record is converted by itself before anything is added up, so
    that every break-down of the same records has the same total."""
    return money.half_up(minor * rate * 10 ** money.exponent(to) / 10 ** money.exponent(currency))
