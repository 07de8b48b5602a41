"""How likely a deal is won: naive Bayes over a few fields of deals that closed, brought to what came true of those that
it had not seen. Plain arithmetic, so that it can be told what each value does.

Sources: Laplace's rule of succession for the shares; Platt, Probabilistic Outputs for Support Vector Machines (1999),
for the logistic regression that brings them there.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import exp, log
from typing import Any, Protocol, TypeVar

from oppcli.model.records import folded
from oppcli.rules.statistics import wilson
from oppcli.tuples import NamedTuple

FEWEST = 30
"""Of fewer won or lost deals nothing is learnt."""
SELDOM = 10
"""Values that were seen less often are one."""
CLASSES = 5
"""A number is cut into so many."""
BLOCKS = 5
"""The deals are predicted in so many parts, in order of closing, each by the others."""
TENTHS = 10
OLDER = 7
"""Tenths of the deals that it is learnt from where the rest is to judge it."""


class Priced(NamedTuple):
    """An amount of money as a value: it is compared with those in its own currency alone."""

    currency: str
    minor: int


RARE = ("rare",)
"""A value that was seen less than `SELDOM` times, or never."""
Values = Sequence[Any]
"""Of one deal, by field: text, a number, money, or None."""
Cuts = tuple[float, ...] | Mapping[str, tuple[float, ...]] | None
"""Where numbers are cut; money by its currency; None for what is no number."""


class Past(NamedTuple):
    """A deal that closed, as it stood when it came to the stage."""

    values: Values
    won: bool


class Lacking(NamedTuple):
    """Too few deals closed."""

    won: int
    lost: int


class Chance(NamedTuple):
    """How likely one deal is won."""

    p: float
    low: float
    high: float
    """Wilson's interval of the wins among past deals that were as likely by those that had not seen them."""
    of: int
    """How many these are."""


class _Field(NamedTuple):
    """What one field of a deal does."""

    cuts: Cuts
    weights: Mapping[Hashable, float]
    """Class → what it adds."""
    rare: float

    def adds(self, value: Any) -> float:
        """What the value adds to the evidence."""
        return self.weights.get(_class(value, self.cuts), self.rare)


def _class(value: Any, cuts: Cuts) -> Hashable:
    """A text folded, a number by how many cuts it is not below, money by its currency, too; None for empty."""
    if value is None or value == "":
        return None
    if isinstance(value, Priced):
        known = cuts.get(value.currency, ()) if isinstance(cuts, Mapping) else ()
        return value.currency, bisect_right(known, value.minor)
    if isinstance(cuts, tuple):
        return bisect_right(cuts, value)
    return folded(str(value)).strip()


def _cuts(values: Iterable[Any]) -> Cuts:
    """Where a number is cut: v[⌊n·i/5⌋] of the sorted values, i = 1…4; of money those in each currency, for 100 of one
    are not 100 of another. None for what is no number."""
    known = [value for value in values if value is not None]
    if not known or any(isinstance(value, str) for value in known):
        return None
    if not isinstance(known[0], Priced):
        return _fifths(known)
    by: dict[str, list[float]] = {}
    for currency, minor in known:
        by.setdefault(currency, []).append(minor)
    return {currency: _fifths(amounts) for currency, amounts in by.items()}


def _fifths(known: list[float]) -> tuple[float, ...]:
    known = sorted(known)
    return tuple(known[len(known) * i // CLASSES] for i in range(1, CLASSES))


class Bayes:
    """The evidence for a win: z = ln((W+1)/(L+1)) + Σ ln((w+1)/(W+k)) − ln((l+1)/(L+k))."""

    def __init__(self, past: Sequence[Past]) -> None:
        self.won = sum(each.won for each in past)
        self.lost = len(past) - self.won
        self._prior = log((self.won + 1) / (self.lost + 1))
        width = len(past[0].values) if past else 0
        self.fields = tuple(self._field(past, at) for at in range(width))

    def _field(self, past: Sequence[Past], at: int) -> _Field:
        cuts = _cuts(each.values[at] for each in past)
        classes = [_class(each.values[at], cuts) for each in past]
        seen = Counter(classes)
        often = {each for each, count in seen.items() if count >= SELDOM}
        told = [(each if each in often else RARE, deal.won) for each, deal in zip(classes, past, strict=True)]
        won = Counter(each for each, wins in told if wins)
        lost = Counter(each for each, wins in told if not wins)
        values = len(often) + 1

        def weight(each: Hashable) -> float:
            return log((won[each] + 1) / (self.won + values)) - log((lost[each] + 1) / (self.lost + values))

        return _Field(cuts, {each: weight(each) for each in often}, weight(RARE))

    def z(self, values: Values) -> float:
        """The evidence: above 0 it speaks for a win."""
        return self._prior + sum(field.adds(value) for field, value in zip(self.fields, values, strict=True))


class Model:
    """What was learnt from deals in order of closing, at least `FEWEST` won and as many lost (`learnt`)."""

    def __init__(self, past: Sequence[Past]) -> None:
        self._bayes = Bayes(past)
        unseen = list(_unseen(past))
        self.a, self.b = calibrated([(z, each.won) for z, each in zip(unseen, past, strict=True)])
        self._won, self._all = Counter[int](), Counter[int]()
        for z, each in zip(unseen, past, strict=True):
            tenth = tenth_of(self._share(z))
            self._all[tenth] += 1
            self._won[tenth] += each.won

    @property
    def won(self) -> int:
        return self._bayes.won

    @property
    def lost(self) -> int:
        return self._bayes.lost

    def _share(self, z: float) -> float:
        return logistic(self.a + self.b * z)

    def p(self, values: Values) -> float:
        """How likely a deal with these values is won."""
        return self._share(self._bayes.z(values))

    def chance(self, values: Values) -> Chance:
        """The same with how often deals that were as likely were won."""
        found = self.p(values)
        tenth = tenth_of(found)
        return Chance(found, *wilson(self._won[tenth], self._all[tenth]), self._all[tenth])


def learnt(past: Sequence[Past]) -> Model | Lacking:
    """The model of deals in order of closing; where fewer than 30 were won or lost, how many were."""
    return too_few(past) or Model(past)


class _Ended(Protocol):
    @property
    def won(self) -> bool: ...


Some = TypeVar("Some")


def too_few(past: Sequence[_Ended]) -> Lacking | None:
    """How many were won and lost, where that is fewer than 30 of one; None where there is enough to learn from."""
    won = sum(each.won for each in past)
    lacking = Lacking(won, len(past) - won)
    return lacking if min(lacking) < FEWEST else None


def parted(past: Sequence[Some]) -> tuple[Sequence[Some], Sequence[Some]]:
    """Of deals in order of closing those that it is learnt from, and the newest, which judge."""
    older = len(past) * OLDER // 10
    return past[:older], past[older:]


def _unseen(past: Sequence[Past]) -> Iterator[float]:
    """The evidence of each deal by the four blocks that it is not in."""
    edges = [len(past) * at // BLOCKS for at in range(BLOCKS + 1)]
    for first, last in pairwise(edges):
        others = Bayes([*past[:first], *past[last:]])
        yield from (others.z(each.values) for each in past[first:last])


def logistic(x: float) -> float:
    """1/(1+e^−x), without a number that is too large on the way."""
    if x >= 0:
        return 1 / (1 + exp(-x))
    small = exp(x)
    return small / (1 + small)


def calibrated(pairs: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """a and b of p = 1/(1+e^−(a+bz)) by which what came true is likeliest: Newton's method, a step halved as long as it
    makes it less likely."""
    a, b = 0.0, 1.0
    best = _loss(pairs, a, b)
    for _ in range(100):
        step = _step(pairs, a, b)
        size = 1.0
        while size > 1e-9:
            tried = a + size * step[0], b + size * step[1]
            loss = _loss(pairs, *tried)
            if loss < best:
                break
            size /= 2
        else:
            return a, b
        gained, (a, b), best = best - loss, tried, loss
        if gained < 1e-10 * (1 + best):
            return a, b
    return a, b


def _loss(pairs: Sequence[tuple[float, bool]], a: float, b: float) -> float:
    """Minus the logarithm of how likely it was that what came true did."""
    found = 0.0
    for z, won in pairs:
        x = a + b * z if won else -(a + b * z)
        found += log(1 + exp(-x)) if x > -30 else -x
    return found


def _step(pairs: Sequence[tuple[float, bool]], a: float, b: float) -> tuple[float, float]:
    """Newton's step; where the second derivatives say nothing, down the slope."""
    ga = gb = haa = hab = hbb = 0.0
    for z, won in pairs:
        p = logistic(a + b * z)
        error, weight = won - p, p * (1 - p)
        ga += error
        gb += error * z
        haa += weight
        hab += weight * z
        hbb += weight * z * z
    whole = haa * hbb - hab * hab
    if whole < 1e-12:
        return ga / len(pairs), gb / len(pairs)
    return (hbb * ga - hab * gb) / whole, (haa * gb - hab * ga) / whole


def tenth_of(p: float) -> int:
    """In which tenth a share lies, from 0; 1 in the last."""
    return min(int(p * TENTHS), TENTHS - 1)


def brier(told: Sequence[tuple[float, bool]]) -> float | None:
    """The mean squared difference of what was told and what came true; None of nothing.

    Source: Brier, Verification of Forecasts Expressed in Terms of Probability (1950)."""
    return sum((p - won) ** 2 for p, won in told) / len(told) if told else None


def auc(told: Sequence[tuple[float, bool]]) -> float | None:
    """How often a deal that was won was told to be likelier than one that was lost, of equal ones half of them; None
    where there are not both.

    Source: Hanley and McNeil, The Meaning and Use of the Area under a ROC Curve (1982)."""
    won = sum(each for _, each in told)
    lost = len(told) - won
    if not won or not lost:
        return None
    ranked = sorted(told, key=lambda each: each[0])
    ranks, at = 0.0, 0
    while at < len(ranked):
        end = at
        while end < len(ranked) and ranked[end][0] == ranked[at][0]:
            end += 1
        ranks += (at + end + 1) / 2 * sum(each for _, each in ranked[at:end])
        at = end
    return (ranks - won * (won + 1) / 2) / (won * lost)
