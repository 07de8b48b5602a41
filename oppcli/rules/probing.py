"""Trying conditions out at their boundaries: whether they can hold together, and whether tiers leave a hole."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from oppcli.model.policy import Condition
from oppcli.rules.conditions import Missing, boundaries, holds, may_be_empty, reads
from oppcli.rules.faults import NUMERIC_KINDS
from oppcli.words.kinds import STEPS

MOST_POINTS = 5_000
_Facts = Mapping[str, Any]
Limits = Mapping[str, tuple[Decimal | None, Decimal | None]]
"""Field of numbers → the least and the greatest that it may have."""
NO_LIMITS: Limits = {}


def possible(conditions: Sequence[Condition], kinds: Mapping[str, str], limits: Limits = NO_LIMITS) -> bool:
    """May all the conditions hold at once? Also true when there are too many combinations to try."""
    points = facts_around(conditions, kinds, limits=limits)
    return points is None or any(all(_holds(condition, facts) for condition in conditions) for facts in points)


def _holds(condition: Condition, facts: _Facts) -> bool:
    """Does it hold? Not where it compares a field that another condition asks to be empty."""
    try:
        return holds(condition, facts)
    except Missing:
        return False


def hole(tiers: Sequence[Condition], when: Condition, kinds: Mapping[str, str]) -> tuple[str, Decimal] | None:
    """A (field, value) at which one tier ends and another begins, and neither covers the value itself.

    `amount < 50万` and `amount > 50万` leave exactly 50万 to nobody."""
    for field, value in _numeric_boundaries(tiers, kinds):
        # Whoever does not read the field covers both of its sides alike: there is no edge to look at.
        edged = [tier for tier in tiers if field in reads(tier)]
        points = facts_around((*edged, when), kinds, without=field)
        if points is not None and any(_open_at(edged, when, facts, field, value, kinds) for facts in points):
            return field, value
    return None


def facts_around(
    conditions: Sequence[Condition],
    kinds: Mapping[str, str],
    *,
    without: str | None = None,
    limits: Limits = NO_LIMITS,
) -> Iterator[_Facts] | None:
    """Every combination of values at and beside the boundaries of the conditions; None when there are too many. No
    value lies outside of the limits of its field: the limit stands for those beyond it."""
    values = candidates(conditions, kinds)
    values.pop(without or "", None)
    values |= {
        name: tuple(dict.fromkeys(_within(one, *limits[name]) for one in values[name]))
        for name in values.keys() & limits
    }
    total = 1
    for found in values.values():
        total *= len(found)
    if total > MOST_POINTS:
        return None
    return (dict(zip(values, point, strict=True)) for point in itertools.product(*values.values()))


def candidates(conditions: Iterable[Condition], kinds: Mapping[str, str]) -> dict[str, tuple[Any, ...]]:
    """Per field the values that tell the conditions' comparisons apart: each boundary and its neighbours."""
    found: dict[str, dict[Any, None]] = {}
    for condition in conditions:
        for field, _, value in boundaries(condition):
            single = value if isinstance(value, tuple) else (value,)
            known = found.setdefault(field, {})
            for one in single:
                known.update(dict.fromkeys(_around(one, kinds.get(field, "text"))))
        for field in may_be_empty(condition):
            found.setdefault(field, {}).update({None: None, **dict.fromkeys(_any(kinds.get(field, "text")))})
    return {field: tuple(values) for field, values in found.items()}


def _within(value: Any, least: Decimal | None, most: Decimal | None) -> Any:
    """The nearest value that the field may have."""
    if not isinstance(value, Decimal):
        return value
    value = value if least is None else max(value, least)
    return value if most is None else min(value, most)


def _any(kind: str) -> tuple[Any, ...]:
    """A value of a kind, whichever."""
    if kind in NUMERIC_KINDS:
        return (Decimal(0),)
    return {"bool": (True, False), "date": (date(2000, 1, 1),)}.get(kind, ("\x00",))


def _around(value: Any, kind: str) -> tuple[Any, ...]:
    if isinstance(value, bool) or kind == "bool":
        return (True, False)
    if isinstance(value, Decimal):
        # Only values the kind can have: no half days, no tenths of a cent.
        step = STEPS.get(kind, STEPS["number"])
        below = value // step * step
        return tuple(below + n * step for n in (-1, 0, 1, 2))
    if kind == "date":
        day = date.fromisoformat(value)
        return (day - timedelta(days=1), day, day + timedelta(days=1))
    # A text that no condition names stands for all others.
    return (value, "\x00")


def _numeric_boundaries(tiers: Sequence[Condition], kinds: Mapping[str, str]) -> list[tuple[str, Decimal]]:
    every = itertools.chain.from_iterable(boundaries(tier) for tier in tiers)
    return list(
        dict.fromkeys(
            (field, value) for field, op, value in every if kinds.get(field) in NUMERIC_KINDS and "in" not in op
        )
    )


def _open_at(
    tiers: Sequence[Condition], when: Condition, facts: _Facts, field: str, value: Decimal, kinds: Mapping[str, str]
) -> bool:
    step = STEPS[kinds[field]]
    if value % step or not _holds(when, {**facts, field: value}):
        return False
    below, exact, above = (
        {n for n, tier in enumerate(tiers) if _holds(tier, {**facts, field: near})}
        for near in (value - step, value, value + step)
    )
    ends, begins, only_here = (below - exact) - above, (above - exact) - below, exact - (below & above)
    return bool(ends and begins and not only_here)
