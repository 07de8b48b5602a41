"""Conditions as clauses of a sentence, in whatever language has the words: one skeleton for all of them."""

from collections.abc import Mapping
from decimal import Decimal
from functools import reduce

from oppcli.policy.vocabulary import Vocabulary
from oppcli.rules.syntax import EMPTINESS, IS_EMPTY, NOT_EMPTY, Comparison, Node, without_not, yes_or_no
from oppcli.tuples import NamedTuple

_COMPARED = {
    ">": "{field} is more than {value}",
    ">=": "{field} is at least {value}",
    "<": "{field} is less than {value}",
    "<=": "{field} is at most {value}",
    "==": "{field} is {value}",
    "!=": "{field} is not {value}",
    "in": "{field} is one of {values}",
    "not in": "{field} is none of {values}",
    IS_EMPTY: "{field} is empty",
    NOT_EMPTY: "{field} is not empty",
}
_DATES = {
    ">": "{field} is after {value}",
    ">=": "{field} is on or after {value}",
    "<": "{field} is before {value}",
    "<=": "{field} is on or before {value}",
}
_TEXTS = {"==": "{field} is {text}", "!=": "{field} is not {text}"}
_JOINED = {"and": "{one} and {other}", "or": "{one} or {other}"}
_NESTED = {"and": "both {it}", "or": "either {it}"}


class Clauses(NamedTuple):
    """How the conditions of one policy are said in one language."""

    words: Vocabulary
    titles: Mapping[str, str]
    """What the policy calls its fields."""
    kinds: Mapping[str, str]

    def field(self, name: str) -> str:
        """What a field (or `file:KIND`) is called: the policy's title, else a plain name."""
        if name.startswith("file:"):
            return self.words.say("a file “{kind}”", kind=name[5:])
        return self.titles.get(name) or self.words.fields.get(name) or name.replace("_", " ")

    def of(self, node: Node) -> str:
        """The clause of a condition, every `not` moved inwards."""
        return self._whole(without_not(node))

    def _whole(self, node: Node) -> str:
        if isinstance(node, Comparison):
            return self._comparison(node)
        template = _JOINED[node.op]
        return reduce(lambda one, other: self.words.say(template, one=one, other=other), map(self._part, node.parts))

    def _part(self, part: Node) -> str:
        said = self._whole(part)
        if isinstance(part, Comparison):
            return said
        simple = len(part.parts) == 2 and all(isinstance(inner, Comparison) for inner in part.parts)
        return self.words.say(_NESTED[part.op] if simple else "({it})", it=said)

    def _comparison(self, comparison: Comparison) -> str:
        name, op, value, *_ = comparison
        field, kind = self.field(name), self.kinds.get(name, "")
        if op in EMPTINESS:
            return self.words.say(_COMPARED[op], field=field)
        if isinstance(value, tuple) and len(value) > 1:
            values = self.words.list([self._value(each, kind) for each in value], "either")
            return self.words.say(_COMPARED[op], field=field, values=values)
        if isinstance(value, tuple):
            op, value = {"in": "==", "not in": "!="}[op], value[0]
        if isinstance(value, bool) or kind == "bool":
            value = yes_or_no(value)
            return self.words.say("{field} is yes" if value is (op == "==") else "{field} is no", field=field)
        said = self._value(value, kind)
        if isinstance(value, str) and kind != "date":
            return self.words.say(_TEXTS[op], field=field, text=said)
        template = _DATES.get(op) if kind == "date" else None
        return self.words.say(template or _COMPARED[op], field=field, value=said)

    def _value(self, value: Decimal | str, kind: str) -> str:
        if isinstance(value, Decimal):
            number = self.words.number(value)
            return self.words.say("{number} %", number=number) if kind == "percent" else number
        return value if kind == "date" else self.words.name(value)
