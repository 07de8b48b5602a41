"""What is looked up when a record was written: whether another may be the same, by the rules of `[duplicates]`."""

from collections.abc import Iterable, Iterator, Sequence

from oppcli.actions import conflicts
from oppcli.actions.act import Act, Look
from oppcli.errors import Exists, Reason
from oppcli.model.command import command
from oppcli.model.duplicates import ALLOW, BLOCK, CLI, IMPORT, MAIL, WARN, DuplicateRule, Duplicates
from oppcli.model.follow import OPEN, TOUCHING, Match
from oppcli.model.refs import ref
from oppcli.model.said import listed, say
from oppcli.rules.duplicates import Pair, named, own_kinds, pairs, plan, sought
from oppcli.rules.likeness import best
from oppcli.store import alike, queries
from oppcli.store.matching import matched
from oppcli.words.matching import Forms, Plan
from oppcli.words.shown import show_instant

MANY = 200
"""So many records at once are compared with all there are: that takes seconds, and a look-up for each takes longer."""
TOLD = 5
"""Records that are told of one by one."""
WAYS = {"import": IMPORT, "mail": MAIL}


def entered(act: Act) -> None:
    """Look up what this act has written: refuse what is blocked, say what is warned of, open matches. Refused (5) with
    every record that may be the same."""
    table: Duplicates | None = act.policy.duplicates
    if table and table.of("deal"):
        conflicts.settle(act)
    for noun, numbers in matched(act.door).items() if table else ():
        assert table is not None
        found = _fresh(act, noun, list(_twins(act, table, noun, numbers)))
        answers = [(pair, _answer(act, table, pair.rule)) for pair in found]
        _refuse(act, noun, [pair for pair, answer in answers if answer == BLOCK], set(numbers))
        _say(act, noun, [pair for pair, answer in answers if answer in (WARN, BLOCK)], set(numbers))
        opened(act, found)


def opened(act: Act, found: Sequence[Pair]) -> None:
    """A match for each pair; two deals of two owners are a conflict."""
    if len(found) > MANY:
        act.door.add_many([_match(act, pair) for pair in found])
        made = act.door.find(Match, noun=found[0].rule.of, state=OPEN, created_at=act.now)
    else:
        made = [act.door.add(_match(act, pair)) for pair in found]
    if found and found[0].rule.of == "deal":
        conflicts.begin(act, made)


def _match(act: Act, pair: Pair) -> Match:
    return Match(
        noun=pair.rule.of,
        first=pair.first,
        second=pair.second,
        rule=pair.rule.name,
        likeness=pair.likeness,
        reason=act.anyway or None,
        created_at=act.now,
        created_by=act.by,
    )


def way(look: Look) -> str:
    """Through which of the ways in of `[duplicates]` this comes."""
    stamp = getattr(look.door, "stamp", None)
    return WAYS.get(stamp.channel if stamp else CLI, CLI)


def _answer(act: Act, table: Duplicates, rule: DuplicateRule) -> str:
    return table.answer(rule, way(act))


def plan_of(look: Look, noun: str) -> Plan:
    """What is compared of a noun under the policy."""
    return plan(look.policy.duplicates, noun, own_kinds(look.policy).get(noun, {}))


def _twins(act: Act, table: Duplicates, noun: str, numbers: Sequence[int]) -> Iterator[Pair]:
    """What these records may be the same as, by the rules that do not allow it here."""
    rules = [rule for rule in table.of(noun) if _answer(act, table, rule) != ALLOW]
    if not rules:
        return
    compared, wanted = plan_of(act, noun), set(numbers)
    if len(numbers) > MANY:
        yield from (pair for pair in every(act, noun, rules) if wanted & {pair.first, pair.second})
        return
    mine, merged = alike.records(act.door, compared, noun, numbers)
    seen = set[tuple[int, int]]()
    for number, forms in mine.items():
        if number in merged or (noun == "deal" and not alike.under_way(act.door, [number])):
            continue
        for pair in one(act, noun, rules, compared, number, forms):
            if (pair.first, pair.second) not in seen:
                seen.add((pair.first, pair.second))
                yield pair


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


def _fresh(act: Act, noun: str, found: list[Pair]) -> list[Pair]:
    """Those that nobody has looked at, or will."""
    if not found:
        return []
    known = alike.known(act.door, noun, list({number for pair in found for number in (pair.first, pair.second)}))
    return [pair for pair in found if (pair.first, pair.second) not in known]


def _refuse(act: Act, noun: str, blocked: Sequence[Pair], mine: set[int]) -> None:
    if not blocked or _may_anyway(act):
        return
    raise Exists(
        say("it may be there already: {rules}", rules=listed(dict.fromkeys(pair.rule.name for pair in blocked))),
        reasons=tuple(Reason(what, detail) for what, detail in described(act, noun, blocked[:TOLD], mine)),
        hint=say("a manager may write it all the same: --anyway -m WHY"),
    )


def _may_anyway(act: Act) -> bool:
    """Whether it was said that it is to be written all the same. Refused to who may not say so."""
    if act.anyway is None:
        return False
    act.require("anyway", say("write what may be there already"))
    return True


def _say(act: Act, noun: str, found: Sequence[Pair], mine: set[int]) -> None:
    for what, detail in described(act, noun, found[:TOLD], mine):
        act.warnings.append(say("{what} may be the same: {detail}", what=what, detail=detail))
    if len(found) > TOLD:
        more = command("dupes", noun)
        act.warnings.append(say("{n} more may be the same: {more}", n=len(found) - TOLD, more=more))


def described(look: Look, noun: str, found: Iterable[Pair], mine: set[int]) -> Iterator[tuple[str, str]]:
    """(reference and name, what is told of it) of the other one of each pair; of what who asks does not see, whose it
    is."""
    others = {(pair.second if pair.first in mine else pair.first): pair for pair in found}
    told = alike.facts(look.door, noun, list(others), _touching(look)) if others else {}
    for number, pair in others.items():
        facts, rule = told[number], say("{rule} {n} %", rule=pair.rule.name, n=pair.likeness)
        whose = say("owner {owner}", owner=facts.owner or "-")
        if not queries.visible(look.door, noun, number):
            yield say("another {noun}", noun=noun), listed((rule, whose))
            continue
        yield (
            say("{ref} {name}", ref=ref(noun, number), name=facts.name),
            listed((rule, whose, *_progress(look, facts))),
        )


def _touching(look: Look) -> tuple[str, ...]:
    """The kinds of activities that are a touch."""
    kinds: tuple[str, ...] = look.policy.follow.touch if look.policy.follow else TOUCHING
    return kinds


def _progress(look: Look, facts: alike.Facts) -> Iterator[str]:
    stages = listed(facts.stages)
    yield (
        say("{n} {n:deal|deals} under way ({stages})", n=facts.deals, stages=stages)
        if facts.deals
        else say("no deal under way")
    )
    if facts.touched is None:
        yield say("never in touch")
    else:
        day = show_instant(facts.touched, look.zone or "UTC", look.now)
        yield say("last touch {day}", day=day)
