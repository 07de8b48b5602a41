"""The document of a policy, kept beside its text as JSON, its conditions read already: that takes a tenth of the time
of reading both, and spares the import of whatever reads them. It is used only with the very text it was made of."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from oppcli.model.conditions import Bare, Comparison, Group, Node
from oppcli.model.policy import Condition

CONDITIONS = ("when", "unless")
"""Keys whose texts are conditions."""
CONDITION, NUMBER, BARE = "if", "n", "w"
"""The one key of an object that stands for a condition, a decimal in it, a word in it without quotes; a document that
has such a table itself is not kept."""


def digest(text: str) -> str:
    """SHA-256 of the text, in hexadecimal digits: the policy's hash."""
    from oppcli.model.digest import sha256

    return sha256(text.encode())


def kept(text: str) -> str:
    """What is kept of a checked text: its hash, a blank, its document. The hash alone where the document would not be
    the same when it is read again, for JSON has no word for something in it (a date that is not in quotes)."""
    import json

    from oppcli.toml.reading import known

    of, document = digest(text), known(text)
    try:
        told = json.dumps(_told(document), ensure_ascii=False, separators=(",", ":"), default=_exact)
    except TypeError:
        return of
    return f"{of} {told}" if repr(_texts(_read(told))) == repr(document) else of


def document(text: str, hash: str, kept: str = "") -> Mapping[str, Any]:
    """The document of a checked text: from what was kept of it, where that is of this text. Its conditions are then
    `Condition` or, where they were not read, text."""
    of, _, told = kept.partition(" ")
    if told and of == hash:
        return _read(told)
    from oppcli.toml.reading import known

    return known(text)


def _read(told: str) -> dict[str, Any]:
    import json

    found: dict[str, Any] = json.loads(told, parse_float=Decimal, object_hook=_meant)
    return found


def _meant(found: dict[str, Any]) -> Any:
    """A table, or what stands as an object with one key."""
    if len(found) != 1:
        return found
    ((key, value),) = found.items()
    if key == CONDITION:
        return Condition(value[0], _node(value[1]))
    return Decimal(value) if key == NUMBER else Bare(value) if key == BARE else found


def _node(told: Any) -> Node:
    if len(told) == 2:
        return Group(told[0], tuple(_node(part) for part in told[1]))
    field, op, value, column, bare = told
    return Comparison(field, op, tuple(value) if isinstance(value, list) else value, column, bare)


def _told(value: Any, key: str = "") -> Any:
    """A part of the document as JSON has it."""
    if isinstance(value, dict):
        if any(mark in value for mark in (CONDITION, NUMBER, BARE)):
            raise TypeError(str(value))
        return {name: _told(part, name) for name, part in value.items()}
    if isinstance(value, list):
        return [_told(part) for part in value]
    if key in CONDITIONS and isinstance(value, str):
        return _condition(value)
    return value


def _condition(text: str) -> Any:
    """A condition with its tree; the text where it is none, or where the tree would not be the same."""
    from oppcli.rules.syntax import syntax
    from oppcli.words.conditions import Unreadable

    if text.strip() == "always":
        return text
    try:
        node = syntax(text)
        told = {CONDITION: [text, _told_node(node)]}
    except (Unreadable, TypeError):
        return text
    return told


def _told_node(node: Node) -> list[Any]:
    if isinstance(node, Group):
        return [node.op, [_told_node(part) for part in node.parts]]
    value = node.value
    told = [_literal(each) for each in value] if isinstance(value, tuple) else _literal(value)
    return [node.field, node.op, told, node.column, node.bare]


def _literal(value: Any) -> Any:
    """A value in a condition. Raises `TypeError` for one whose meaning depends on more than its digits."""
    if type(value) is Decimal:
        return {NUMBER: str(value)}
    if type(value) is Bare:
        return {BARE: str(value)}
    if value is None or type(value) in (str, bool):
        return value
    raise TypeError(type(value).__name__)


def _texts(value: Any) -> Any:
    """The document with the texts of its conditions, as TOML has it."""
    if isinstance(value, Condition):
        return value.text
    if isinstance(value, dict):
        return {name: _texts(part) for name, part in value.items()}
    return [_texts(part) for part in value] if isinstance(value, list) else value


def _exact(value: Any) -> float:
    """A decimal as JSON writes it; who reads it back sees whether it is still the same."""
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(type(value).__name__)
