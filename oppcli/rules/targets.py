"""Targets: for whom, of which months, how much; what a longer period comes to, and how it is split into months."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from oppcli.errors import Reason, UsageError
from oppcli.model import money
from oppcli.model.said import Said, say
from oppcli.model.targets import Target
from oppcli.tuples import NamedTuple
from oppcli.words.periods import MONTH, Period, between, containing, label, unit_of

LEVELS = ("target", "stretch", "top")
"""What is aimed at, in rising order."""
Amounts = tuple[int, int | None, int | None]
"""Target, stretch, top: minor units of money, or what is counted."""


class Sum(NamedTuple):
    """What several months come to."""

    target: int | None
    """Minor units of money, or what is counted; None where a month has none, or they are in several currencies."""
    stretch: int | None
    top: int | None
    currency: str | None
    """Of money; None of what is counted, and where there are several."""
    missing: tuple[str, ...] = ()
    """The months without a target."""


def months_of(period: Period) -> tuple[str, ...]:
    """The months of a period of whole ones, in order; none for any other days."""
    first, last = containing(period.first, MONTH).first, containing(period.last, MONTH).last
    return tuple(between(first, last, MONTH)) if (first, last) == period else ()


def days_of(month: str) -> Period:
    """The days of a month."""
    return containing(date.fromisoformat(f"{month}-01"), MONTH)


def split(amounts: Amounts, parts: int) -> Iterator[Amounts]:
    """As much in each part as in the others, what does not go up in them in the last."""
    for place in range(1, parts + 1):
        yield tuple(_part(each, place, parts) for each in amounts)  # type: ignore[misc]


def _part(whole: int | None, place: int, parts: int) -> int | None:
    if whole is None:
        return None
    return whole // parts if place < parts else whole - whole // parts * (parts - 1)


def require_rising(amounts: Amounts, currency: str | None) -> None:
    """Refuse (2) amounts below 0, and what would be better and is less, with everything that is wrong with them."""
    named = [(name, amount) for name, amount in zip(LEVELS, amounts, strict=True) if amount is not None]
    wrong = [Reason(name, say("is 0 or more")) for name, amount in named if amount < 0]
    for (lower, less), (name, more) in pairwise(named):
        if more < less:
            told = say(
                "{more} is less than {lower}, {less}",
                more=shown(more, currency),
                lower=lower,
                less=shown(less, currency),
            )
            wrong.append(Reason(name, told))
    if wrong:
        raise UsageError(say("this is no target"), reasons=tuple(wrong), hint=say("from least to most: 100k/120k/150k"))


def shown(amount: int, currency: str | None) -> str:
    """As people read it: `CNY 1,000,000.00`, or a count."""
    return money.shown(amount, currency) if currency else f"{amount:,}"


def stored(amount: int | None, currency: str | None) -> str | None:
    """As it is kept: an exact decimal."""
    if amount is None:
        return None
    return money.plain(amount, currency) if currency else str(amount)


def amounts_of(target: Target) -> Amounts:
    """Minor units of money, or what is counted."""
    found = (read(each, target.currency) for each in (target.target, target.stretch, target.top))
    return tuple(found)  # type: ignore[return-value]


def read(text: str | None, currency: str | None) -> int | None:
    """What was `stored`."""
    if text is None:
        return None
    return money.to_minor(Decimal(text), currency) if currency else int(text)


def told(target: Target) -> Said | str:
    """All levels of it: `CNY 1,000,000.00 / 1,200,000.00`."""
    levels = [each for each in amounts_of(target) if each is not None]
    first, *more = levels
    rest = [money.bare(each, target.currency) if target.currency else f"{each:,}" for each in more]
    return " / ".join([shown(first, target.currency), *rest])


def summed(targets: Sequence[Target], months: Sequence[str]) -> Sum:
    """What the targets of one measure of one person, team or the company come to in these months: each level where
    every month has it."""
    by_month = {each.month: each for each in targets}
    missing = tuple(month for month in months if month not in by_month)
    found = [by_month[month] for month in months if month in by_month]
    currencies = {each.currency for each in found}
    currency = next(iter(currencies)) if len(currencies) == 1 else None
    if missing or len(currencies) != 1:
        return Sum(None, None, None, currency, missing)
    levels = zip(*map(amounts_of, found), strict=True)
    whole = [None if None in level else sum(level) for level in levels]
    return Sum(whole[0], whole[1], whole[2], currency)


def spelt(months: Sequence[str], begins: int = 1) -> str:
    """Months as one period where they are one: `2026Q4`, of a team whose year begins in another month `FY2026/27Q3`;
    else from the first to the last."""
    whole = Period(days_of(months[0]).first, days_of(months[-1]).last)
    unit = unit_of(whole, begins)
    return label(whole.first, *unit) if unit else f"{months[0]}..{months[-1]}"
