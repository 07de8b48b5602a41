"""Parts of the sentences of a policy: numbers, names, several things in a row, which every language tells in its own
way."""

from collections.abc import Iterable
from decimal import Decimal
from functools import reduce

from oppcli.model.said import Word, listed, say
from oppcli.words import numbers
from oppcli.words.short import UNITS


def number(value: Decimal) -> Word:
    """A number as people write it: `500,000`, `50万`."""
    return Word("number", format(value.normalize(), ",f"), _in_units(value))


def _in_units(value: Decimal) -> str:
    """By the largest unit that loses no digit."""
    for size, name in UNITS["zh"]:
        if abs(value) >= size and (value / size * 100) % 1 == 0:
            return f"{numbers.shown(value / size)}{name}"
    return numbers.shown(value)


def both(words: Iterable[str]) -> str:
    """`a, b and c`; one alone as it is."""
    *first, last = tuple(words) or ("",)
    return say("{first} and {last}", first=listed(first), last=last) if first else last


def either(words: Iterable[str]) -> str:
    """`a, b or c`; one alone as it is."""
    *first, last = tuple(words) or ("",)
    return say("{first} or {last}", first=listed(first), last=last) if first else last


def running(sentences: Iterable[str]) -> str:
    """Sentences in one line."""
    return reduce(lambda one, more: say("{sentence} {more}", sentence=one, more=more), sentences)


def name(of: str) -> str:
    """The name of a person, a role or a value inside a sentence: Chinese puts it into quotes."""
    return say("{quoted}", quoted=of)
