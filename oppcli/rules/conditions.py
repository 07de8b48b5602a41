"""Conditions of the policy, `amount >= 50万 or tier in ['C', '新客户']`: checked against the fields, and decided.

Nothing is ever evaluated as code. A text is cut into words (`words.conditions`), so that numbers stay decimal, texts
stay as written and every complaint has its column; `rules.syntax` makes a tree of them. Allowed are fields, numbers,
texts, true and false, comparisons, `in [...]`, `is empty` and `and or not ( )`: what can be said in one sentence.
"""

import operator
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from oppcli.errors import Reason, Refused
from oppcli.model.conditions import EMPTINESS, IS_EMPTY, NOT_EMPTY, Bare, Comparison, Node, comparisons
from oppcli.model.policy import ALWAYS, Condition
from oppcli.model.said import listed, say

COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "in": lambda fact, values: fact in values,
    "not in": lambda fact, values: fact not in values,
    IS_EMPTY: lambda fact, _: empty(fact),
    NOT_EMPTY: lambda fact, _: not empty(fact),
}


def empty(fact: Any) -> bool:
    """Has a field no value?"""
    return fact is None or fact in ("", (), [])


class Missing(Refused):
    """Fields a condition reads have no value. `fields` names them all: a missing margin never means it is fine."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(
            say("{fields}: no value", fields=listed(fields)),
            reasons=tuple(Reason(name, say("no value")) for name in fields),
        )
        self.fields = fields


def unchecked(text: str) -> Condition:
    """A condition that was checked before; it is read when first asked."""
    return ALWAYS if text.strip() == "always" else Condition(text, None)


def tree(condition: Condition) -> Node | None:
    """The tree of a condition; None for `always`."""
    if condition.tree is not None:
        return condition.tree  # type: ignore[no-any-return]
    if condition is ALWAYS or condition.text == "always":
        return None
    from oppcli.rules.syntax import syntax

    return syntax(condition.text)


def reads(condition: Condition) -> frozenset[str]:
    """The fields a condition depends on."""
    return frozenset(comparison.field for comparison in comparisons(tree(condition)))


def dotted(text: str) -> bool:
    """Whether a condition reads a fact that is no field of the deal (`oppcli.model.spaces`)."""
    return any("." in name for name in reads(unchecked(text)))


def boundaries(condition: Condition) -> tuple[tuple[str, str, Any], ...]:
    """Every comparison with a value as (field, op, value), each once: where the answer may change."""
    every = (each for each in comparisons(tree(condition)) if each.op not in EMPTINESS)
    return tuple(dict.fromkeys((each.field, each.op, each.value) for each in every))


def compared(condition: Condition) -> frozenset[str]:
    """The fields that must have a value, or the condition is not answered: not those asked only whether they are
    empty."""
    return frozenset(field for field, _, _ in boundaries(condition))


def may_be_empty(condition: Condition) -> frozenset[str]:
    """The fields of which the condition asks whether they are empty."""
    return frozenset(each.field for each in comparisons(tree(condition)) if each.op in EMPTINESS)


def holds(condition: Condition, facts: Mapping[str, Any]) -> bool:
    """Does the condition hold for these facts? Raises `Missing` with all fields it reads that have no value.

    Also a field that would not change the answer must have a value: who approves must not depend on the order of `or`.
    """
    node = tree(condition)
    if node is None:
        return True
    silent = [each.field for each in comparisons(node) if not _answers(each, facts.get(each.field))]
    if silent:
        raise Missing(tuple(dict.fromkeys(silent)))
    return decide(node, facts)


def decided(condition: Condition, facts: Mapping[str, Any]) -> bool | None:
    """The answer whatever the fields without a value turn out to be; None where it depends on them. What is submitted
    is never decided so: there, every field must have a value (`holds`)."""
    node = tree(condition)
    return True if node is None else _decided(node, facts)


def _answers(comparison: Comparison, fact: Any) -> bool:
    """Has the field a value that can be compared? A value of another kind than the rule was written for has not."""
    if comparison.op in EMPTINESS:
        return True
    if fact is None:
        return False
    sample = comparison.value[0] if isinstance(comparison.value, tuple) else comparison.value
    if isinstance(fact, bool):
        return yes_or_no(sample) is not None
    if isinstance(sample, Decimal):
        return isinstance(fact, (Decimal, int))
    return not isinstance(sample, bool) and isinstance(fact, (str, date))


def decide(node: Node, facts: Mapping[str, Any]) -> bool:
    """The answer of a tree whose fields all have a value."""
    if isinstance(node, Comparison):
        fact = facts.get(node.field)
        if isinstance(fact, bool) and isinstance(node.value, str):
            return bool(COMPARE[node.op](fact, yes_or_no(node.value)))
        return bool(COMPARE[node.op](fact.isoformat() if isinstance(fact, date) else fact, node.value))
    if node.op == "and":
        return all(decide(part, facts) for part in node.parts)
    if node.op == "or":
        return any(decide(part, facts) for part in node.parts)
    return not decide(node.parts[0], facts)


def _decided(node: Node, facts: Mapping[str, Any]) -> bool | None:
    if isinstance(node, Comparison):
        return decide(node, facts) if _answers(node, facts.get(node.field)) else None
    found = [_decided(part, facts) for part in node.parts]
    if node.op == "not":
        return None if found[0] is None else not found[0]
    settles = node.op == "or"
    return settles if settles in found else None if None in found else not settles


def yes_or_no(value: Any) -> bool | None:
    """What is compared with a field that is yes or no: true, false, or a word for them without quotes, `是`; None for
    anything else."""
    if not isinstance(value, Bare):
        return value if isinstance(value, bool) else None
    from oppcli.words.invalid import Invalid
    from oppcli.words.yes_no import parse

    try:
        return parse(value)
    except Invalid:
        return None
