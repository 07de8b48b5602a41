"""Conditions as people say them, in English and Chinese, and what the built-in fields are called in Chinese."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from oppcli.model.fields import CHINESE_TITLES
from oppcli.rules.syntax import Comparison, Group, Node

_ENGLISH = {
    ">": "more than",
    ">=": "at least",
    "<": "less than",
    "<=": "at most",
    "==": "is",
    "!=": "is not",
    "in": "is one of",
    "not in": "is none of",
}
_ENGLISH_DATES = {">": "after", ">=": "on or after", "<": "before", "<=": "on or before"}
_CHINESE = {
    ">": "超过",
    ">=": "不低于",
    "<": "低于",
    "<=": "不超过",
    "==": "是",
    "!=": "不是",
    "in": "是",
    "not in": "不是",
}
_CHINESE_DATES = {">": "晚于", ">=": "不早于", "<": "早于", "<=": "不晚于"}
_OPPOSITE = {
    ">": "<=",
    ">=": "<",
    "<": ">=",
    "<=": ">",
    "==": "!=",
    "!=": "==",
    "in": "not in",
    "not in": "in",
}


def say(node: Node | None, lang: str, titles: Mapping[str, str], kinds: Mapping[str, str]) -> str:
    """The sentence of a tree, without a full stop; `always` for None."""
    if node is None:
        return "任何情况下" if lang == "zh" else "always"
    return _say(_without_not(node), lang, titles, kinds)


def title_of(field: str, lang: str, titles: Mapping[str, str]) -> str:
    """What a field (or `file:KIND`) is called: the policy's title, else a plain name."""
    if field.startswith("file:"):
        return f"附件“{field[5:]}”" if lang == "zh" else f"a file “{field[5:]}”"
    return titles.get(field) or (CHINESE_TITLES.get(field) if lang == "zh" else None) or field.replace("_", " ")


def number(value: Decimal, lang: str) -> str:
    """A number as people write it: `500,000`, `50 万`."""
    if lang == "zh":
        for unit, name in ((Decimal(10**8), "亿"), (Decimal(10**4), "万")):
            if abs(value) >= unit and (value / unit * 100) % 1 == 0:
                return f"{_plain(value / unit)} {name}"
    return f"{_plain(value):s}" if lang == "zh" else f"{Decimal(_plain(value)):,}"


def field_near(word: str, kinds: Mapping[str, str]) -> str:
    """`, did you mean 'amount'?`, also for 金额."""
    from oppcli.words.spelling import did_you_mean

    by_title = next((name for name, title in CHINESE_TITLES.items() if title == word and name in kinds), None)
    return f", did you mean '{by_title}'?" if by_title else did_you_mean(word, kinds)


def _without_not(node: Node, *, negated: bool = False) -> Node:
    """The same condition without `not`: `not (a > 5 or b)` is `a <= 5 and not b`."""
    if isinstance(node, Comparison):
        return node._replace(op=_OPPOSITE[node.op]) if negated else node
    if node.op == "not":
        return _without_not(node.parts[0], negated=not negated)
    op = node.op if not negated else {"and": "or", "or": "and"}[node.op]
    return Group(op, tuple(_without_not(part, negated=negated) for part in node.parts))


def _say(node: Node, lang: str, titles: Mapping[str, str], kinds: Mapping[str, str]) -> str:
    if isinstance(node, Comparison):
        name, kind = title_of(node.field, lang, titles), kinds.get(node.field, "")
        return _chinese(node, name, kind) if lang == "zh" else _english(node, name, kind)
    said = [_nested(part, lang, titles, kinds) for part in node.parts]
    if lang == "zh":
        return ("，且" if node.op == "and" else "，或").join(said)
    return f" {node.op} ".join(said)


def _nested(part: Node, lang: str, titles: Mapping[str, str], kinds: Mapping[str, str]) -> str:
    text = _say(part, lang, titles, kinds)
    if isinstance(part, Comparison):
        return text
    if lang == "zh":
        return f"（{text}）"
    simple = len(part.parts) == 2 and all(isinstance(inner, Comparison) for inner in part.parts)
    return f"{'either' if part.op == 'or' else 'both'} {text}" if simple else f"({text})"


def _english(comparison: Comparison, name: str, kind: str) -> str:
    op, value = comparison.op, comparison.value
    if isinstance(value, bool):
        return f"{name} is {'yes' if value is (op == '==') else 'no'}"
    if isinstance(value, tuple):
        shown = [_value(item, "en", kind) for item in value]
        return f"{name} {_ENGLISH[op]} {_listed(shown, 'or')}" if len(shown) > 1 else _one(comparison, name, kind, "en")
    if op in ("==", "!="):
        return f"{name} {_ENGLISH[op]} {_value(value, 'en', kind)}"
    words = _ENGLISH_DATES if kind == "date" else _ENGLISH
    return f"{name} is {words[op]} {_value(value, 'en', kind)}"


def _chinese(comparison: Comparison, name: str, kind: str) -> str:
    op, value = comparison.op, comparison.value
    if isinstance(value, bool):
        return f"{name}为“{'是' if value is (op == '==') else '否'}”"
    if isinstance(value, tuple):
        if len(value) == 1:
            return _one(comparison, name, kind, "zh")
        return f"{name}{_CHINESE[op]}{'、'.join(_value(item, 'zh', kind) for item in value)}之一"
    words = _CHINESE_DATES if kind == "date" and op in _CHINESE_DATES else _CHINESE
    shown = _value(value, "zh", kind)
    return f"{name}{words[op]}{' ' if shown[0].isascii() else ''}{shown}"


def _one(comparison: Comparison, name: str, kind: str, lang: str) -> str:
    alone = comparison._replace(op="==" if comparison.op == "in" else "!=", value=comparison.value[0])
    return _chinese(alone, name, kind) if lang == "zh" else _english(alone, name, kind)


def _value(value: Any, lang: str, kind: str) -> str:
    if isinstance(value, Decimal):
        return number(value, lang) + (" %" if kind == "percent" else "")
    quotes = "“”" if lang == "zh" and kind != "date" else ("", "")
    return f"{quotes[0]}{value}{quotes[1]}"


def _listed(words: list[str], last: str) -> str:
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else words[0]


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")
