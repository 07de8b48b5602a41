"""What is looked up when a record was written: whether another may be the same, by the rules of `[duplicates]`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from oppcli.actions import conflicts
from oppcli.actions.act import Act, Look
from oppcli.actions.merging import get, reference
from oppcli.actions.outcome import Outcome
from oppcli.actions.resemblance import described, every, facts, one, plan_of
from oppcli.errors import Exists, Reason, UsageError
from oppcli.model import reasons
from oppcli.model.command import BLANK, command
from oppcli.model.duplicates import ALLOW, BLOCK, CLI, FLAG, IMPORT, MAIL, WARN, DuplicateRule, Duplicates
from oppcli.model.follow import CANCELLED, DIFFERENT, DONE, OPEN, Match
from oppcli.model.noun import replace
from oppcli.model.records import LIVE, WITHDRAWN
from oppcli.model.refs import ref
from oppcli.model.said import listed, say
from oppcli.rules.duplicates import Pair
from oppcli.store import alike
from oppcli.store.matching import Keeping, matched, pending
from oppcli.store.matching import keep as brought

MANY = 200
"""So many records at once are compared with all there are: that takes seconds, and a look-up for each takes longer."""
TOLD = 5
"""Records that are told of one by one."""
WAYS = {"import": IMPORT, "mail": MAIL}


def entered(act: Act) -> None:
    """Look up what this act has written: refuse what is blocked, say what is warned of, open matches. Refused (5) with
    every record that may be the same."""
    if not pending(act.door):
        return
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
        counted = sum(answer == FLAG for _, answer in answers)
        if counted and way(act) != CLI:
            told = command("dupes", "list", noun)
            act.warnings.append(say("{n:,} {n:pair|pairs} may be one: {told}", n=counted, told=told))


def opened(act: Act, found: Sequence[Pair]) -> None:
    """A match for each pair; two deals of two owners are a conflict."""
    if len(found) > MANY:
        act.door.add_many([_match(act, pair) for pair in found])
        made = act.door.find(Match, noun=found[0].rule.of, state=OPEN, created_at=act.now)
    else:
        made = [act.door.add(_match(act, pair)) for pair in found]
    if found and found[0].rule.of == "deal":
        conflicts.begin(act, made)


def outdated(act: Act, numbers: Iterable[int], meta: Mapping[str, Any]) -> None:
    """Withdraw those of these matches, by number, that nobody has decided and no rule tells of any more, now that a
    merge is taken back which opened them; their conflicts are over."""
    table: Duplicates | None = act.policy.duplicates
    brought(cast(Keeping, act.door))
    for match in act.door.find(Match, id=list(numbers), state=OPEN, standing=LIVE) if table else ():
        assert table is not None
        pair, rules, compared = (match.first, match.second), table.of(match.noun), plan_of(act, match.noun)
        held, _ = alike.records(act.door, compared, match.noun, pair)
        if any(pair == found[:2] for own in pair for found in one(act, match.noun, rules, compared, own, held[own])):
            continue
        act.door.save(match, replace(match, standing=WITHDRAWN), action="unmerge", meta=meta)
        conflicts.end(act, [match], CANCELLED, reasons.UNMERGED)


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
    if isinstance(look, Act) and look.way:
        return look.way
    stamp = getattr(look.door, "stamp", None)
    return WAYS.get(stamp.channel if stamp else CLI, CLI)


def _answer(act: Act, table: Duplicates, rule: DuplicateRule) -> str:
    return table.answer(rule, way(act))


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


def _fresh(act: Act, noun: str, found: list[Pair]) -> list[Pair]:
    """Those that nobody has looked at, or will."""
    if not found:
        return []
    known = alike.known(act.door, noun, list({number for pair in found for number in (pair.first, pair.second)}))
    return [pair for pair in found if (pair.first, pair.second) not in known]


def _refuse(act: Act, noun: str, blocked: Sequence[Pair], mine: set[int]) -> None:
    if not blocked or _may_anyway(act):
        return
    came, told = way(act), list(described(act, noun, blocked[:TOLD], mine))
    if came == CLI:
        hint = say("a manager may write it all the same: --anyway -m WHY")
    else:  # of many rows it is said which; none of these ways takes --anyway
        hint = say('leave it out, or let it in and be told: {key} = "flag" in [duplicates] or its rule', key=came)
        own = {number for pair in blocked[:TOLD] for number in (pair.first, pair.second) if number in mine}
        names = {ref(noun, number): each.name for number, each in facts(act, noun, own).items()}
        told = [(one, say("{name}: {what}", name=names.get(one, one), what=what), detail) for one, what, detail in told]
    raise Exists(
        say("it may be there already: {rules}", rules=listed(dict.fromkeys(pair.rule.name for pair in blocked))),
        reasons=tuple(Reason(what, detail) for _, what, detail in told),
        hint=hint,
    )


def _may_anyway(act: Act) -> bool:
    """Whether it was said that it is to be written all the same. Refused to who may not say so."""
    if act.anyway is None:
        return False
    act.require("anyway", say("write what may be there already"))
    return True


def _say(act: Act, noun: str, found: Sequence[Pair], mine: set[int]) -> None:
    for mine_, what, detail in described(act, noun, found[:TOLD], mine):
        act.warnings.append(say("{ref} may be {what}: {detail}", ref=mine_, what=what, detail=detail))
    if len(found) > TOLD:
        more = command("dupes", "list", noun)
        act.warnings.append(say("{n} more may be the same: {more}", n=len(found) - TOLD, more=more))


def keep(act: Act, refs: Sequence[str], *, why: str) -> Outcome:
    """Two records are different, and are never asked about again; only managers. Refused (2) without a reason, and for
    other than two of a kind."""
    act.require("dupes keep", say("say that records are different"))
    found = [reference(text) for text in refs]
    nouns = {noun for noun, _ in found}
    numbers = sorted({alike.survivor(act.door, noun, number) for noun, number in found})
    if len(nouns) != 1 or len(numbers) != 2:
        raise UsageError(say("two records of one kind"), hint=command("dupes", "keep", "C-9", "C-12", "-m", BLANK))
    (noun,) = nouns
    names = [ref(noun, get(act, noun, number).id) for number in numbers]
    if not why.strip():
        raise UsageError(say("say why they are different"), hint=command("dupes", "keep", *refs, "-m", BLANK))
    had = alike.known(act.door, noun, numbers).get((numbers[0], numbers[1]))
    decided = {"state": DIFFERENT, "decided_by": act.by, "decided_at": act.now, "reason": why}
    if had is not None:
        match = act.door.get(Match, had[0])
        act.door.save(match, replace(match, **decided), action="keep", meta={"reason": why})
        conflicts.end(act, [match], DONE, why)
    else:
        made = _match(act, Pair(numbers[0], numbers[1], DuplicateRule("", noun), 0))
        act.door.add(replace(made, **decided), action="keep", meta={"reason": why})
    line = say("{one} and {other} are different, and are not asked about again", one=names[0], other=names[1])
    return Outcome(done=(line,), ids=tuple(names))
