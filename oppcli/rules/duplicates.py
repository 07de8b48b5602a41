"""Which records may be one, by the rules of `[duplicates]`: of two records, and of all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product

from oppcli.model.duplicates import KINDS, NOUNS, DuplicateRule, Duplicates
from oppcli.model.policy import Policy
from oppcli.rules.likeness import alike, best
from oppcli.tuples import NamedTuple
from oppcli.words.matching import NONE, Forms, Plan, beginning, keys, kind_of


class Sought(NamedTuple):
    """What is looked up for a record: (kind, key) of those found by a whole key, and by its beginning."""

    exact: tuple[tuple[str, str], ...]
    begins: tuple[tuple[str, str], ...]


class Pair(NamedTuple):
    """Two records, the smaller number first, that a rule takes for one."""

    first: int
    second: int
    rule: DuplicateRule
    likeness: int


def own_kinds(policy: Policy) -> Mapping[str, Mapping[str, str]]:
    """By noun, the team's own fields and what they hold."""
    deal = {"deal": policy.fields, **policy.fields_of}
    return {noun: {name: rule.type or "text" for name, rule in rules.items()} for noun, rules in deal.items()}


def plan(table: Duplicates | None, noun: str, own: Mapping[str, str]) -> Plan:
    """What is compared of a noun by the rules for it; `own`: the team's own fields and what they hold."""
    rules = table.of(noun) if table else ()
    fields = dict.fromkeys(field for rule in rules for field in (*rule.same, *rule.like))
    kinds = {field: KINDS[noun].get(field) or own.get(field, "text") for field in fields}
    sets = dict.fromkeys(rule.same or (anchor(rule),) for rule in rules)
    # A phone of this country has the code of the country, typed with its sign or without.
    return Plan(kinds, tuple(sets), table.country.lstrip("+") if table else "", table.public if table else ())


def kept(table: Duplicates | None, own: Mapping[str, Mapping[str, str]]) -> str:
    """What the store has to know of `[duplicates]` to keep keys, as JSON; nothing where there are no rules. `own`: by
    noun, the team's own fields."""
    import json

    plans = {noun: plan(table, noun, own.get(noun, {})) for noun in NOUNS if table and table.of(noun)}
    if not table or not plans:
        return ""
    nouns = {noun: {"kinds": dict(each.kinds), "sets": each.sets} for noun, each in plans.items()}
    said = {"country": table.country.lstrip("+"), "public": table.public, "nouns": nouns}
    return json.dumps(said, ensure_ascii=False)


def sought(rules: Iterable[DuplicateRule], forms: Forms) -> Sought:
    """Under which keys another record lies that may be the same, and how the names begin of those alike."""
    exact: dict[tuple[str, str], None] = {}
    begins: dict[tuple[str, str], None] = {}
    for rule in rules:
        fields = rule.same or (anchor(rule),)
        exact |= dict.fromkeys((kind_of(fields), key) for key in keys(fields, forms))
        if not rule.same:
            begins |= dict.fromkeys((fields[0], beginning(form)) for form in forms.get(fields[0], NONE))
    return Sought(tuple(exact), tuple(begins))


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
