"""What the deals of a submitted forecast come to: each counted by the rate that was frozen with it, weighted by the
probability of then, and added up.
"""

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

from oppcli.model.deals import BEST, COMMIT
from oppcli.model.forecasts import Forecast, ForecastLine
from oppcli.model.said import Said, say
from oppcli.rules.exchange import converted
from oppcli.rules.forecasting import CLOSED, COUNTED, weighted
from oppcli.tuples import NamedTuple


class Sums(NamedTuple):
    """Of one submission. Amounts are in minor units of its currency."""

    deals: int
    """Open by then, and not omitted."""
    weighted: int
    commit: int
    best: int
    closed: int
    """Won in the month by then."""
    without: int
    """Deals with an amount for which no rate was known: their money is left out."""


def sums(lines: Iterable[ForecastLine], currency: str) -> Sums:
    """What the lines come to in a currency, by the rates that they have."""
    deals, heavy, without, money = 0, 0, 0, Counter[str]()
    for line in lines:
        deals += line.category in COUNTED
        minor = counted(line, currency)
        if minor is None:
            without += line.amount is not None
            continue
        money[line.category] += minor
        heavy += weighted(minor, line.probability) if line.category in COUNTED else 0
    return Sums(deals, heavy, money[COMMIT], money[BEST], money[CLOSED], without)


def said(of: Forecast, come_to: Sums) -> tuple[int, int]:
    """(commit, best) of a submission: what was said of them, else what its deals sum to."""
    return (
        come_to.commit if of.committed is None else of.committed,
        come_to.best if of.best is None else of.best,
    )


def whose(team: str | None) -> Said | str:
    """Whose forecast it is, as people read it."""
    return say("everybody") if team is None else say("team of {login}", login=team)


def counted(line: ForecastLine, currency: str) -> int | None:
    """The amount of a line in the currency of its submission; None where there is none, or no rate was known."""
    if line.amount is None or line.rate is None:
        return None
    return converted(line.amount, line.currency, currency, Fraction(line.rate))
