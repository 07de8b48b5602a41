"""Tags and tiers that follow from conditions."""

from collections.abc import Iterable, Mapping
from typing import Any

from oppcli.model.relations import TagRule, TierRule
from oppcli.rules.conditions import decided


def tier(rules: Iterable[TierRule], facts: Mapping[str, Any]) -> str | None:
    """The first tier whose condition is true; None where none is. Where a value is unknown it is not true, unless the
    rest decides it."""
    return next((rule.name for rule in rules if decided(rule.when, facts) is True), None)


def tagged(tags: tuple[str, ...], rules: Iterable[TagRule], facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The tags with those of rules: set where the condition is true, else taken away; those set by hand stay."""
    rules = tuple(rules)
    true = {rule.name: decided(rule.when, facts) is True for rule in rules}
    kept = [tag for tag in tags if true.get(tag, True)]
    return (*kept, *(name for name, holds in true.items() if holds and name not in kept))


def by_rule(rules: Iterable[TagRule]) -> frozenset[str]:
    """The tags that nobody sets by hand."""
    return frozenset(rule.name for rule in rules)
