"""Fields in a condition by what people call them, 金额 for amount: one reader for `-w` and for policies."""

from collections.abc import Collection, Mapping

from oppcli.model.conditions import comparisons
from oppcli.rules.syntax import syntax
from oppcli.tuples import NamedTuple
from oppcli.words.conditions import Unreadable
from oppcli.words.named import folded, understood

Titles = Mapping[str, Collection[str]]
"""Field → what else it is called."""


class Called(NamedTuple):
    """What fields are called in one condition."""

    names: tuple[str, ...] = ()
    """Titles that stand in it, in several words, too (`syntax`)."""
    meant: Mapping[str, str] = {}
    """What was typed → its field."""


def called(text: str, titles: Titles, known: Collection[str]) -> Called:
    """The fields that a condition names otherwise than they are `known`; none where it cannot be read. Refused
    (`Ambiguous`) for what several are called."""
    typed = folded(text)
    names = tuple({title for others in titles.values() for title in others if folded(title) in typed})
    try:
        asked = {each.field for each in comparisons(syntax(text, names))} - {*known}
    except Unreadable:
        return Called()
    return Called(names, {word: name for word in asked if (name := understood(word, titles, titles.__getitem__))})


def by_name(text: str, titles: Titles) -> str:
    """The condition with each field by its name; the text itself where it is read without, or not at all. Refused
    (`Ambiguous`) for what several fields are called."""
    found = called(text, titles, titles)
    if not found.meant:
        return text
    places = {(each.column - 1, each.field) for each in comparisons(syntax(text, found.names))}
    for place, typed in sorted(places, reverse=True):
        if typed in found.meant:
            quoted = 2 * (not text.startswith(typed, place))
            text = f"{text[:place]}{found.meant[typed]}{text[place + len(typed) + quoted :]}"
    return text
