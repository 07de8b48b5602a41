"""What is kept of a policy beside its text (`policy.kept` reads it): its values, the trees of its conditions with
them. What is left out of a tuple with names is its default."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from oppcli.model.approver import Approver
from oppcli.model.conditions import Bare, Group, Node
from oppcli.model.policy import ALWAYS, Condition, Policy
from oppcli.policy import kept as forms
from oppcli.policy.kept import MARK, VALUE
from oppcli.tuples import LATE

BESIDE = frozenset(("text", "hash"))
"""Of the policy itself: they stand beside what is kept."""
_MARKS: dict[type, str] = {Approver: forms.APPROVER, Bare: forms.BARE, Decimal: forms.DECIMAL, date: forms.DATE}
"""What stands as a text."""
_NEAR = ("oppcli.model.policy", "oppcli.model.conditions")


def kept(policy: Policy) -> str:
    """What is kept of a checked policy (`kept.signed`). The hash alone where something of it would not be the same when
    it is read again."""
    try:
        told = _text(policy)
        same = _text(forms.value(told)) == told
    except TypeError:
        same = False
    return forms.signed(policy.hash, told) if same else policy.hash


def _text(value: Any) -> str:
    return json.dumps(_told(value), ensure_ascii=False, separators=(",", ":"))


def _told(value: Any) -> Any:
    """A value as JSON has it. Raises TypeError for what it has no form for."""
    if isinstance(value, Condition):
        value = _read(value)
    if isinstance(value, tuple):
        if hasattr(value, "_fields"):
            return _named(value)
        of_approvers = value and all(isinstance(each, Approver) for each in value)
        return _marked(forms.APPROVERS, list(map(str, value))) if of_approvers else [_told(each) for each in value]
    if isinstance(value, Mapping):
        if MARK in value:
            raise TypeError(MARK)
        return {name: _told(each) for name, each in value.items()}
    return _single(value)


def _single(value: Any) -> Any:
    mark = _MARKS.get(type(value))
    if mark is not None:
        return _marked(mark, str(value))
    if isinstance(value, frozenset):
        return _marked(forms.SET, [_told(each) for each in sorted(value)])
    if value is None or type(value) in (str, bool, int):
        return value
    raise TypeError(type(value).__name__)


def _marked(mark: str, value: Any) -> dict[str, Any]:
    return {MARK: mark, VALUE: value}


def _named(value: Any) -> dict[str, Any]:
    """A tuple with names: its class, and what of it is no default."""
    cls = type(value)
    module = "" if cls.__module__ in _NEAR else cls.__module__.rpartition(".")[2] + "."
    told: dict[str, Any] = {MARK: module + cls.__name__}
    late = LATE.get(cls, ())
    for name in cls._fields:
        each = getattr(value, name)
        if (name in BESIDE and cls is Policy) or _is_default(cls, name, each):
            continue
        told[name] = _marked(forms.LATER, _text(each)) if name in late else _told(each)
    return told


def _is_default(cls: Any, name: str, value: Any) -> bool:
    default = cls._field_defaults.get(name, cls)
    return type(default) is type(value) and repr(default) == repr(value)


def _read(condition: Condition) -> Condition:
    """The condition with its tree; as it is where the tree could not be kept."""
    from oppcli.rules.syntax import syntax
    from oppcli.words.conditions import Unreadable

    if condition.text.strip() == ALWAYS.text:
        return condition
    try:
        found = Condition(condition.text, syntax(condition.text))
        _check(found.tree)
    except (Unreadable, TypeError):
        return condition._replace(tree=None)
    return found


def _check(node: Node) -> None:
    """Raises TypeError for a value whose meaning depends on more than its digits."""
    if isinstance(node, Group):
        for part in node.parts:
            _check(part)
        return
    for each in node.value if isinstance(node.value, tuple) else (node.value,):
        if type(each) not in (Decimal, Bare, str, bool, type(None)):
            raise TypeError(type(each).__name__)
