"""Amounts in four digits, for who looks over many: `CNY 815k`, `CNY ≈123.5k`, `CNY 1.2亿`."""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal

from oppcli.model import money
from oppcli.model.said import Money
from oppcli.words import numbers

DIGITS = 4
"""Significant digits; what is behind them is rounded half to even."""
UNITS: Mapping[str, tuple[tuple[int, str], ...]] = {
    "en": ((10**9, "bn"), (10**6, "m"), (10**3, "k")),
    "zh": ((10**8, "亿"), (10**4, "万")),
}
"""By language, the largest first; a language without any counts as English does."""


def bare(minor: int, currency: str, lang: str = "en", *, digits: int = DIGITS) -> str:
    """`815k`, `≈123.5k`: the unit is that of the rounded figure, ≈ says that digits were lost. Below the first unit in
    full, as `money.bare`."""
    units = UNITS.get(lang, UNITS["en"])
    exact = money.to_major(minor, currency)
    if abs(exact) < units[-1][0]:
        return money.bare(minor, currency)
    rounded = Context(prec=digits, rounding=ROUND_HALF_EVEN).plus(exact)
    size, name = next(unit for unit in units if abs(rounded) >= unit[0])
    figure = (rounded / size).normalize()
    return f"{'≈' if rounded != exact else ''}{Decimal(figure):,f}{name}"


def exact(value: Decimal, lang: str) -> str:
    """`50万`, `1.25亿`: in the largest unit of the language that loses no digit behind two places, else in full."""
    for size, name in UNITS.get(lang, ()):
        if abs(value) >= size and (value / size * 100) % 1 == 0:
            return f"{numbers.shown(value / size)}{name}"
    return numbers.shown(value)


def shown(minor: int, currency: str, lang: str = "en") -> Money:
    """The same behind its currency: `CNY 815k`."""
    return Money(f"{currency} {bare(minor, currency, lang)}", minor, currency)
