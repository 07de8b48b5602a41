"""Which records may be one, by the rules of `[duplicates]`: of two records, and of all."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product

from oppcli.model.duplicates import DuplicateRule
from oppcli.rules.likeness import alike, best
from oppcli.tuples import NamedTuple

Forms = Mapping[str, Collection[str]]
"""The normal forms of a record's fields, by field; a field without a value has none."""
NONE: tuple[str, ...] = ()


class Pair(NamedTuple):
    """Two records, the smaller number first, that a rule takes for one."""

    first: int
    second: int
    rule: DuplicateRule
    likeness: int


def score(rule: DuplicateRule, one: Forms, other: Forms) -> int | None:
    """The least likeness of two records in the fields of a rule, 100 where it compares none; None where they are not
    one by it."""
    if not all(set(one.get(field, NONE)) & set(other.get(field, NONE)) for field in rule.same):
        return None
    found = {field: best(one.get(field, NONE), other.get(field, NONE)) for field in rule.like}
    if any(found[field] < least for field, least in rule.like.items()):
        return None
    return min(found.values(), default=100)


def named(rules: Iterable[DuplicateRule], one: Forms, other: Forms) -> tuple[DuplicateRule, int] | None:
    """The first rule by which two records are one, and their likeness by it; None where none does."""
    for rule in rules:
        found = score(rule, one, other)
        if found is not None:
            return rule, found
    return None


def pairs(rules: Sequence[DuplicateRule], records: Mapping[int, Forms]) -> list[Pair]:
    """Every two of these records (number → forms) that are one by a rule, none left out: each pair once, by its first
    rule, in the order of the numbers."""
    found: dict[tuple[int, int], Pair] = {}
    for rule in rules:
        for first, second in _candidates(rule, records):
            key = (first, second) if first < second else (second, first)
            if key in found:
                continue
            likeness = score(rule, records[first], records[second])
            if likeness is not None:
                found[key] = Pair(*key, rule, likeness)
    return [found[key] for key in sorted(found)]


def keys(fields: Sequence[str], forms: Forms) -> list[str]:
    """Under what a record is looked up by several fields at once: every combination of their values."""
    found = product(*(forms.get(field, NONE) for field in fields))
    return list(dict.fromkeys("\x1f".join(values) for values in found))


def anchor(rule: DuplicateRule) -> str:
    """The field of a rule without `same` whose likeness is asked most of."""
    return max(rule.like, key=lambda field: rule.like[field])


def _candidates(rule: DuplicateRule, records: Mapping[int, Forms]) -> Iterator[tuple[int, int]]:
    """Pairs of numbers among which are all that the rule takes for one."""
    groups: dict[str, list[int]] = {}
    field = None if rule.same else anchor(rule)
    for number, forms in records.items():
        for key in keys((field,) if field else rule.same, forms):
            groups.setdefault(key, []).append(number)
    for group in groups.values():
        yield from combinations(group, 2)
    if field:
        texts = list(groups)
        for one, other, _ in alike(texts, rule.like[field]):
            yield from ((a, b) for a, b in product(groups[texts[one]], groups[texts[other]]) if a != b)
