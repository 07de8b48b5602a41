"""Which records may be one with a record, with a text, or among all; and what is told of them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from oppcli.actions.act import Look
from oppcli.model.duplicates import DuplicateRule
from oppcli.model.refs import ref
from oppcli.model.said import Word, listed, say
from oppcli.rules.duplicates import Pair, named, own_kinds, pairs, plan, sought
from oppcli.rules.idling import touching
from oppcli.rules.likeness import best
from oppcli.store import alike, queries
from oppcli.words.matching import Forms, Plan


def plan_of(look: Look, noun: str) -> Plan:
    """What is compared of a noun under the policy."""
    return plan(look.policy.duplicates, noun, own_kinds(look.policy).get(noun, {}))


def one(look: Look, noun: str, rules: Sequence[DuplicateRule], compared: Plan, number: int, forms: Forms) -> list[Pair]:
    """The records that one with these forms may be the same as; `number` is its own, 0 for none."""
    asked = sought(rules, forms)
    exact = set(asked.exact)
    least = {field: min(rule.like[field] for rule in rules if field in rule.like) for field, _ in asked.begins}
    near = {
        key
        for kind, text, key in alike.lying_under(look.door, noun, asked.exact, asked.begins)
        if (kind, text) in exact or best([text], forms.get(kind, ())) >= least.get(kind, 101)
    } - {number}
    if not near:
        return []
    others, merged = alike.records(look.door, compared, noun, sorted(near))
    into = alike.survivors(look.door, noun, merged)
    found: dict[int, Pair] = {}
    for other, its in others.items():
        stands = into.get(other, other)
        hit = named(rules, forms, its)
        if hit is None or stands == number or (stands in found and found[stands].likeness >= hit[1]):
            continue
        found[stands] = Pair(min(number, stands), max(number, stands), *hit)
    live = alike.under_way(look.door, list(found)) if noun == "deal" else alike.standing(look.door, noun, list(found))
    return [found[key] for key in sorted(found) if key in live]


def every(look: Look, noun: str, rules: Sequence[DuplicateRule]) -> list[Pair]:
    """Every two live records that may be the same, exactly; what was merged counts as what stands for it."""
    held, merged = alike.records(look.door, plan_of(look, noun), noun)
    into = alike.survivors(look.door, noun, merged)
    live = {number: forms for number, forms in held.items() if number not in merged}
    if noun == "deal":
        going = alike.under_way(look.door, list(live))
        live = {number: forms for number, forms in live.items() if number in going}
    for number, stands in into.items():
        if stands in live:
            its, more = live[stands], held[number]
            live[stands] = {field: (*its.get(field, ()), *more.get(field, ())) for field in {*its, *more}}
    return pairs(rules, live)


def described(look: Look, noun: str, found: Iterable[Pair], mine: set[int]) -> Iterator[tuple[str, str, str]]:
    """(reference of its own, reference and name of the other one, what is told of that) of each pair; of what who asks
    does not see, whose it is."""
    others = {(pair.second if pair.first in mine else pair.first): pair for pair in found}
    told = facts(look, noun, others)
    for number, pair in others.items():
        one = ref(noun, pair.first + pair.second - number)
        of, rule = told[number], say("{rule} {n} %", rule=pair.rule.name, n=pair.likeness)
        whose = say("owner {owner}", owner=of.owner or "-")
        if not queries.visible(look.door, noun, number):
            yield one, say("another {noun}", noun=Word("noun", noun)), listed((rule, whose))
            continue
        yield (
            one,
            say("{ref} {name}", ref=ref(noun, number), name=of.name),
            listed((rule, whose, *_progress(look, of))),
        )


def facts(look: Look, noun: str, numbers: Collection[int]) -> dict[int, alike.Facts]:
    """What is told of these records."""
    return alike.facts(look.door, noun, list(numbers), touching(look.policy)) if numbers else {}


def _progress(look: Look, of: alike.Facts) -> Iterator[str]:
    stages = listed(of.stages)
    yield (
        say("{n} {n:deal|deals} under way ({stages})", n=of.deals, stages=stages)
        if of.deals
        else say("no deal under way")
    )
    if of.touched is None:
        yield say("never in touch")
    else:
        day = look.when(of.touched)
        yield say("last touch {day}", day=day)


def near(look: Look, rule: DuplicateRule, text: str, most: int) -> Iterator[tuple[Any, ...]]:
    """What a text is compared as in each field of a rule: (field, form, number, name, its form, likeness, asked,
    whether it holds), with the records most like it; with none where none is like it at all."""
    compared = plan_of(look, rule.of)
    held, _ = alike.records(look.door, compared, rule.of)
    for field in (*rule.same, *rule.like):
        form = next(iter(compared.forms({field: [text]})[field]), "")
        asked = rule.like.get(field, 100)
        scores = sorted(((best([form], forms.get(field, ())), -number) for number, forms in held.items()), reverse=True)
        close = [(-number, likeness) for likeness, number in scores[:most] if likeness]
        told = facts(look, rule.of, [number for number, _ in close])
        for number, likeness in close:
            its = max(held[number].get(field, ()), key=lambda other: best([form], [other]))
            yield field, form, number, told[number].name, its, likeness, asked, likeness >= asked
        if not close:
            yield field, form, None, None, None, None, asked, False
