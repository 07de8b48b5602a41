"""Conditions of a file that name fields as people call them: from here on they name them by their names."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from oppcli.errors import Ambiguous
from oppcli.model.fields import BUILT_IN, Field, of
from oppcli.model.said import Word, label, listed
from oppcli.rules.gate_words import CONDITION, wanted

if TYPE_CHECKING:
    from oppcli.rules.field_titles import Titles
    from oppcli.toml import shape

DEAL, NOUNS = "deal", ("customer", "contact")
DEALS_FIRST, CUSTOMERS_FIRST = (DEAL, *NOUNS), (*NOUNS, DEAL)
"""Whose the field is that several call so."""
OF_CUSTOMERS = ("tier",)
"""Tables whose conditions are of customers; in all others what a deal's field is called goes before."""


def by_names(doc: dict[str, Any], text: str, met: set[str] | None = None) -> dict[str, Any]:
    """The document of this text with each condition as fields are named; what cannot be read stays as it is. In `met`
    are noted the fields that were called otherwise."""
    tables = doc.get("fields")
    of_deals, of_customers = _titles(tables, DEALS_FIRST), _titles(tables, CUSTOMERS_FIRST)
    if not any(title in text for others in of_deals.values() for title in others):
        return doc
    from oppcli.policy.shape import SHAPE
    from oppcli.rules.field_titles import by_name, called
    from oppcli.toml import shape
    from oppcli.words.named import folded

    typed = {folded(title) for others in of_deals.values() for title in others}

    def named(titles: "Titles", holds: "shape.Shape", value: Any) -> Any:
        if holds is shape.WORDS and isinstance(value, list):
            return [named(titles, holds, each) for each in value]
        is_one = holds is shape.CONDITION or (holds is shape.WORDS and wanted(str(value)).kind == CONDITION)
        if not is_one or not isinstance(value, str) or not any(map(folded(value).__contains__, typed)):
            return value
        try:
            plain = by_name(value, titles)
            if met is not None and plain != value:
                met.update(called(value, titles, titles).meant.values())
            return plain
        except Ambiguous:  # told in the review, with all of them: `titled`
            return value

    found: dict[str, Any] = {}
    for key, value in doc.items():
        titles = of_customers if key in OF_CUSTOMERS else of_deals
        found |= shape.changed({key: value}, SHAPE, partial(named, titles))
    return found


def in_words(changes: tuple[Any, ...], old: str, new: str) -> tuple[Any, ...]:
    """What changed between the policies of these texts (`comparing.Change`): a field that conditions of a text call
    otherwise than by its name is told of it as people call it who read it."""
    was, now = _words(old), _words(new)
    return tuple(each._replace(before=_told(each.before, was), after=_told(each.after, now)) for each in changes)


def _words(text: str) -> Mapping[str, Word]:
    """Field → what people call it, of those that conditions of a policy call otherwise."""
    from oppcli.toml.reading import known

    doc, met = known(text), set[str]()
    by_names(doc, text, met)
    own = {name: title for noun in (DEAL, *NOUNS) for name, title in _own(noun, doc.get("fields"))}
    return {name: label(name, own.get(name, "")) for name in met}


def _told(said: str | None, words: Mapping[str, Word]) -> str | None:
    if not said or not words:
        return said
    names, compared = "|".join(map(re.escape, words)), r"\s*(?:[<>=!]|(?:not )?in\b|is\b)"
    return listed((words.get(part, part) for part in re.split(rf"(?<![\w'\"])({names})(?={compared})", said)), "")


def titled(word: str, tables: Any, key: str) -> tuple[str, ...]:
    """The fields that are called so in conditions of a table of the file."""
    from oppcli.words.named import folded

    titles = _titles(tables, CUSTOMERS_FIRST if key in OF_CUSTOMERS else DEALS_FIRST)
    return tuple(name for name, others in titles.items() if folded(word) in map(folded, others))


def _titles(tables: Any, nouns: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Field → what it is called in Chinese, and by the team. What fields of several of the nouns are called is the
    field's of the first."""
    found: dict[str, tuple[str, ...]] = {}
    for noun in nouns:
        taken = {title for others in found.values() for title in others}
        for name, title in (*((field.name, field.zh) for field in _built_in(noun)), *_own(noun, tables)):
            found[name] = (*found.get(name, ()), *([title] if title and title not in taken else []))
    return found


def _built_in(noun: str) -> Iterable[Field]:
    return BUILT_IN.values() if noun == DEAL else of(noun)


def _own(noun: str, tables: Any) -> Iterator[tuple[str, str]]:
    """The fields of a noun that the file tells of, with their titles."""
    tables = tables if isinstance(tables, Mapping) else {}
    rows = {name: each for name, each in tables.items() if name not in NOUNS} if noun == DEAL else tables.get(noun)
    for name, table in rows.items() if isinstance(rows, Mapping) else ():
        if isinstance(table, Mapping):
            title = table.get("title")
            yield name, title if isinstance(title, str) else ""
