"""What changed between two policies, thing by thing: stages, gates, types, steps, thresholds, people, calendars."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from oppcli.model.conditions import Comparison, Node, comparisons
from oppcli.model.contracting import ORDINARY as CONTRACTS
from oppcli.model.duplicates import Duplicates
from oppcli.model.policy import Calendar, Condition, FieldRule, Policy, StageRule, TypeRule
from oppcli.model.quoting import ORDINARY as QUOTES
from oppcli.model.relations import Archive, Assign, AssignRule, Follow, Priority
from oppcli.model.reminding import NONE as DATES
from oppcli.model.reporting import NO_KPI, NO_WIN
from oppcli.model.said import Word, label, listed, say
from oppcli.policy import (
    assign_keys,
    contract_keys,
    duplicate_keys,
    fact_keys,
    follow_keys,
    hook_keys,
    keys,
    payment_keys,
    quote_keys,
    remind_keys,
    report_keys,
    request_keys,
    score_keys,
    titles,
    trust_keys,
    written,
)
from oppcli.policy.kinds import Keys
from oppcli.policy.written import Told, told
from oppcli.rules import conditions
from oppcli.tuples import NamedTuple

ADDED, DROPPED, ORDER, THRESHOLD, WHEN = (Word("change", word) for word in "added dropped order threshold when".split())
_NAMED: tuple[tuple[str, Callable[[Policy], Iterable[Any]], Keys], ...] = (
    ("deadline", lambda policy: policy.follow.deadlines if policy.follow else (), follow_keys.DEADLINE),
    ("rule", lambda policy: policy.assign.rules if policy.assign else (), assign_keys.RULE),
    ("tag", lambda policy: policy.tags, score_keys.TAG),
    ("tier", lambda policy: policy.tiers, score_keys.TIER),
    ("score", lambda policy: policy.scores, score_keys.SCORE),
    ("hook", lambda policy: policy.hooks, hook_keys.HOOK),
)
"""Rules that have names: what they are called, where they are, their keys. The order of some of them matters."""
NO_RENAMES: Mapping[str, str] = {}
_SCOPE: tuple[Told, ...] = (("scope", lambda policy: "on" if policy.scoped else "off"), *told(trust_keys.SCOPE))
_POLICY: tuple[Told, ...] = (*told(keys.POLICY), *told(keys.LOST), *told(trust_keys.RISK), *told(payment_keys.PAYMENT))
_STAGE: tuple[Told, ...] = (*told(keys.STAGE), *told(follow_keys.STAGE))
_ASKS, _PEOPLE, _HOURS, _CUTS = (Word("change", word) for word in ("asks for", "people", "hours", "cuts"))
_GATE, _BANDS = ((_ASKS, listed),), ((_CUTS, listed),)
_ROLE: tuple[Told, ...] = ((_PEOPLE, lambda role: written.listed(role[0])), ("title", lambda role: role[1]))
_CALENDAR: tuple[Told, ...] = (("timezone", lambda c: c.timezone), (_HOURS, written.week))
_SUMMARY: Mapping[str, Callable[[Any], str]] = {
    "type": lambda t: written.listed(step.name for step in t.steps),
    "step": lambda s: f"{written.listed(s.who)}; {written.rule((s.rule, s.need, s.share))}; {written.hours(s.sla_ms)}",
    "field": lambda f: f.title or f.type or "",
    "rule": lambda r: f"{written.listed(r.to)} {r.by}".strip() if isinstance(r, AssignRule) else r.of,
    **dict.fromkeys(("tag", "tier"), lambda rule: rule.when.text),
    "deadline": lambda d: f"{d.start}, {written.length(d.within)}",
}
"""What is said of a thing that came or went; by default its first key."""
_CALLED: Mapping[str, Callable[[str, Any], str]] = {
    "type": lambda name, rule: rule.named,
    "role": lambda name, role: Word("role", name, role[1]),
    "field": lambda name, field: label(name, field.title or ""),
    "fact": lambda name, fact: label(name, fact.title),
}
"""What a thing is called beside its name in the file."""


class Change(NamedTuple):
    """One difference. `before` is None for what was added, `after` for what was dropped."""

    about: str
    """policy, stage 谈判, gate 谈判, type quote, step 财务 of quote, role finance, calendar cn …"""
    what: str
    """added, dropped, order, threshold, or the key as it is written in the file."""
    before: str | None
    after: str | None
    type: str | None = None
    """The type of request it belongs to."""
    step: str | None = None

    def __str__(self) -> str:
        """`step 大区总监 of quote: threshold discount > 15 → discount > 20`."""
        if self.what in (ADDED, DROPPED):
            said = self.after if self.what == ADDED else self.before
            more = say(" ({said})", said=said) if said else ""
            return say("{about}: {what}{more}", about=self.about, what=self.what, more=more)
        was, now = self.before or "–", self.after or "–"
        return say("{about}: {what} {was} → {now}", about=self.about, what=self.what, was=was, now=now)


def changes(old: Policy, new: Policy, renames: Mapping[str, str] = NO_RENAMES) -> tuple[Change, ...]:
    """Every difference that can matter, in the order of the file: that of types, roles and fields means nothing.
    `renames` are stages with a new name, old → new. Fields are told as people call them where a file does it."""
    was = renamed(old, renames)
    named = [
        Change(say("stage {name}", name=name), "name", name, renames[name])
        for name in renames
        if old.stage(name) is not None
    ]
    found = (
        *_keys(Word("part", "policy"), old, new, _POLICY),
        *_keys(Word("part", "identity"), old, new, told(trust_keys.IDENTITY)),
        *named,
        *_things("stage", _stages(was), _stages(new), _STAGE),
        *_moved(Word("part", "stages"), _stages(was), _stages(new)),
        *_things("gate", _gates(was), _gates(new), _GATE),
        *_things("bands", old.bands, new.bands, _BANDS),
        *_types(was, new),
        *_things("role", _roles(old), _roles(new), _ROLE),
        *_keys(say("separation of duties"), old.sod, new.sod, told(keys.SOD)),
        *_keys(Word("part", "scope"), old, new, _SCOPE),
        *_duplicates(old.duplicates, new.duplicates),
        *_space("quote", old.quote, new.quote, QUOTES, told(quote_keys.QUOTE)),
        *_space("contract", old.contract, new.contract, CONTRACTS, told(contract_keys.CONTRACT, but=("clauses",))),
        *_keys(Word("part", "remind"), old.remind or DATES, new.remind or DATES, told(remind_keys.REMIND)),
        *_keys(Word("part", "kpi"), old.kpi or NO_KPI, new.kpi or NO_KPI, told(report_keys.KPI)),
        *_keys(Word("part", "win"), old.win or NO_WIN, new.win or NO_WIN, told(report_keys.WIN)),
        *_things("clause", _clauses(old), _clauses(new), told(contract_keys.CLAUSE)),
        *_things("fact", old.facts, new.facts, told(fact_keys.FACT)),
        *_things("field", old.fields, new.fields, told(keys.FIELD)),
        *_theirs(old.fields_of, new.fields_of),
        *relations(old, new),
        *_calendars(old.calendars, new.calendars),
    )
    return titles.in_words(found, old.text, new.text)


def _space(word: str, old: Any, new: Any, none: Any, keys_of: Iterable[Told]) -> Iterator[Change]:
    """What is said of quotes, or of contracts; a table that came or went as a whole first."""
    part, was, now = Word("part", word), *("off" if each is None else "on" for each in (old, new))
    if was != now:
        yield Change(part, part, was, now)
    yield from _keys(part, old or none, new or none, keys_of)


def _clauses(policy: Policy) -> Mapping[str, Any]:
    return {rule.name: rule for rule in (policy.contract or CONTRACTS).clauses}


def renamed(policy: Policy, renames: Mapping[str, str]) -> Policy:
    """The policy with other names for its stages; conditions stay as they are written."""

    def name(stage: str) -> str:
        return renames.get(stage, stage)

    stages = tuple(
        stage._replace(name=name(stage.name), next=None if stage.next is None else tuple(map(name, stage.next)))
        for stage in policy.stages
    )
    return policy._replace(stages=stages, gates={name(stage): types for stage, types in policy.gates.items()})


def _stages(policy: Policy) -> dict[str, StageRule]:
    return {stage.name: stage for stage in policy.stages}


def _gates(policy: Policy) -> dict[str, tuple[str, ...]]:
    """By stage: the types, as people are told them."""
    return {stage: tuple(map(policy.named_type, types)) for stage, types in policy.gates.items()}


def _roles(policy: Policy) -> dict[str, tuple[tuple[str, ...], str]]:
    """By name: the people, and the title."""
    return {name: (people, policy.role_titles.get(name, "")) for name, people in policy.roles.items()}


def _types(old: Policy, new: Policy) -> Iterator[Change]:
    for name in dict.fromkeys((*old.types, *new.types)):
        before, after = ({name: policy.types[name]} if name in policy.types else {} for policy in (old, new))
        found = list(_things("type", before, after, told(request_keys.TYPE)))
        if before and after:
            found += [
                *_when(say("type {name}", name=after[name].named), before[name].when, after[name].when),
                *_steps(before[name], after[name]),
            ]
        rule = (after or before)[name]
        yield from (change._replace(type=rule.named) for change in found)


def _steps(old: TypeRule, new: TypeRule) -> Iterator[Change]:
    before, after = ({step.name: step for step in rule.steps} for rule in (old, new))
    for name in dict.fromkeys((*before, *after)):
        one, other = ({name: steps[name]} if name in steps else {} for steps in (before, after))
        found = list(_things("step", one, other, told(request_keys.STEP)))
        if one and other:
            found += _when(say("step {name}", name=name), one[name].when, other[name].when)
        yield from (
            change._replace(about=say("step {name} of {new_name}", name=name, new_name=new.named), step=name)
            for change in found
        )
    yield from _moved(say("type {name}", name=new.named), before, after)


def _theirs(old: Mapping[str, Mapping[str, FieldRule]], new: Mapping[str, Mapping[str, FieldRule]]) -> Iterator[Change]:
    """What is said of fields of customers and contacts."""
    for noun in dict.fromkeys((*old, *new)):
        yield from (
            change._replace(about=say("{noun} {about}", noun=Word("noun", noun), about=change.about))
            for change in _things("field", old.get(noun, {}), new.get(noun, {}), told(keys.FIELD))
        )


def relations(old: Policy, new: Policy) -> Iterator[Change]:
    """Of the tables about relations: things with a name one by one, the rest whole."""
    for word, table, none in (
        ("follow", follow_keys.FOLLOW, Follow()),
        ("assign", assign_keys.ASSIGN, Assign()),
        ("archive", assign_keys.ARCHIVE, Archive()),
        ("priority", assign_keys.PRIORITY, Priority()),
    ):
        before, after = (getattr(policy, word) or none for policy in (old, new))
        yield from _keys(Word("part", word), before, after, told(table, but=("deadline", "rule")))
    for word, listed_of, rules in _NAMED:
        one, other = ({each.name: each for each in listed_of(policy)} for policy in (old, new))
        yield from _named(word, one, other, rules)
    yield from _things("sheet", old.sheets, new.sheets, told(score_keys.SHEET))
    was, now = (written.rows(score_keys.SUGGEST, policy.suggestions) for policy in (old, new))
    if was != now:
        yield Change(Word("part", "suggest"), "suggest", was or None, now or None)


def _named(word: str, old: Mapping[str, Any], new: Mapping[str, Any], of: Keys) -> Iterator[Change]:
    """Rules of one kind by their names, and of their conditions what changed in them."""
    yield from _things(word, old, new, told(of))
    for name in [name for name in old if name in new and "when" in of.keys]:
        yield from _when(say("{word} {name}", word=Word("part", word), name=name), old[name].when, new[name].when)
    if word in ("rule", "tier"):
        yield from _moved(Word("part", word), old, new)


def _duplicates(old: Duplicates | None, new: Duplicates | None) -> Iterator[Change]:
    part, before, after = Word("part", "duplicates"), old or Duplicates(()), new or Duplicates(())
    yield from _keys(part, before, after, told(duplicate_keys.DUPLICATES))
    one, other = ({rule.name: rule for rule in table.rules} for table in (before, after))
    yield from _things("rule", one, other, told(duplicate_keys.RULE))
    yield from _moved(part, one, other)


def _calendars(old: Mapping[str, Calendar], new: Mapping[str, Calendar]) -> Iterator[Change]:
    """Of dates only those that came and went."""
    yield from _things("calendar", old, new, _CALENDAR)
    for name in new:
        for key in ("holidays", "workdays") if name in old else ():
            before, after = getattr(old[name], key), getattr(new[name], key)
            if before != after:
                gone, come = written.days(before - after) or None, written.days(after - before) or None
                yield Change(say("calendar {name}", name=name), key, gone, come)


def _things(word: str, old: Mapping[str, Any], new: Mapping[str, Any], of: Sequence[Told]) -> Iterator[Change]:
    """What was added, dropped and changed among things with names."""
    summary = _SUMMARY.get(word) or of[0][1]
    for name in dict.fromkeys((*old, *new)):
        called = _CALLED[word](name, new.get(name, old.get(name))) if word in _CALLED else name
        about = say("{word} {name}", word=Word("part", word), name=called)
        if name not in new:
            yield Change(about, DROPPED, summary(old[name]), None)
        elif name not in old:
            yield Change(about, ADDED, None, summary(new[name]))
        else:
            yield from _keys(about, old[name], new[name], of)


def _moved(about: str, old: Iterable[str], new: Iterable[str]) -> Iterator[Change]:
    """Where those that are in both stand in another order."""
    old, new = list(old), list(new)
    before, after = [name for name in old if name in new], [name for name in new if name in old]
    if before != after:
        yield Change(about, ORDER, listed(before), listed(after))


def _keys(about: str, old: Any, new: Any, of: Iterable[Told]) -> Iterator[Change]:
    for key, read in of:
        before, after = read(old), read(new)
        if before != after:
            yield Change(about, key, before or None, after or None)


def _when(about: str, old: Condition, new: Condition) -> Iterator[Change]:
    """A condition: only its thresholds where only numbers changed, else the whole."""
    before, after = conditions.tree(old), conditions.tree(new)
    if _shape(before) == _shape(after):
        for one, other in zip(comparisons(before), comparisons(after), strict=True):
            if one.value != other.value:
                yield Change(about, THRESHOLD, _comparison(one), _comparison(other))
    elif old.text != new.text:
        yield Change(about, WHEN, old.text, new.text)


def _shape(node: Node | None) -> Any:
    """A tree without its numbers and without where it is written."""
    if isinstance(node, Comparison):
        return (node.field, node.op, None if isinstance(node.value, Decimal) else node.value)
    return node if node is None else (node.op, *map(_shape, node.parts))


def _comparison(node: Comparison) -> str:
    return f"{node.field} {node.op} {written.plain(node.value)}"
