"""Why a step, or a whole type, was not asked: the comparisons that made it so, `margin 32 ≥ 25`."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any

from oppcli.model.conditions import EMPTINESS, IS_EMPTY, NOT_EMPTY, Comparison, Node
from oppcli.model.policy import Policy, TypeRule
from oppcli.model.requests import Request
from oppcli.model.said import Said, label, listed, say
from oppcli.rules import conditions, fields
from oppcli.rules.approvals import figures
from oppcli.rules.approvals.world import World

SIGNS: Mapping[str, str] = {
    "<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "=", "!=": "≠", "~": "~", "in": "∈", "not in": "∉"
}  # fmt: skip
OPPOSITE: Mapping[str, str] = {
    "<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "==", "in": "not in", "not in": "in",
    IS_EMPTY: NOT_EMPTY, NOT_EMPTY: IS_EMPTY,
}  # fmt: skip


def steps_told(request: Request, world: World, hidden: Collection[str] = ()) -> dict[str, Said]:
    """Step that the current revision planned away → the sentence why; nothing is said of `hidden` fields."""
    of, policy = request.facts, world.rules(request)
    if not of.skipped:
        return {}
    shown = {name: text for name, text in of.snapshot.items() if name not in hidden}
    facts = figures.facts_shown(shown, policy)
    return {name: told(str(text), facts, policy) for name, text in of.skipped.items()}


def not_asked(rule: TypeRule, world: World, policy: Policy, hidden: Collection[str] = ()) -> Said:
    """Why an approval is not required: its own condition, or that of every step. Nothing is said of `hidden` fields."""
    facts = {name: fact for name, fact in world.facts(policy).items() if name not in hidden}
    if conditions.decided(rule.when, facts) is False:
        return told(rule.when.text, facts, policy)
    parts = [why for step in rule.steps for why in _parts(step.when.text, facts, policy)]
    return _sentence(parts)


def told(text: str, facts: Mapping[str, Any], policy: Policy) -> Said:
    """`not asked, margin 32 ≥ 25` of a condition that is not true of these facts."""
    return _sentence(_parts(text, facts, policy))


def _sentence(parts: list[str]) -> Said:
    found = list(dict.fromkeys(parts))
    return say("not asked, {why}", why=reduce(_joined, found)) if found else say("not asked")


def _joined(one: str, other: str) -> Said:
    return say("{one} and {other}", one=one, other=other)


def _parts(text: str, facts: Mapping[str, Any], policy: Policy) -> list[str]:
    tree = conditions.tree(conditions.unchecked(text))
    titles = {name: field.title or "" for name, field in fields.fields(policy).items()}
    found = _evidence(tree, facts, True, titles) if tree is not None and _known(tree, facts) else ()
    return list(found)


def _known(node: Node, facts: Mapping[str, Any]) -> bool:
    if isinstance(node, Comparison):
        return node.op in EMPTINESS or facts.get(node.field) is not None
    return all(_known(part, facts) for part in node.parts)


def _evidence(node: Node, facts: Mapping[str, Any], false: bool, titles: Mapping[str, str]) -> Iterator[str]:
    """The comparisons that make a node false, or true."""
    if isinstance(node, Comparison):
        yield _compared(node, facts.get(node.field), false, titles)
    elif node.op == "not":
        yield from _evidence(node.parts[0], facts, not false, titles)
    else:
        for part in node.parts:
            holds = conditions.decide(part, facts)
            if holds is not false:
                yield from _evidence(part, facts, false, titles)


def _compared(node: Comparison, fact: Any, false: bool, titles: Mapping[str, str]) -> str:
    op = OPPOSITE.get(node.op, node.op) if false else node.op
    name = titles.get(node.field) or label(node.field)
    if op in EMPTINESS:
        return say("{field} is empty", field=name) if op == IS_EMPTY else say("{field} is filled", field=name)
    values = node.value if isinstance(node.value, tuple) else (node.value,)
    limit = listed(map(_shown, values))
    return say("{field} {fact} {op} {limit}", field=name, fact=_shown(fact), op=SIGNS[op], limit=limit)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, Decimal):
        return f"{value.normalize() + 0:,f}"
    return value.isoformat() if isinstance(value, date) else str(value)
