"""Fields in a condition by what people call them, 金额 for amount: one reader for `-w` and for policies."""

from collections.abc import Collection, Mapping

from oppcli.model.conditions import comparisons
from oppcli.model.policy import ALWAYS
from oppcli.rules.syntax import syntax
from oppcli.tuples import NamedTuple
from oppcli.words.conditions import Unreadable
from oppcli.words.named import folded, understood

Titles = Mapping[str, Collection[str]]
"""Field → what else it is called."""


class Called(NamedTuple):
    """What fields are called in one condition."""

    names: tuple[str, ...] = ()
    """Names and titles that stand in it, in several words, too (`syntax`): in `'报价' == stage` the field is what has
    no quotes, whatever else is called 报价."""
    meant: Mapping[str, str] = {}
    """What was typed → its field."""


def called(text: str, titles: Titles, known: Collection[str]) -> Called:
    """The fields that a condition names otherwise than they are `known`; none where it cannot be read. Refused
    (`Ambiguous`) for what several are called."""
    typed = folded(text)
    words = {word for name, others in titles.items() for word in (name, *others) if folded(word) in typed}
    names = tuple(sorted(words))
    try:
        asked = {each.field for each in comparisons(syntax(text, names))} - {*known}
    except Unreadable:
        return Called()
    return Called(names, {word: name for word in asked if (name := understood(word, titles, titles.__getitem__))})


def by_name(text: str, titles: Titles) -> str:
    """The condition with each field by its name; the text itself where it is read without, or not at all. Refused
    (`Ambiguous`) for what several fields are called."""
    if _reads_without(text, titles) or not (found := called(text, titles, titles)).meant:
        return text
    places = {(each.column - 1, each.field) for each in comparisons(syntax(text, found.names))}
    for place, typed in sorted(places, reverse=True):
        if typed in found.meant:
            quoted = 2 * (not text.startswith(typed, place))
            text = f"{text[:place]}{found.meant[typed]}{text[place + len(typed) + quoted :]}"
    return text


def _reads_without(text: str, known: Collection[str]) -> bool:
    """Whether the condition names fields by their names only, whatever its values and words are the titles of."""
    try:
        return all(each.field in known or each.field == ALWAYS.text for each in comparisons(syntax(text)))
    except Unreadable:
        return False
