"""Scores of a deal: the points of all conditions that are true, the grade for them, and what is open."""

from collections.abc import Iterable, Mapping
from typing import Any

from oppcli.model.relations import Points, ScoreRule
from oppcli.rules import conditions
from oppcli.tuples import NamedTuple

MISSING = "missing"
RISK, FLAGS = "risk", "risk.flags"
"""The score that is asked anew wherever conditions read it, and what of it is true."""


class Part(NamedTuple):
    """One condition of a score, answered."""

    when: str
    points: int
    """What it would add."""
    true: bool | None
    """None: open, for a field that it reads has no value."""
    empty: tuple[str, ...] = ()
    """These fields."""
    name: str = ""
    """What it is called, where the policy says it."""


class Scored(NamedTuple):
    """A score with all it is made of."""

    name: str
    points: int | None
    """None: it is missing, for the policy wants every field."""
    grade: str | None
    parts: tuple[Part, ...]

    @property
    def empty(self) -> tuple[str, ...]:
        """The fields without which something is open, each once."""
        return tuple(dict.fromkeys(field for part in self.parts for field in part.empty))


def score(rule: ScoreRule, facts: Mapping[str, Any]) -> Scored:
    """The sum of the true ones. Where a field is empty its condition is not true but open, unless the rest decides it;
    with `unknown = "missing"` there is no score then."""
    parts = tuple(_part(each, facts) for each in rule.rules)
    silent = rule.unknown == MISSING and any(part.true is None for part in parts)
    points = None if silent else sum(part.points for part in parts if part.true)
    return Scored(rule.name, points, None if points is None else grade(rule, points), parts)


def grade(rule: ScoreRule, points: int) -> str | None:
    """The grade with the greatest least sum that is reached; None below all, and of a score without grades."""
    reached = [(least, name) for name, least in rule.grades.items() if points >= least]
    return max(reached, key=lambda each: each[0])[1] if reached else None


def scores(rules: Iterable[ScoreRule], facts: Mapping[str, Any]) -> dict[str, Scored]:
    """Every score by its name, in the order of the policy. One may read another; what was computed before counts, not
    what is stored."""
    rules = tuple(rules)
    known = {name: value for name, value in facts.items() if name not in {rule.name for rule in rules}}
    found: dict[str, Scored] = {}
    left = list(rules)
    while left:
        names = {rule.name for rule in left}
        ready = [rule for rule in left if not _reads(rule) & names] or left
        for rule in ready:
            found[rule.name] = scored = score(rule, known)
            known[rule.name] = scored.points
        left = [rule for rule in left if rule not in ready]
    return {rule.name: found[rule.name] for rule in rules}


def _reads(rule: ScoreRule) -> frozenset[str]:
    return frozenset().union(*(conditions.reads(each.when) for each in rule.rules))


def _part(each: Points, facts: Mapping[str, Any]) -> Part:
    true = conditions.decided(each.when, facts)
    read = conditions.reads(each.when) - conditions.may_be_empty(each.when)
    empty = tuple(sorted(name for name in read if conditions.empty(facts.get(name)))) if true is None else ()
    return Part(each.when.text, each.points, true, empty, each.name)


def flags(found: Scored) -> list[str]:
    """What is true of a score, by the names of its rules; nothing of one that is missing."""
    return [part.name or part.when for part in found.parts if part.true] if found.points is not None else []
