"""Conditions as clauses of a sentence, each of which a language tells in its own way."""

from collections.abc import Mapping
from decimal import Decimal
from functools import reduce

from oppcli.model.conditions import EMPTINESS, IS_EMPTY, NOT_EMPTY, Comparison, Node
from oppcli.model.deals import KINDS
from oppcli.model.fields import BUILT_IN
from oppcli.model.follow import ACTIVITY_KINDS
from oppcli.model.said import Word, label, listed, say
from oppcli.model.spaces import KINDS as DOTTED
from oppcli.policy import phrases
from oppcli.rules.conditions import yes_or_no
from oppcli.rules.gate_words import CONDITION, wanted
from oppcli.rules.relation_facts import OF_CUSTOMERS, OF_DEALS
from oppcli.rules.syntax import syntax, without_not
from oppcli.tuples import NamedTuple

_COMPARED = {
    ">": say("{field} is more than {value}"),
    ">=": say("{field} is at least {value}"),
    "<": say("{field} is less than {value}"),
    "<=": say("{field} is at most {value}"),
    "==": say("{field} is {value}"),
    "!=": say("{field} is not {value}"),
    "in": say("{field} is one of {values}"),
    "not in": say("{field} is none of {values}"),
    IS_EMPTY: say("{field} is empty"),
    NOT_EMPTY: say("{field} is not empty"),
}
_DATES = {
    ">": say("{field} is after {value}"),
    ">=": say("{field} is on or after {value}"),
    "<": say("{field} is before {value}"),
    "<=": say("{field} is on or before {value}"),
}
_TEXTS = {
    "==": say("{field} is {text}"),
    "!=": say("{field} is not {text}"),
    "in": say("{field} is one of {texts}"),
    "not in": say("{field} is none of {texts}"),
}
_WORDS = {
    "file": say("a file “{it}”"),
    "task": say("the task “{it}” done"),
    "contact": say("a contact in the role “{it}”"),
    "activity": say("an activity of the kind “{it}”"),
    "customer": say("the customer's “{it}”"),
    "stage": say("to have been in “{it}”"),
    "touch": say("a touch"),
    "survey": say("an answer to the survey"),
}
_FACTS = frozenset((*OF_DEALS, *OF_CUSTOMERS, *DOTTED))
_JOINED = {"and": say("{one} and {other}"), "or": say("{one} or {other}")}
_NESTED = {"and": say("both {it}"), "or": say("either {it}")}


class Clauses(NamedTuple):
    """How the conditions of one policy are said."""

    titles: Mapping[str, str]
    """What the policy calls its fields."""
    kinds: Mapping[str, str]

    def field(self, name: str) -> str:
        """What a field is called: the policy's title, else a plain name. Other words of a gate are said."""
        found = wanted(name, self.kinds)
        if found.kind == CONDITION:
            return say("that {it}", it=self.of(syntax(name)))
        if found.kind in _WORDS:
            activity = found.kind == "activity" and found.name in ACTIVITY_KINDS
            return _WORDS[found.kind].filled(it=Word("activity", found.name) if activity else found.name)
        plain = name.replace("_", " ")
        return self.titles.get(name) or (label(plain) if name in BUILT_IN or name in _FACTS else plain)

    def of(self, node: Node) -> str:
        """The clause of a condition, every `not` moved inwards."""
        return self._whole(without_not(node))

    def _whole(self, node: Node) -> str:
        if isinstance(node, Comparison):
            return self._comparison(node)
        joined = _JOINED[node.op]
        return reduce(lambda one, other: joined.filled(one=one, other=other), map(self._part, node.parts))

    def _part(self, part: Node) -> str:
        said = self._whole(part)
        if isinstance(part, Comparison):
            return said
        simple = len(part.parts) == 2 and all(isinstance(inner, Comparison) for inner in part.parts)
        return _NESTED[part.op].filled(it=said) if simple else say("({it})", it=said)

    def _comparison(self, comparison: Comparison) -> str:
        name, op, value, *_ = comparison
        field, kind = self.field(name), self.kinds.get(name, "")
        if op in EMPTINESS:
            return _COMPARED[op].filled(field=field)
        if isinstance(value, tuple) and len(value) > 1:
            values = [self._value(each, kind) for each in value]
            if isinstance(value[0], str):
                return _TEXTS[op].filled(field=field, texts=phrases.either(values))
            *first, last = values
            numbers = say("{numbers} or {number}", numbers=listed(first), number=last)
            return _COMPARED[op].filled(field=field, values=numbers)
        if isinstance(value, tuple):
            op, value = {"in": "==", "not in": "!="}[op], value[0]
        if isinstance(value, bool) or kind == "bool":
            yes = yes_or_no(value) is (op == "==")
            return say("{field} is yes", field=field) if yes else say("{field} is no", field=field)
        said = phrases.name(Word("kind", value)) if name == "kind" and value in KINDS else self._value(value, kind)
        if isinstance(value, str) and kind != "date":
            return _TEXTS[op].filled(field=field, text=said)
        template = _DATES.get(op) if kind == "date" else None
        return (template or _COMPARED[op]).filled(field=field, value=said)

    def _value(self, value: Decimal | str, kind: str) -> str:
        if isinstance(value, Decimal):
            number = phrases.number(value)
            return say("{number} %", number=number) if kind == "percent" else number
        return value if kind == "date" else phrases.name(value)
